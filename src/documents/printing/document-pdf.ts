/**
 * Documents as accessible PDFs, tagged, with title, language and embedded fonts.
 *
 * This folder prints documents as PDF or zip, in threads.
 */
import PdfKit from 'pdfkit';

import type { DocumentField } from '../../contract/documents/documents.ts';
import type { FormTemplate } from '../../contract/documents/form-template.ts';
import {
  addFooters,
  fontPaths,
  type Letterhead,
  margin,
  Page,
  type Pdf,
  mutedColor,
} from './page.ts';
import { defaultProductName } from '../../contract/product-name.ts';

/** The input for the pages of a document. */
export interface PrintedDocument {
  readonly form: FormTemplate;
  readonly fields: readonly DocumentField[];
  readonly districtName: string;
  readonly studentName: string;
  /** The footer of every page: status and version. */
  readonly footer: string;
  readonly letterhead?: Letterhead | undefined;
}

/** Several documents in one file. */
export interface PrintedTogether {
  readonly title: string;
  readonly districtName: string;
  readonly opensPrintDialog?: boolean | undefined;
  readonly documents: AsyncIterable<PrintedDocument>;
}

/**
 * Returns the PDF of one document. A character that the font lacks is drawn as □, remains searchable (ActualText), and
 * is listed by its code point at the end of the document.
 */
export async function documentPdf(printed: PrintedDocument): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const { districtName } = printed;
  const documents = (async function* () {
    await Promise.resolve();
    yield printed;
  })();
  const file = documentsPdf({ title: pdfTitle(printed), districtName, documents });
  for await (const chunk of file) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** Yields the PDF of all documents, each on its own pages; each document is released when it is finished. */
export async function* documentsPdf({
  title,
  districtName,
  opensPrintDialog = false,
  documents,
}: PrintedTogether): AsyncGenerator<Uint8Array> {
  const pdf = openPdf(title, districtName);
  if (opensPrintDialog) openPrintDialog(pdf);
  const root = pdf.struct('Document');
  pdf.addStructure(root);
  for await (const printed of documents) {
    pdf.addPage();
    pdf.outline.addItem(pdfTitle(printed));
    const part = pdf.struct('Sect');
    root.add(part);
    drawDocument(new Page(pdf, part), printed);
    part.end();
    addFooters(pdf, printed.footer);
    pdf.flushPages();
    yield* readChunk(pdf);
  }
  root.end();
  pdf.end();
  for await (const chunk of pdf) yield chunk as Uint8Array;
}

/** Returns the title of a document's PDF. */
export const pdfTitle = ({
  form,
  studentName,
}: Pick<PrintedDocument, 'form' | 'studentName'>): string => `${form.title}: ${studentName}`;

function openPdf(title: string, author: string): Pdf {
  // The types of PDFKit do not know PDF/UA yet.
  const settings: Omit<PDFKit.PDFDocumentOptions, 'subset'> & { readonly subset: string } = {
    size: 'LETTER',
    margins: { top: margin, bottom: margin + 18, left: margin, right: margin },
    tagged: true,
    pdfVersion: '1.7',
    subset: 'PDF/UA',
    lang: 'en-US',
    displayTitle: true,
    bufferPages: true,
    autoFirstPage: false,
    font: fontPaths.regular,
    info: { Title: title, Author: author, Creator: defaultProductName },
  };
  return new PdfKit(settings as PDFKit.PDFDocumentOptions);
}

/** Chrome, Edge and Firefox run this action; other viewers only show the PDF. */
function openPrintDialog(pdf: Pdf): void {
  // The types of PDFKit do not have the document's catalog.
  const { _root: catalog } = pdf as unknown as {
    readonly _root: { readonly data: Record<string, unknown> };
  };
  catalog.data['OpenAction'] = { S: 'JavaScript', JS: new String('this.print(true);') };
}

/** Yields the output that the PDF has ready. */
function* readChunk(pdf: Pdf): Generator<Uint8Array> {
  const chunk = pdf.read() as Uint8Array | null;
  if (chunk !== null) yield chunk;
}

function drawDocument(page: Page, printed: PrintedDocument): void {
  const { form, fields, districtName, studentName, letterhead } = printed;
  const hasLetterhead = letterhead && (letterhead.lines.length > 0 || letterhead.logo !== null);
  if (hasLetterhead) page.letterhead(letterhead, districtName);
  page.heading('H1', form.title, 18);
  page.paragraph(`${districtName} · ${studentName}`, { color: mutedColor, after: 10 });
  const values = new Map(fields.map((field) => [field.key, field.value]));
  for (const section of form.sections) {
    page.heading('H2', section.title, 13);
    for (const paragraph of section.introduction ?? []) page.paragraph(paragraph, { after: 6 });
    for (const field of section.fields) {
      page.field(field, values.get(field.key) ?? null, section.title);
    }
  }
  page.missingGlyphs();
}
