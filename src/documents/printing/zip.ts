/** Creates a zip file with the PDFs of several documents, while it is read. */
import { Zip, ZipPassThrough } from 'fflate';

import { documentPdf, type PrintedDocument } from './document-pdf.ts';

/** A document with its file name. */
export interface NamedDocument extends PrintedDocument {
  readonly fileName: string;
}

/** Yields the zip, a chunk per document. PDFs are already compressed and stored as they are. */
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

/** Characters reserved in file names on some system. */
const reserved = /[\p{Cc}\p{Cf}<>:"/\\|?*]/gu;

const plainText = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(reserved, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, '');

/** Returns `Reyes-Ana-IEP-Cover-Page-2026-11-29`, without extension, for a document that is saved on its own. */
export const toSavedName = (parts: readonly (string | null)[]): string =>
  parts
    .filter((part) => part !== null)
    .map((part) =>
      Array.from(plainText(part).replaceAll(/[\s()]+/g, '-'))
        .slice(0, 60)
        .join(''),
    )
    .join('-')
    .replaceAll(/-{2,}/g, '-')
    .replaceAll(/^-|-$/g, '');

/** Returns `Reyes Ana 104117 Consent for Evaluation 5512.pdf`; the document's id makes it unique. */
export function toFileName(parts: readonly (string | null)[], id: number): string {
  const text = plainText(parts.filter((part) => part !== null).join(' '));
  // A name may have 255 bytes, and a character up to four.
  return `${Array.from(text).slice(0, 55).join('')} ${id}.pdf`.trim();
}
