/** Builds PDF forms like those of districts, and reads filled ones. */
import { PDFDocument, type PDFForm, type PDFPage } from '@cantoo/pdf-lib';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

import { readPdf } from './pdf-text.ts';

/** Builds a form of one page; `build` adds fields. */
export async function buildPdfForm(
  build: (form: PDFForm, page: PDFPage, document: PDFDocument) => Promise<void> | void,
): Promise<Uint8Array<ArrayBuffer>> {
  const document = await PDFDocument.create();
  const page = document.addPage([612, 792]);
  await build(document.getForm(), page, document);
  return new Uint8Array(await document.save());
}

/** Builds a release form with a field of each kind. */
export const buildReleaseForm = async (): Promise<Uint8Array<ArrayBuffer>> =>
  buildPdfForm((form, page) => {
    const text = (name: string, y: number, height = 20) => {
      const field = form.createTextField(name);
      field.addToPage(page, { x: 72, y, width: 300, height, borderWidth: 0 });
      return field;
    };
    page.drawText('Release of information', { x: 72, y: 740, size: 18 });
    text('student.name', 700);
    text('student.born', 670);
    const state = text('student.stateId', 640);
    state.setMaxLength(10);
    state.enableCombing();
    text('parents', 560, 60).enableMultiline();
    form.createCheckBox('girl').addToPage(page, { x: 72, y: 520, width: 14, height: 14 });
    const group = form.createRadioGroup('spanish');
    group.addOptionToPage('yes', page, { x: 72, y: 490, width: 14, height: 14 });
    group.addOptionToPage('no', page, { x: 102, y: 490, width: 14, height: 14 });
    const grade = form.createDropdown('grade');
    grade.addOptions(['06', '07', '08']);
    grade.addToPage(page, { x: 72, y: 450, width: 80, height: 20 });
    const school = form.createOptionList('school');
    school.addOptions(['Cedar Creek Middle', 'Pine High']);
    school.addToPage(page, { x: 72, y: 380, width: 160, height: 50 });
  });

/** A field as read from a PDF. */
export interface ReadField {
  readonly value: unknown;
  readonly isReadOnly: boolean;
}

/** Reads every field of a file by its name. */
export async function readPdfFields(data: Uint8Array): Promise<ReadonlyMap<string, ReadField>> {
  const task = getDocument({ data: new Uint8Array(data), verbosity: 0 });
  const pdf = await task.promise;
  const fields = new Map<string, ReadField>();
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    for (const one of (await page.getAnnotations({ intent: 'print' })) as Annotation[]) {
      if (one.fieldName === undefined) continue;
      fields.set(one.fieldName, { value: one.fieldValue, isReadOnly: one.readOnly === true });
    }
  }
  await task.destroy();
  return fields;
}

/** The annotation of a field in pdf.js. */
interface Annotation {
  readonly fieldName?: string;
  readonly fieldValue?: unknown;
  readonly readOnly?: boolean;
}

/** Reads the printed text of the pages, including the contents of fields. */
export async function readPrintedText(data: Uint8Array): Promise<string> {
  const document = await PDFDocument.load(data, { updateMetadata: false });
  document.getForm().flatten({ updateFieldAppearances: false });
  return (await readPdf(await document.save())).text;
}
