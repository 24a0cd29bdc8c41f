/** The thread that opens uploaded PDFs and images, so that they can't block or crash the server (see thread.ts). */
import { parentPort, workerData } from 'node:worker_threads';

import { tryLogo } from '../printing/logo.ts';
import { readPdfForm } from './file.ts';
import { fillPdf } from './filling.ts';
import type { PdfThreadResult, PdfThreadOptions } from './thread.ts';

const options = workerData as PdfThreadOptions;

async function runTask(): Promise<PdfThreadResult> {
  if (options.task === 'read') {
    const read = await readPdfForm(options.file);
    return typeof read === 'string' ? { problem: read } : { read };
  }
  if (options.task === 'logo') return { logo: { problem: await tryLogo(options.file) } };
  return { filled: await fillPdf(options.file, options.settings) };
}

const result = await runTask();
parentPort?.postMessage(result, []);
