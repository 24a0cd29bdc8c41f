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

const pieceBytes = 64 * 1024;

/** PDFKit writes in very small pieces; each one sent by itself would cost more than what is in it. */
async function* inPieces(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let ready: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    ready.push(chunk);
    size += chunk.length;
    if (size < pieceBytes) continue;
    yield joined(ready, size);
    ready = [];
    size = 0;
  }
  if (size > 0) yield joined(ready, size);
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let place = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, place);
    place += chunk.length;
  }
  return bytes;
}

const { title, districtName } = order;
const file =
  order.as === 'zip'
    ? documentsZip(asked())
    : documentsPdf({ title, districtName, documents: asked() });
for await (const bytes of inPieces(file)) say({ kind: 'bytes', bytes }, [bytes.buffer]);
say({ kind: 'end' });
port.close();
