/** A district's own PDF forms: uploaded, mapped to Details, filled for a student. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { Instant, RecordId, RecordIdInPath, VersionNumber } from '../values.ts';
import { code, exact, text } from '../text.ts';

/** Maximum size of a PDF. */
export const maxPdfBytes = 10 * 1024 * 1024;

const PdfFormOption = z.strictObject({
  value: z.string().meta({ description: 'Value in the file.' }),
  label: z.string().meta({ description: 'Text shown to users.' }),
});

export const PdfFormField = z
  .strictObject({
    name: z.string().meta({ description: 'Its full name in the file, which is unique.' }),
    label: z.string().nullable().meta({ description: 'Label shown by PDF readers.' }),
    kind: z.enum(['text', 'checkbox', 'radio', 'dropdown', 'list', 'signature', 'button']),
    options: z
      .array(PdfFormOption)
      .meta({ description: 'Possible values, except for text fields.' }),
    maxLength: z.int().positive().nullable().meta({ description: 'In characters.' }),
    isComb: z.boolean().meta({ description: 'A box for each character.' }),
    isMultiline: z.boolean(),
    page: z.int().positive().nullable().meta({ description: 'null: it is on no page.' }),
  })
  .meta({ id: 'PdfFormField' });
export type PdfFormField = z.infer<typeof PdfFormField>;

/** How a value is written: a date in words, digits or one of its parts; text unchanged, in capitals or its digits. */
const pdfFormats = [
  'plain',
  'capitals',
  'digits',
  'long-date',
  'short-date',
  'month',
  'day',
  'year',
] as const;

export const PdfFormMapping = z
  .strictObject({
    field: exact(500).min(1),
    binding: code(100).meta({ description: 'A path from /form-bindings.' }),
    format: z.enum(pdfFormats),
    when: z
      .array(z.strictObject({ option: exact(500), text: text(200) }))
      .max(100)
      .meta({
        description:
          'For boxes and choices: the value of Details that selects the option (default: its name).',
      }),
  })
  .meta({ id: 'PdfFormMapping' });
export type PdfFormMapping = z.infer<typeof PdfFormMapping>;

const Mapping = z.array(PdfFormMapping).max(2000);

const summaryMembers = {
  id: RecordId,
  title: z.string(),
  fileName: z.string(),
  bytes: z.int(),
  pages: z.int(),
  fieldCount: z.int(),
  mappedCount: z.int(),
  changedAt: Instant,
  changedBy: z.string(),
  removedAt: Instant.nullable(),
};

const PdfFormSummary = z.strictObject(summaryMembers).meta({ id: 'PdfFormSummary' });
export type PdfFormSummary = z.infer<typeof PdfFormSummary>;

const PdfForm = z
  .strictObject({
    ...summaryMembers,
    version: z.int(),
    fields: z.array(PdfFormField),
    mapping: z.array(PdfFormMapping),
    removedContent: z
      .array(z.string())
      .meta({ description: 'What was removed from the file at upload, one sentence each.' }),
  })
  .meta({ id: 'PdfForm' });
export type PdfForm = z.infer<typeof PdfForm>;

/** The value that a field is filled with, or why it stays empty. */
const PdfFilling = z
  .strictObject({
    field: z.string(),
    binding: z.string(),
    value: z.string().nullable().meta({ description: 'null: it stays empty.' }),
    note: z.string().nullable().meta({ description: 'Why it is empty, or what to check.' }),
  })
  .meta({ id: 'PdfFilling' });
export type PdfFilling = z.infer<typeof PdfFilling>;

const fillings = z.strictObject({ fillings: z.array(PdfFilling) });
const idInPath = z.strictObject({ id: RecordIdInPath });

const listPdfForms = {
  method: 'GET',
  path: `${districtPath}/pdf-forms`,
  summary: "The district's own PDF forms, by title",
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  query: z.strictObject({
    removed: z
      .literal('yes')
      .optional()
      .meta({ description: 'Forms removed in the last 90 days.' }),
  }),
  response: z.strictObject({ forms: z.array(PdfFormSummary) }),
} as const satisfies Endpoint;

