/** Draws the parts of a document on pages, all tagged: headings, labeled values, tables, signatures. */
import { createRequire } from 'node:module';

import type PdfKit from 'pdfkit';

import { formatLongDay } from '../../contract/day-format.ts';
import type { FieldValue, FormField, PersonRow } from '../../contract/documents/form-template.ts';
import { columnWidths } from './table-widths.ts';
import { type Glyphs, printable, unknownCharacters } from './printable-text.ts';

/** A PDF being written. */
export type Pdf = InstanceType<typeof PdfKit>;

/** An element of the structure that screen readers follow. */
export type Structure = ReturnType<Pdf['struct']>;

/** The letterhead above a document on its first page. */
export interface Letterhead {
  /** Name of the district, then address, phone and so on. */
  readonly lines: readonly string[];
  /** A PNG or JPEG. */
  readonly logo: Buffer | null;
}

const require = createRequire(import.meta.url);
// By path: for a registered name, PDFKit would reopen the font at every use.
export const fontPaths = {
  regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
};

export const margin = 54;
const labelWidth = 150;
const gap = 12;
const logoSize = 48;
const cellPadding = 6;
/** What is left out is filled in by hand: lines, and rows of people. */
const blankLineHeight = 20;
const maxBlankLines = 6;
const blankPeople = 3;
/** Characters of a cell that are measured; longer ones wrap in any case. */
const maxMeasured = 200;
const textColor = '#1b1d22';
export const mutedColor = '#50555f';
const ruleColor = '#c3c7cf';

