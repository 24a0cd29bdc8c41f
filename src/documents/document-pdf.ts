/** A document as an accessible PDF: tagged, titled, in its language, real text in embedded fonts. */
import { createRequire } from 'node:module';

import PdfKit from 'pdfkit';

import type { DocumentField } from '../contract/documents.ts';
import type { FieldValue, FormField, FormTemplate, PersonRow } from '../contract/form-template.ts';
import { type Glyphs, printable, unknownCharacters } from './printable-text.ts';

/** What a page is made of. */
export interface PrintedDocument {
  readonly form: FormTemplate;
  readonly fields: readonly DocumentField[];
  readonly districtName: string;
  readonly studentName: string;
  /** Below every page: state and version, in words. */
  readonly standing: string;
}

const require = createRequire(import.meta.url);
const fontPaths = {
  regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
};

const margin = 54;
const labelWidth = 150;
const gap = 12;
const ink = '#1b1d22';
const quiet = '#50555f';
const line = '#c3c7cf';

/**
 * The PDF. A character that the font lacks is drawn as □, stays itself for readers and searches (ActualText),
 * and is named by its number at the end of the document, so that nothing is lost unseen.
 */
export async function documentPdf(printed: PrintedDocument): Promise<Uint8Array<ArrayBuffer>> {
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
    font: fontPaths.regular,
    info: {
      Title: `${printed.form.title}: ${printed.studentName}`,
      Author: printed.districtName,
      Creator: 'Daybreak',
    },
  };
  const pdf = new PdfKit(settings as PDFKit.PDFDocumentOptions);
  const whole = collected(pdf);
  pdf.registerFont('regular', fontPaths.regular).registerFont('bold', fontPaths.bold);
  const page = new Page(pdf);
  page.heading('H1', printed.form.title, 18);
  page.paragraph(`${printed.districtName} · ${printed.studentName}`, { color: quiet, after: 10 });
  const values = new Map(printed.fields.map((field) => [field.key, field.value]));
  for (const section of printed.form.sections) {
    page.heading('H2', section.title, 13);
    for (const words of section.words ?? []) page.paragraph(words, { after: 6 });
    for (const field of section.fields) page.field(field, values.get(field.key) ?? null);
  }
  page.missingGlyphs();
  page.end();
  addFooters(pdf, printed.standing);
  pdf.end();
  return whole;
}

async function collected(pdf: InstanceType<typeof PdfKit>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of pdf) chunks.push(chunk as Uint8Array);
  return new Uint8Array(Buffer.concat(chunks));
}

/** Page numbers stand outside of what is read aloud. */
function addFooters(pdf: InstanceType<typeof PdfKit>, standing: string): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let index = start; index < start + count; index++) {
    pdf.switchToPage(index);
    pdf.page.margins.bottom = 0;
    pdf.markContent('Artifact', { type: 'Pagination' });
    pdf
      .font('regular')
      .fontSize(8)
      .fillColor(quiet)
      .text(`${standing} · Page ${index + 1} of ${count}`, margin, pdf.page.height - margin, {
        width: pdf.page.width - 2 * margin,
        lineBreak: false,
      });
    pdf.endMarkedContent();
  }
}

type Tag = 'H1' | 'H2' | 'H3' | 'P' | 'TH' | 'TD';

interface TextOptions {
  readonly font?: 'regular' | 'bold';
  readonly size?: number;
  readonly color?: string;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
}

type Structure = ReturnType<InstanceType<typeof PdfKit>['struct']>;

/** The pen: knows where it is and into which part of the structure it writes. */
class Page {
  readonly #pdf: InstanceType<typeof PdfKit>;
  readonly #root: Structure;
  readonly #missing = new Set<string>();
  readonly #width: number;

