/** The printing thread, so that large prints do not block the server (see thread.ts). */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';

import { documentsPdf } from './document-pdf.ts';
import { documentsZip, type NamedDocument } from './zip.ts';
import type { PrintMessage, PrintOptions, PrintPart } from './thread.ts';

const port = parentPort;
if (port === null) throw new Error('This file must be run as a thread by thread.ts');
const options = workerData as PrintOptions;
const post = (message: PrintMessage, moved: ArrayBuffer[] = []) => port.postMessage(message, moved);

/** Requests documents on demand, to limit memory. */
async function* requestDocuments(): AsyncGenerator<NamedDocument> {
  for (;;) {
    const response = once(port as NonNullable<typeof port>, 'message');
    post({ kind: 'more' });
    const [part] = (await response) as [PrintPart];
    if (part.length === 0) return;
    yield* part.map((document) => ({
      ...document,
      letterhead: options.letterhead && {
        lines: options.letterhead.lines,
        logo: options.letterhead.logo && Buffer.from(options.letterhead.logo),
      },
    }));
  }
}

const minChunkBytes = 64 * 1024;

/** Joins PDFKit's very small chunks, which are expensive to send one by one. */
async function* joinChunks(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let ready: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    ready.push(chunk);
    size += chunk.length;
    if (size < minChunkBytes) continue;
    yield concatenate(ready, size);
    ready = [];
    size = 0;
  }
  if (size > 0) yield concatenate(ready, size);
}

function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

const { title, districtName, opensPrintDialog } = options;
const file =
  options.as === 'zip'
    ? documentsZip(requestDocuments())
    : documentsPdf({ title, districtName, opensPrintDialog, documents: requestDocuments() });
for await (const bytes of joinChunks(file)) post({ kind: 'bytes', bytes }, [bytes.buffer]);
post({ kind: 'end' });
port.close();
