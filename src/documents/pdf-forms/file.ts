/** Reads an uploaded PDF, rejects unusable files, and lists its fields. */
import {
  PDFAcroField,
  PDFArray,
  PDFCheckBox,
  PDFDict,
  PDFDocument,
  PDFDropdown,
  type PDFField,
  PDFName,
  type PDFObject,
  PDFOptionList,
  ParseSpeeds,
  PDFRadioGroup,
  PDFRef,
  PDFSignature,
  PDFTextField,
} from '@cantoo/pdf-lib';

import type { PdfFormField } from '../../contract/documents/pdf-forms.ts';
import { removeActiveContent } from './cleaning.ts';

/** Maximum number of fields. */
export const maxFields = 2000;
/** Maximum number of pages. */
export const maxPages = 200;
/** A field may have several boxes, and nodes that only group others. */
const maxFieldNodes = 10 * maxFields;
const maxOptions = 500;
const maxNameLength = 500;

/** Why a file is rejected. */
export type PdfFormProblem =
  | 'no-pdf'
  | 'broken'
  | 'encrypted'
  | 'no-fields'
  | 'only-xfa'
  | 'too-many-fields'
  | 'too-many-pages'
  | 'too-slow'
  | 'too-large';

/** A cleaned file with its fields. */
export interface ReadPdfForm {
  readonly file: Uint8Array<ArrayBuffer>;
  readonly fields: readonly PdfFormField[];
  readonly pages: number;
  /** A sentence for each kind of removed content. */
  readonly removedContent: readonly string[];
}

/**
 * Reads and cleans a file. Never throws because of the file's content; the caller limits time and memory (thread.ts).
 */
export async function readPdfForm(file: Uint8Array): Promise<ReadPdfForm | PdfFormProblem> {
  if (!hasHeader(file)) return 'no-pdf';
  try {
    return await read(file);
  } catch {
    return includesText(file, '/Encrypt') ? 'encrypted' : 'broken';
  }
}

async function read(file: Uint8Array): Promise<ReadPdfForm | PdfFormProblem> {
  const document = await openPdf(file);
  const form = document.catalog.lookup(PDFName.of('AcroForm'));
  // Checked first, because the library takes minutes for a page listed 900,000 times.
  const tree = document.catalog.get(PDFName.of('Pages'));
  if (!hasAtMost(document, tree, 2 * maxPages)) return 'too-many-pages';
  const pages = document.getPageCount();
  if (pages === 0) return 'broken';
  if (pages > maxPages) return 'too-many-pages';
  if (!(form instanceof PDFDict)) return 'no-fields';
  if (!hasAtMost(document, form.get(PDFName.of('Fields')), maxFieldNodes)) {
    return 'too-many-fields';
  }
  const isDynamic = document.catalog.lookup(PDFName.of('NeedsRendering'))?.toString() === 'true';
  const hasXfa = form.has(PDFName.of('XFA'));
  const removedContent = removeActiveContent(document);
  addStrayFields(document, form);
  const fields = listFields(document);
  if (isDynamic || (hasXfa && fields.length === 0)) return 'only-xfa';
  if (fields.length === 0) return 'no-fields';
  if (fields.length > maxFields) return 'too-many-fields';
  const cleaned = await document.save({ updateFieldAppearances: false, addDefaultPage: false });
  return { file: new Uint8Array(cleaned), fields, pages, removedContent };
}

/**
 * Whether a tree of `Kids` has at most `max` nodes. Visits no more than that, even if the tree is circular.
 */
function hasAtMost({ context }: PDFDocument, root: PDFObject | undefined, max: number): boolean {
  const waiting = [root];
  for (let seen = 0; waiting.length > 0; seen++) {
    if (seen + waiting.length > max + 1) return false;
    const node = context.lookup(waiting.pop());
    const kids = node instanceof PDFDict ? node.lookup(PDFName.of('Kids')) : node;
    if (!(kids instanceof PDFArray)) continue;
    if (kids.size() > max) return false;
    waiting.push(...kids.asArray());
  }
  return true;
}

/** Opens the file without changing its metadata. */
export const openPdf = async (file: Uint8Array): Promise<PDFDocument> =>
  PDFDocument.load(file, { updateMetadata: false, parseSpeed: ParseSpeeds.Fastest });

const hasHeader = (file: Uint8Array): boolean => includesText(file.subarray(0, 1024), '%PDF-');

const includesText = (file: Uint8Array, text: string): boolean =>
  Buffer.from(file.buffer, file.byteOffset, file.byteLength).includes(text, 0, 'latin1');

/** Lists fields by full name; several fields of one name, which are one field to users, are separate entries. */
export function namedFields(document: PDFDocument): [name: string, field: PDFField][] {
  return document
    .getForm()
    .getFields()
    .flatMap((field): [string, PDFField][] => {
      const name = fullName(field.acroField);
      return name === undefined ? [] : [[name, field]];
    });
}

/** Returns the name with those of its ancestors; `undefined` if it can't be stored. */
function fullName(field: PDFAcroField): string | undefined {
  const parts: string[] = [];
  field.ascend((node) => {
    const part = node.getPartialName();
    if (part !== undefined) parts.unshift(part);
  });
  const name = parts.join('.');
  return name === '' || name.length > maxNameLength || !isStorable(name) ? undefined : name;
}