const uploadPdfForm = {
  method: 'POST',
  path: `${districtPath}/pdf-forms`,
  summary: 'Upload a PDF form; scripts, attachments and similar content are removed from it',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['pdf-form-uploaded'] },
  limit: 'heavy',
  query: z.strictObject({ fileName: text(200).min(1) }),
  takes: 'application/pdf',
  maxBodyBytes: maxPdfBytes,
  body: z
    .instanceof(Uint8Array<ArrayBuffer>)
    .meta({ override: { type: 'string', format: 'binary' } }),
  response: PdfForm,
  errors: ['not-possible'],
} as const satisfies Endpoint;

const getPdfForm = {
  method: 'GET',
  path: `${districtPath}/pdf-forms/{id}`,
  summary: 'A PDF form with its fields and mapping',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  params: idInPath,
  response: PdfForm,
} as const satisfies Endpoint;

const savePdfForm = {
  method: 'PATCH',
  path: `${districtPath}/pdf-forms/{id}`,
  summary: 'Save title and mapping; 409 if the form was changed since that version',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['pdf-form-changed'] },
  limit: 'write',
  params: idInPath,
  maxBodyBytes: 1024 * 1024,
  body: z.strictObject({
    version: VersionNumber,
    title: text(200).min(1),
    mapping: Mapping,
  }),
  response: PdfForm,
  errors: ['conflict', 'not-possible'],
} as const satisfies Endpoint;

const setPdfFormRemoved = {
  method: 'PUT',
  path: `${districtPath}/pdf-forms/{id}/removed`,
  summary: 'Remove a PDF form, or restore it within 90 days',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['pdf-form-removed', 'pdf-form-restored'] },
  limit: 'write',
  params: idInPath,
  body: z.strictObject({ isRemoved: z.boolean() }),
  response: PdfForm,
} as const satisfies Endpoint;

const previewPdfForm = {
  method: 'POST',
  path: `${districtPath}/pdf-forms/{id}/preview`,
  summary: 'Preview what a mapping fills in, for a student or with example values',
  access: administeringRoles,
  audit: { kind: 'look', action: 'pdf-form-previewed' },
  limit: 'heavy',
  params: idInPath,
  maxBodyBytes: 1024 * 1024,
  body: z.strictObject({
    mapping: Mapping,
    studentId: RecordId.nullable().meta({ description: 'null: example values.' }),
  }),
  response: fillings,
  errors: ['not-possible'],
} as const satisfies Endpoint;

const printPdfFormPreview = {
  method: 'GET',
  path: `${districtPath}/pdf-forms/{id}/preview.pdf`,
  summary: "The form filled with example values or a student's Details",
  access: administeringRoles,
  audit: { kind: 'look', action: 'pdf-form-filled', everyTime: true },
  limit: 'heavy',
  params: idInPath,
  query: z.strictObject({ student: RecordIdInPath.optional() }),
  response: z.string(),
  responseKind: 'download',
  errors: ['not-possible'],
} as const satisfies Endpoint;

const ofStudent = z.strictObject({ id: RecordIdInPath, form: RecordIdInPath });

const listPdfFillings = {
  method: 'GET',
  path: `${districtPath}/students/{id}/pdf-forms/{form}`,
  summary: 'Preview what a PDF form is filled with for this student, and what stays empty',
  access: everyRole,
  audit: { kind: 'look', action: 'pdf-form-previewed' },
  limit: 'heavy',
  params: ofStudent,
  response: fillings,
  errors: ['not-possible'],
} as const satisfies Endpoint;

const fillPdfForm = {
  method: 'GET',
  path: `${districtPath}/students/{id}/pdf-forms/{form}/filled.pdf`,
  summary: "A PDF form filled with this student's Details; its fields stay editable",
  access: everyRole,
  audit: { kind: 'look', action: 'pdf-form-filled', everyTime: true },
  limit: 'heavy',
  params: ofStudent,
  response: z.string(),
  responseKind: 'download',
  errors: ['not-possible'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const pdfFormsApi = {
  listPdfForms,
  uploadPdfForm,
  getPdfForm,
  savePdfForm,
  setPdfFormRemoved,
  previewPdfForm,
  printPdfFormPreview,
  listPdfFillings,
  fillPdfForm,
};
