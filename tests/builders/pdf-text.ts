/** Reads a PDF: its text, structure, language and title. */
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** Contents of a PDF. */
export interface ReadPdf {
  readonly text: string;
  readonly pages: number;
  readonly title: unknown;
  readonly language: unknown;
  readonly isTagged: boolean;
  /** The roles of all structure elements, in reading order. */
  readonly roles: readonly string[];
}

/** Reads a whole PDF; words are separated by one space. */
export async function readPdf(data: Uint8Array): Promise<ReadPdf> {
  const task = getDocument({ data: new Uint8Array(data), verbosity: 0 });
  const pdf = await task.promise;
  const roles: string[] = [];
  const texts: string[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    texts.push(...items.map((item) => ('str' in item ? item.str : '')));
    roles.push(...listRoles(await page.getStructTree()));
  }
  const info = (await pdf.getMetadata()).info as Readonly<Record<string, unknown>>;
  // A map in this version, unlike its types.
  const marks: unknown = await pdf.getMarkInfo();
  const read = {
    text: texts.join(' ').replaceAll(/\s+/g, ' '),
    pages: pdf.numPages,
    title: info['Title'],
    language: info['Language'],
    isTagged: marks instanceof Map && marks.get('Marked') === true,
    roles,
  };
  await task.destroy();
  return read;
}

function listRoles(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { role, children } = node as { readonly role?: string; readonly children?: unknown[] };
  return [...(role === undefined ? [] : [role]), ...(children ?? []).flatMap(listRoles)];
}