/** Adds page numbers, which screen readers skip. */
export function addFooters(pdf: Pdf, footer: string): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let index = start; index < start + count; index++) {
    pdf.switchToPage(index);
    pdf.page.margins.bottom = 0;
    pdf.markContent('Artifact', { type: 'Pagination' });
    pdf
      .font(fontPaths.regular)
      .fontSize(8)
      .fillColor(mutedColor)
      .text(`${footer} · Page ${index - start + 1} of ${count}`, margin, pdf.page.height - margin, {
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

/** Draws at the current position and adds to the current structure element. */
export class Page {
  readonly #pdf: Pdf;
  readonly #root: Structure;
  readonly #missing = new Set<string>();
  readonly #width: number;

  /** Draws on the current page of `pdf`, within `root`. */
  constructor(pdf: Pdf, root: Structure) {
    this.#pdf = pdf;
    this.#root = root;
    this.#width = pdf.page.width - 2 * margin;
  }

  /** Draws the district's letterhead, with its logo to the left. */
  letterhead({ lines, logo }: Letterhead, districtName: string): void {
    const pdf = this.#pdf;
    const top = pdf.y;
    let left = margin;
    if (logo !== null) {
      const size: PDFKit.Mixins.ImageOption = { fit: [logoSize * 2, logoSize] };
      // As a data address: PDFKit recognizes a repeated image only by its address, and would embed bytes each time.
      const address = `data:image;base64,${logo.toString('base64')}`;
      const draw = () => pdf.image(address, margin, top, size);
      this.#root.add(pdf.struct('Figure', { alt: `Logo of ${districtName}` }, draw));
      left += logoSize * 2 + gap;
    }
    const width = margin + this.#width - left;
    pdf.y = top;
    for (const [index, text] of lines.entries()) {
      const style =
        index === 0 ? ({ font: 'bold', size: 11 } as const) : { size: 9, color: mutedColor };
      this.#put(this.#root, 'P', text, { ...style, x: left, width });
    }
    pdf.y = Math.max(pdf.y, logo === null ? 0 : top + logoSize) + 6;
    pdf.x = margin;
    this.#rule(margin, margin + this.#width);
    pdf.y += 14;
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

  paragraph(text: string, { color = textColor, after = 4 }): void {
    this.#room(24);
    this.#put(this.#root, 'P', text, { color });
    this.#pdf.y += after;
  }

  /** Draws a field; one without a value has lines or boxes to fill in by hand. */
  field(field: FormField, value: FieldValue, sectionTitle: string): void {
    if (field.kind === 'people') {
      const label = field.label === sectionTitle ? '' : field.label;
      this.#people(field, label, Array.isArray(value) ? value : []);
      return;
    }
    const text = formatFieldValue(field, value);
    if (field.kind === 'signature') this.#signature(field.label, text);
    else if (text !== '') this.#labeled(field.label, text);
    else if (field.kind === 'choice') this.#labeled(field.label, toBoxes(field.options));
    else if (field.kind === 'yes-no') this.#labeled(field.label, toBoxes(['Yes', 'No']));
    else this.#blank(field.label, field.kind === 'text' ? (field.lines ?? 1) : 1);
  }

  /** Draws the label, and lines to write on. */
  #blank(label: string, lines: number): void {
    const pdf = this.#pdf;
    const count = Math.min(lines, maxBlankLines);
    const height = count * blankLineHeight;
    this.#room(height + 6);
    const top = pdf.y;
    this.#put(this.#root, 'P', label, {
      size: 9,
      color: mutedColor,
      x: margin,
      y: top,
      width: labelWidth,
    });
    const afterLabel = pdf.y;
    for (let line = 0; line < count; line++) {
      pdf.y = top + 12 + line * blankLineHeight;
      this.#rule(margin + labelWidth + gap, margin + this.#width);
    }
    pdf.y = Math.max(top + height, afterLabel) + 6;
    pdf.x = margin;
  }

  /** Draws the label to the left and the value to the right, across as many pages as needed. */
  #labeled(label: string, value: string): void {
    const pdf = this.#pdf;
    const x = margin + labelWidth + gap;
    const width = this.#width - labelWidth - gap;
    pdf.font(fontPaths.regular).fontSize(10);
    const height = Math.max(
      pdf.heightOfString(label, { width: labelWidth }),
      pdf.heightOfString(printable(value, this.#glyphs()), { width }),
    );
    this.#room(Math.min(height + 6, 200));
    const top = pdf.y;
    const page = pdf.bufferedPageRange().count;
    this.#put(this.#root, 'P', label, {
      size: 9,
      color: mutedColor,
      x: margin,
      y: top,
      width: labelWidth,
    });
    const afterLabel = pdf.y;
    this.#put(this.#root, 'P', value, { x, y: top, width });
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
    this.#put(this.#root, 'P', label, {
      size: 9,
      color: mutedColor,
      y: top,
      width: middle - margin,
    });
    this.#put(this.#root, 'P', 'Date', { size: 9, color: mutedColor, x: middle + gap, y: top });
    pdf.y += 8;
    pdf.x = margin;
  }

  /** Draws a table of people; without any, it has empty rows to fill in by hand. */
  #people(
    { columns }: Extract<FormField, { kind: 'people' }>,
    label: string,
    people: readonly PersonRow[],
  ): void {
    const pdf = this.#pdf;
    this.#room(60);
    if (label !== '') {
      this.#put(this.#root, 'P', label, { size: 9, color: mutedColor, x: margin });
      pdf.y += 2;
    }
    const table = pdf.struct('Table');
    this.#root.add(table);
    const head = columns.map((column) => column.label);
    const rows = people.map((row) => columns.map(({ key }) => row[key] ?? ''));
    const widths = this.#columnWidths(head, rows);
    this.#row(table, 'TH', head, widths);
    for (const row of rows) this.#row(table, 'TD', row, widths);
    const blankRows = people.length === 0 ? blankPeople : 0;
    for (let row = 0; row < blankRows; row++) {
      this.#row(
        table,
        'TD',
        head.map(() => ''),
        widths,
      );
    }
    table.end();
    pdf.y += 8;
    pdf.x = margin;
  }

  #columnWidths(head: readonly string[], rows: readonly (readonly string[])[]): readonly number[] {
    const pdf = this.#pdf;
    const measure = (text: string, font: 'regular' | 'bold') => {
      // A text of thousands of characters is not measured to its end.
      const measured = printable(text.slice(0, maxMeasured), this.#glyphs(font));
      return pdf.font(fontPaths[font]).fontSize(9).widthOfString(measured) + cellPadding + 1;
    };
    const needs = head.map((label, column) => {
      const texts = rows.map((row) => row[column] ?? '');
      const longest = (split: (text: string) => readonly string[]) =>
        Math.max(
          ...split(label).map((part) => measure(part, 'bold')),
          ...texts.flatMap(split).map((part) => measure(part, 'regular')),
        );
      return { word: longest((text) => text.split(/\s+/)), text: longest((text) => [text]) };
    });
    return columnWidths(needs, this.#width);
  }

  #row(
    table: Structure,
    tag: 'TH' | 'TD',
    cells: readonly string[],
    widths: readonly number[],
  ): void {
    const pdf = this.#pdf;
    const font = tag === 'TH' ? 'bold' : 'regular';
    pdf.font(fontPaths[font]).fontSize(9);
    const heights = cells.map((cell, index) =>
      pdf.heightOfString(printable(cell, this.#glyphs(font)) || ' ', {
        width: (widths[index] ?? 0) - cellPadding,
      }),
    );
    const isBlank = cells.every((cell) => cell === '');
    const height = Math.max(...heights, isBlank ? blankLineHeight - 6 : 0) + 6;
    this.#room(height);
    const top = pdf.y;
    const row = pdf.struct('TR');
    table.add(row);
    let x = margin;
    for (const [index, cell] of cells.entries()) {
      const width = widths[index] ?? 0;
      this.#put(row, tag, cell, { font, size: 9, x, y: top + 2, width: width - cellPadding });
      x += width;
    }
    row.end();
    pdf.y = top + height;
    this.#rule(margin, margin + this.#width);
  }

  /** Lists the characters that were drawn as boxes. */
  missingGlyphs(): void {
    if (this.#missing.size === 0) return;
    this.#pdf.y += 12;
    const numbers = [...this.#missing].join(', ');
    this.paragraph(
      `The font of this PDF lacks some characters, drawn here as □ (${numbers}). The document in the app has them.`,
      { color: mutedColor },
    );
  }

  #put(parent: Structure, tag: Tag, original: string, options: TextOptions): void {
    const pdf = this.#pdf;
    const { font = 'regular', size = 10, color = textColor, width = this.#width } = options;
    pdf.font(fontPaths[font]).fontSize(size);
    const glyphs = this.#glyphs(font);
    const text = printable(original, glyphs);
    const missing = unknownCharacters(original, glyphs);
    for (const one of missing) this.#missing.add(one);
    const [x, y] = [options.x ?? margin, options.y ?? pdf.y];
    const draw = () => {
      pdf.font(fontPaths[font]).fontSize(size).fillColor(color);
      pdf.text(text === '' ? ' ' : text, x, y, { width, lineGap: 1 });
    };
    parent.add(pdf.struct(tag, missing.length === 0 ? {} : { actual: original }, draw));
  }

  /** Draws a decorative line. */
  #rule(from: number, to: number): void {
    const pdf = this.#pdf;
    pdf.markContent('Artifact', { type: 'Layout' });
    pdf.moveTo(from, pdf.y).lineTo(to, pdf.y).lineWidth(0.5).strokeColor(ruleColor).stroke();
    pdf.endMarkedContent();
  }

  /** Starts a new page if less than this height is left. */
  #room(height: number): void {
    const pdf = this.#pdf;
    if (pdf.y + height > pdf.page.height - pdf.page.margins.bottom) pdf.addPage();
  }

  #glyphs(font: 'regular' | 'bold' = 'regular'): Glyphs {
    const { _font: opened } = this.#pdf.font(fontPaths[font]) as unknown as {
      readonly _font: { readonly font: FontFile };
    };
    return (codePoint) => opened.font.hasGlyphForCodePoint(codePoint);
  }
}

/** PDFKit's open font. */
interface FontFile {
  readonly hasGlyphForCodePoint: (codePoint: number) => boolean;
}

/** Options to tick by hand: on one line if they are short. */
function toBoxes(options: readonly string[]): string {
  const boxes = options.map((option) => `☐ ${option}`);
  return boxes.join('').length > 45 ? boxes.join('\n') : boxes.join('      ');
}

/** Formats a value for print. */
function formatFieldValue(field: FormField, value: FieldValue): string {
  if (typeof value !== 'string') return '';
  if (field.kind === 'date') return formatLongDay(value);
  if (field.kind === 'yes-no') return value === 'yes' ? 'Yes' : 'No';
  return value;
}
