/** Many documents as PDFs in one zip file, made while it is read. */
import { Zip, ZipPassThrough } from 'fflate';

import { documentPdf, type PrintedDocument } from './document-pdf.ts';

/** A document with the name of its file. */
export interface NamedDocument extends PrintedDocument {
  readonly fileName: string;
}

/** The zip, a piece after each document. PDFs are compressed already and are packed as they are. */
export async function* documentsZip(
  documents: AsyncIterable<NamedDocument>,
): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let zipError: Error | undefined;
  const zip = new Zip((error, chunk) => {
    if (error) zipError = error;
    else ready.push(chunk);
  });
  const takeChunks = () => {
    if (zipError) throw zipError;
    const chunks = ready;
    ready = [];
    return chunks;
  };
  for await (const document of documents) {
    const file = new ZipPassThrough(document.fileName);
    zip.add(file);
    file.push(await documentPdf(document), true);
    yield* takeChunks();
  }
  zip.end();
  yield* takeChunks();
}

/** Reserved in names of files on one system or another. */
const reserved = /[\p{Cc}\p{Cf}<>:"/\\|?*]/gu;

/** `Reyes Ana 104117 Consent for evaluation 5512.pdf`; the number of the document makes it the only one. */
export function toFileName(parts: readonly (string | null)[], id: number): string {
  const text = parts
    .filter((part) => part !== null)
    .join(' ')
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(reserved, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, '');
  // A name may have 255 bytes; a character at most four.
  return `${Array.from(text).slice(0, 55).join('')} ${id}.pdf`.trim();
}