/** Whether the database can store the text unchanged. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** Adds fields that are on pages but not listed in the form, as some programs write them. */
function addStrayFields(document: PDFDocument, form: PDFDict): void {
  const given = form.lookup(PDFName.of('Fields'));
  const list = given instanceof PDFArray ? given : document.context.obj([]);
  form.set(PDFName.of('Fields'), list);
  const listed = new Set(list.asArray());
  for (const page of document.getPages()) {
    for (const ref of page.node.Annots()?.asArray() ?? []) {
      const box = document.context.lookup(ref);
      const isStray =
        ref instanceof PDFRef &&
        box instanceof PDFDict &&
        box.has(PDFName.of('FT')) &&
        box.has(PDFName.of('T')) &&
        !box.has(PDFName.of('Parent')) &&
        !listed.has(ref);
      if (!isStray) continue;
      listed.add(ref);
      list.push(ref);
    }
  }
}

interface Position {
  readonly page: number;
  readonly x: number;
  readonly y: number;
}

/** Lists fields in reading order: page by page, from the top. */
function listFields(document: PDFDocument): PdfFormField[] {
  const positions = listPositions(document);
  const found = new Map<string, { readonly field: PdfFormField; readonly position?: Position }>();
  for (const [name, field] of namedFields(document)) {
    if (found.has(name)) continue;
    const widgets = field.acroField.getWidgets();
    const position = widgets
      .map(({ dict }) => positions.get(dict))
      .find((one) => one !== undefined);
    const described = toPdfFormField(name, field, position?.page ?? null);
    if (described !== undefined)
      found.set(name, { field: described, ...(position && { position }) });
  }
  const rank = ({ position }: { readonly position?: Position }): readonly number[] =>
    position === undefined
      ? [Infinity, 0, 0]
      : [position.page, -Math.round(position.y / 6), position.x];
  return [...found.values()]
    .toSorted((a, b) => {
      const [first, second] = [rank(a), rank(b)];
      const at = first.findIndex((value, index) => value !== second[index]);
      return at === -1 ? 0 : (first[at] ?? 0) - (second[at] ?? 0);
    })
    .map(({ field }) => field);
}

/** Returns the position of each box on its page. */
function listPositions(document: PDFDocument): ReadonlyMap<PDFDict, Position> {
  const positions = new Map<PDFDict, Position>();
  for (const [index, page] of document.getPages().entries()) {
    const annotations = page.node.Annots();
    for (let at = 0; at < (annotations?.size() ?? 0); at++) {
      const box = annotations?.lookup(at);
      if (!(box instanceof PDFDict)) continue;
      const rectangle = box.lookup(PDFName.of('Rect'));
      const [x = 0, y = 0] =
        rectangle instanceof PDFArray
          ? rectangle.asArray().map((number) => Number(number.toString()) || 0)
          : [];
      positions.set(box, { page: index + 1, x, y });
    }
  }
  return positions;
}

function toPdfFormField(
  name: string,
  field: PDFField,
  page: number | null,
): PdfFormField | undefined {
  const kind = getKind(field);
  if (kind === undefined) return undefined;
  const isText = field instanceof PDFTextField;
  const maxLength = isText ? (field.getMaxLength() ?? null) : null;
  return {
    name,
    label: getLabel(field),
    kind,
    options: listOptions(field),
    maxLength: maxLength !== null && maxLength > 0 ? Math.floor(maxLength) : null,
    isComb: isText && field.isCombed(),
    isMultiline: isText && field.isMultiline(),
    page,
  };
}

function getKind(field: PDFField): PdfFormField['kind'] | undefined {
  if (field instanceof PDFTextField) {
    return field.isPassword() || field.isFileSelector() ? undefined : 'text';
  }
  if (field instanceof PDFCheckBox) return 'checkbox';
  if (field instanceof PDFRadioGroup) return 'radio';
  if (field instanceof PDFDropdown) return 'dropdown';
  if (field instanceof PDFOptionList) return 'list';
  return field instanceof PDFSignature ? 'signature' : 'button';
}

function getLabel({ acroField }: PDFField): string | null {
  const tooltip = acroField.dict.lookup(PDFName.of('TU'));
  const text =
    tooltip !== undefined && 'decodeText' in tooltip && typeof tooltip.decodeText === 'function'
      ? String(tooltip.decodeText())
      : '';
  const label = text.toWellFormed().replaceAll('\0', '').trim().slice(0, 300);
  return label === '' ? null : label;
}

/** Lists each option once, by its value in the file. */
function listOptions(field: PDFField): PdfFormField['options'] {
  const options = new Map<string, string>();
  const add = (value: string, label: string): void => {
    const isFree = !options.has(value) && options.size < maxOptions;
    if (isFree && value.length <= maxNameLength && isStorable(value) && isStorable(label)) {
      options.set(value, label === '' ? value : label);
    }
  };
  if (field instanceof PDFCheckBox || field instanceof PDFRadioGroup) {
    const labels = field.acroField.getExportValues() ?? [];
    for (const [index, widget] of field.acroField.getWidgets().entries()) {
      const value = widget.getOnValue()?.decodeText();
      if (value !== undefined) add(value, labels[index]?.decodeText() ?? value);
    }
  }
  if (field instanceof PDFDropdown || field instanceof PDFOptionList) {
    for (const { value, display } of field.acroField.getOptions()) {
      add(value.decodeText(), display.decodeText());
    }
  }
  return Array.from(options, ([value, label]) => ({ value, label }));
}
