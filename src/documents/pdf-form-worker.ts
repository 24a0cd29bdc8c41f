/** The thread in which PDFs and pictures from outside are opened, so that none of them holds up or ends the server (see pdf-form-thread.ts). */
import { parentPort, workerData } from 'node:worker_threads';

import { tryLogo } from './logo-file.ts';
import { readPdfForm } from './pdf-form-file.ts';
import { fillPdf } from './pdf-form-filling.ts';
import type { PdfFormAnswer, PdfFormOrder } from './pdf-form-thread.ts';

const order = workerData as PdfFormOrder;

async function answerOf(): Promise<PdfFormAnswer> {
  if (order.task === 'read') {
    const read = await readPdfForm(order.file);
    return typeof read === 'string' ? { refused: read } : { read };
  }
  if (order.task === 'logo') return { logo: { problem: await tryLogo(order.file) } };
  return { filled: await fillPdf(order.file, order.settings) };
}

const answer = await answerOf();
parentPort?.postMessage(answer, []);
