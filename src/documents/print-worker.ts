/** The thread that makes PDFs of many documents, so that nobody else waits meanwhile (see printing.ts). */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';

import { documentsPdf } from './document-pdf.ts';
import { documentsZip, type NamedDocument } from './documents-zip.ts';
import type { PrintMessage, PrintOrder, PrintPart } from './printing.ts';

const port = parentPort;
if (port === null) throw new Error('This file runs as a thread of printing.ts');
const order = workerData as PrintOrder;
const say = (message: PrintMessage, moved: ArrayBuffer[] = []) => port.postMessage(message, moved);

/** Asks for documents as they are needed, so that none lies in memory before its time. */
async function* asked(): AsyncGenerator<NamedDocument> {
  for (;;) {
    const answered = once(port as NonNullable<typeof port>, 'message');
    say({ kind: 'more' });
    const [part] = (await answered) as [PrintPart];
    if (part.length === 0) return;
    yield* part.map((document) => ({
      ...document,
      letterhead: order.letterhead && {
        lines: order.letterhead.lines,
        logo: order.letterhead.logo && Buffer.from(order.letterhead.logo),
      },
    }));
  }
}

const { title, districtName } = order;
const file =
  order.as === 'zip'
    ? documentsZip(asked())
    : documentsPdf({ title, districtName, documents: asked() });
for await (const chunk of file) {
  // A copy of its own: what PDFKit gives may be a part of a buffer that it goes on to use.
  const bytes = new Uint8Array(chunk);
  say({ kind: 'bytes', bytes }, [bytes.buffer]);
}
say({ kind: 'end' });
port.close();