  constructor(pdf: InstanceType<typeof PdfKit>) {
    this.#pdf = pdf;
    this.#root = pdf.struct('Document');
    this.#width = pdf.page.width - 2 * margin;
    pdf.addStructure(this.#root);
  }

  heading(tag: 'H1' | 'H2', text: string, size: number): void {
    const pdf = this.#pdf;
    if (tag === 'H2') pdf.y += 10;
    this.#room(70);
    this.#put(this.#root, tag, text, { font: 'bold', size });
    pdf.y += 3;
    if (tag === 'H2') this.#rule(margin, margin + this.#width);
    pdf.y += 4;
  }

  paragraph(text: string, { color = ink, after = 4 }): void {
    this.#room(24);
    this.#put(this.#root, 'P', text, { color });
    this.#pdf.y += after;
  }

  field(field: FormField, value: FieldValue): void {
    if (field.kind === 'people') this.#people(field, Array.isArray(value) ? value : []);
    else if (field.kind === 'signature') this.#signature(field.label, wordsOf(field, value));
    else this.#labeled(field.label, wordsOf(field, value));
  }

  /** Label to the left, value to the right, however many lines and pages it takes. */
  #labeled(label: string, value: string): void {
    const pdf = this.#pdf;
    const x = margin + labelWidth + gap;
    const width = this.#width - labelWidth - gap;
    pdf.font('regular').fontSize(10);
    const height = Math.max(
      pdf.heightOfString(label, { width: labelWidth }),
      pdf.heightOfString(printable(value, this.#glyphs()), { width }),
    );
    this.#room(Math.min(height + 6, 200));
    const top = pdf.y;
    const page = pdf.bufferedPageRange().count;
    this.#put(this.#root, 'P', label, {
      size: 9,
      color: quiet,
      x: margin,
      y: top,
      width: labelWidth,
    });
    const afterLabel = pdf.y;
    this.#put(this.#root, 'P', value === '' ? 'Not filled in' : value, {
      x,
      y: top,
      width,
      color: value === '' ? quiet : ink,
    });
    const isSamePage = pdf.bufferedPageRange().count === page;
    pdf.y = (isSamePage ? Math.max(pdf.y, afterLabel) : pdf.y) + 6;
    pdf.x = margin;
  }

  #signature(label: string, value: string): void {
    const pdf = this.#pdf;
    this.#room(56);
    pdf.y += 26;
    if (value !== '') this.#put(this.#root, 'P', value, { x: margin });
    const middle = margin + this.#width * 0.65;
    this.#rule(margin, middle);
    this.#rule(middle + gap, margin + this.#width);
    pdf.y += 3;
    const top = pdf.y;
    this.#put(this.#root, 'P', label, { size: 9, color: quiet, y: top, width: middle - margin });
    this.#put(this.#root, 'P', 'Date', { size: 9, color: quiet, x: middle + gap, y: top });
    pdf.y += 8;
    pdf.x = margin;
  }

  #people(field: Extract<FormField, { kind: 'people' }>, rows: readonly PersonRow[]): void {
    const pdf = this.#pdf;
    this.#room(60);
    this.#put(this.#root, 'P', field.label, { size: 9, color: quiet, x: margin });
    pdf.y += 2;
    if (rows.length === 0) {
      this.paragraph('Nobody is named.', { color: quiet, after: 6 });
      return;
    }
    const table = pdf.struct('Table');
    this.#root.add(table);
    const cells = (row: PersonRow) => field.columns.map(({ key }) => row[key] ?? '');
    this.#row(
      table,
      'TH',
      field.columns.map(({ label }) => label),
    );
    for (const row of rows) this.#row(table, 'TD', cells(row));
    table.end();
    pdf.y += 8;
    pdf.x = margin;
  }

  #row(table: Structure, tag: 'TH' | 'TD', cells: readonly string[]): void {
    const pdf = this.#pdf;
    const width = this.#width / cells.length;
    const font = tag === 'TH' ? 'bold' : 'regular';
    pdf.font(font).fontSize(9);
    const heights = cells.map((cell) =>
      pdf.heightOfString(printable(cell, this.#glyphs(font)) || ' ', { width: width - 6 }),
    );
    const height = Math.max(...heights) + 6;
    this.#room(height);
    const top = pdf.y;
    const row = pdf.struct('TR');
    table.add(row);
    for (const [index, cell] of cells.entries()) {
      const x = margin + index * width;
      this.#put(row, tag, cell, { font, size: 9, x, y: top + 2, width: width - 6 });
    }
    row.end();
    pdf.y = top + height;
    this.#rule(margin, margin + this.#width);
  }

  /** Says which characters were drawn as boxes. */
  missingGlyphs(): void {
    if (this.#missing.size === 0) return;
    this.#pdf.y += 12;
    const numbers = [...this.#missing].join(', ');
    this.paragraph(
      `The font of this PDF lacks some characters, drawn here as □ (${numbers}). The document in the app has them.`,
      { color: quiet },
    );
  }

  end(): void {
    this.#root.end();
  }

  #put(parent: Structure, tag: Tag, given: string, options: TextOptions): void {
    const pdf = this.#pdf;
    const { font = 'regular', size = 10, color = ink, width = this.#width } = options;
    pdf.font(font).fontSize(size);
    const glyphs = this.#glyphs(font);
    const text = printable(given, glyphs);
    const lost = unknownCharacters(given, glyphs);
    for (const one of lost) this.#missing.add(one);
    const [x, y] = [options.x ?? margin, options.y ?? pdf.y];
    const draw = () => {
      pdf.font(font).fontSize(size).fillColor(color);
      pdf.text(text === '' ? ' ' : text, x, y, { width, lineGap: 1 });
    };
    parent.add(pdf.struct(tag, lost.length === 0 ? {} : { actual: given }, draw));
  }

  /** A line that only pleases the eye. */
  #rule(from: number, to: number): void {
    const pdf = this.#pdf;
    pdf.markContent('Artifact', { type: 'Layout' });
    pdf.moveTo(from, pdf.y).lineTo(to, pdf.y).lineWidth(0.5).strokeColor(line).stroke();
    pdf.endMarkedContent();
  }

  /** Goes to the next page when less than this is left. */
  #room(height: number): void {
    const pdf = this.#pdf;
    if (pdf.y + height > pdf.page.height - pdf.page.margins.bottom) pdf.addPage();
  }

  #glyphs(font: 'regular' | 'bold' = 'regular'): Glyphs {
    const { _font: opened } = this.#pdf.font(font) as unknown as {
      readonly _font: { readonly font: FontFile };
    };
    return (codePoint) => opened.font.hasGlyphForCodePoint(codePoint);
  }
}

/** The font as PDFKit has opened it. */
interface FontFile {
  readonly hasGlyphForCodePoint: (codePoint: number) => boolean;
}

/** A value as it reads on paper. */
function wordsOf(field: FormField, value: FieldValue): string {
  if (typeof value !== 'string') return '';
  if (field.kind === 'date') {
    return Temporal.PlainDate.from(value).toLocaleString('en-US', { dateStyle: 'long' });
  }
  if (field.kind === 'yes-no') return value === 'yes' ? 'Yes' : 'No';
  return value;
}
