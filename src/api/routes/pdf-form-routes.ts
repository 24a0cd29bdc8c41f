/** A district's own PDF forms: upload, mapping, preview, filling for a student. */
import { createHash } from 'node:crypto';

import type { User } from '../../accounts/accounts.ts';
import {
  type PdfFilling,
  type PdfForm,
  type PdfFormMapping,
  pdfFormsApi,
} from '../../contract/documents/pdf-forms.ts';
import { readDetails } from '../../documents/document-context.ts';
import { maxFields, maxPages, type PdfFormProblem } from '../../documents/pdf-forms/file.ts';
import type { FilledPdfForm } from '../../documents/pdf-forms/filling.ts';
import {
  countPdfForms,
  findPdfForm,
  insertPdfForm,
  listPdfFormRows,
  markPdfFormRemoved,
  readPdfFile,
  updatePdfForm,
} from '../../documents/pdf-forms/store.ts';
import { openPdfInThread } from '../../documents/pdf-forms/thread.ts';
import {
  type BindingReader,
  exampleReader,
  mappingProblems,
  planFillings,
  createBindingReader,
} from '../../documents/pdf-forms/values.ts';
import type { AuditDetails } from '../audited-call.ts';
import { ApiError, found, studentNotFound } from '../api-error.ts';
import type { DistrictCall } from '../district-call.ts';
import type { Download } from '../server/downloads.ts';
import type { RouteContext } from '../route.ts';
import { documentContext } from './document-request.ts';

const maxForms = 200;

export function addPdfFormRoutes(routes: RouteContext): void {
  addManagementRoutes(routes);
  addPreviewRoutes(routes);
  addFillingRoutes(routes);
}

function addManagementRoutes({ route }: RouteContext): void {
  route(pdfFormsApi.listPdfForms, async ({ district, query }) => ({
    forms: await district.read(async (database) =>
      listPdfFormRows(database, { isRemoved: query.removed === 'yes' }),
    ),
  }));

  route(pdfFormsApi.uploadPdfForm, async ({ district, user, query, body }) => {
    const sha256 = createHash('sha256').update(body).digest();
    await district.read(async (database) =>
      rejectTooManyForms(await countPdfForms(database, sha256)),
    );
    const response = await district.withLimit('PDF uploads', async () =>
      openPdfInThread({ task: 'read', file: body }),
    );
    if (!('read' in response))
      throw toApiError('problem' in response ? response.problem : 'broken');
    const { read } = response;
    return district.write(async (database) => {
      const title = readTitle(query.fileName);
      const form = { title, fileName: query.fileName, sha256, read };
      const id = await insertPdfForm(database, user, form);
      await district.audit({ action: 'pdf-form-uploaded', detail: { form: title, id } }, database);
      return found(await findPdfForm(database, id), formNotFound);
    });
  });

  route(pdfFormsApi.getPdfForm, async ({ district, params }) => findForm(district, params.id));

  route(pdfFormsApi.savePdfForm, async ({ district, user, params, body }) =>
    district.write(async (database) => {
      const { fields } = found(await findPdfForm(database, params.id), formNotFound);
      rejectProblems(fields, body.mapping);
      if (!(await updatePdfForm(database, params.id, user, body))) {
        throw new ApiError('conflict', 'Someone else has changed this form in the meantime.', {
          field: 'version',
          advice: 'Compare both versions and choose one.',
        });
      }
      const detail = { form: body.title, id: params.id };
      await district.audit({ action: 'pdf-form-changed', detail }, database);
      return found(await findPdfForm(database, params.id), formNotFound);
    }),
  );

  route(pdfFormsApi.setPdfFormRemoved, async ({ district, user, params, body }) =>
    district.write(async (database) => {
      const { title } = found(await findPdfForm(database, params.id), formNotFound);
      await markPdfFormRemoved(database, params.id, user, body.isRemoved);
      const action = body.isRemoved ? 'pdf-form-removed' : 'pdf-form-restored';
      await district.audit({ action, detail: { form: title, id: params.id } }, database);
      return found(await findPdfForm(database, params.id), formNotFound);
    }),
  );
}

function addPreviewRoutes({ route }: RouteContext): void {
  route(pdfFormsApi.previewPdfForm, async ({ district, user, params, body, audited }) => {
    const form = await findForm(district, params.id);
    rejectProblems(form.fields, body.mapping);
    const read =
      body.studentId === null ? exampleReader : await readStudent(district, user, body.studentId);
    audited(noteOf(form, body.studentId));
    return { fillings: await tryFilling(district, form, body.mapping, read) };
  });

  route(pdfFormsApi.printPdfFormPreview, async ({ district, user, params, query, audited }) => {
    const form = await findForm(district, params.id);
    const read =
      query.student === undefined
        ? exampleReader
        : await readStudent(district, user, query.student);
    audited(noteOf(form, query.student ?? null));
    return filledFile(district, form, read, {
      fileName: `preview-${form.id}.pdf`,
      isInline: true,
    });
  });
}

function addFillingRoutes({ route }: RouteContext): void {
  route(pdfFormsApi.listPdfFillings, async ({ district, user, params, audited }) => {
    const form = await findForm(district, params.form, { isOffered: true });
    const read = await readStudent(district, user, params.id);
    audited(noteOf(form, params.id));
    return { fillings: await tryFilling(district, form, form.mapping, read) };
  });

  route(pdfFormsApi.fillPdfForm, async ({ district, user, params, audited }) => {
    const form = await findForm(district, params.form, { isOffered: true });
    const read = await readStudent(district, user, params.id);
    audited(noteOf(form, params.id));
    return filledFile(district, form, read, {
      fileName: `${plainName(form.title)}-${params.id}.pdf`,
    });
  });
}

/** Returns the audit entry: whom the form was filled for; null for the examples of the catalog. */
const noteOf = (form: PdfForm, studentId: number | null): AuditDetails => ({
  students: studentId === null ? [] : [{ studentId }],
  detail: { form: form.title, id: form.id },
});

/** Returns a reader of the student's Details. */
async function readStudent(
  district: DistrictCall,
  user: User,
  studentId: number,
): Promise<BindingReader> {
  const details = found(
    await district.read(async (database) =>
      readDetails(documentContext(database, district, user), studentId),
    ),
    studentNotFound,
  );
  return createBindingReader(details);
}

/** Returns what each field would be filled with, with notes on what needs checking. */
const tryFilling = async (
  district: DistrictCall,
  form: PdfForm,
  mapping: readonly PdfFormMapping[],
  read: BindingReader,
): Promise<PdfFilling[]> =>
  district.withLimit(
    'PDF fillings',
    async () => (await fill(district, form, mapping, read)).fillings,
  );

/** Returns the filled file as a response. */
const filledFile = async (
  district: DistrictCall,
  form: PdfForm,
  read: BindingReader,
  file: Pick<Download, 'fileName' | 'isInline'>,
): Promise<Response> =>
  district.download('PDF fillings', {
    ...file,
    make: async (write) => write((await fill(district, form, form.mapping, read)).file),
  });

/** Returns the filled file and the value of each field. Slow, so callers hold a slot of the concurrency limit. */
async function fill(
  district: DistrictCall,
  form: PdfForm,
  mapping: readonly PdfFormMapping[],
  read: BindingReader,
): Promise<{ readonly file: FilledPdfForm['file']; readonly fillings: PdfFilling[] }> {
  const planned = planFillings(form.fields, mapping, read);
  const file = found(
    await district.read(async (database) => readPdfFile(database, form.id)),
    formNotFound,
  );
  const settings = planned.map(({ setting }) => setting).filter((one) => one !== null);
  const response = await openPdfInThread({ task: 'fill', file, settings });
  if (!('filled' in response))
    throw toApiError('problem' in response ? response.problem : 'broken');
  const notes = new Map(response.filled.notes.map(({ field, note }) => [field, note]));
  const fillings = planned.map(({ field, binding, value, note }) => ({
    field,
    binding,
    value,
    note: note ?? notes.get(field) ?? null,
  }));
  return { file: response.filled.file, fillings };
}

const findForm = async (
  district: DistrictCall,
  id: number,
  { isOffered = false } = {},
): Promise<PdfForm> => {
  const form = found(
    await district.read(async (database) => findPdfForm(database, id)),
    formNotFound,
  );
  if (isOffered && form.removedAt !== null) throw formNotFound();
  return form;
};

const formNotFound = (): ApiError =>
  new ApiError('not-found', 'PDF form not found.', {
    advice: 'It may have been removed; administrators see the PDF forms on the Documents screen.',
  });

function rejectTooManyForms({ count, sameTitle }: Awaited<ReturnType<typeof countPdfForms>>): void {
  if (sameTitle !== null) {
    throw new ApiError('not-possible', `This file was uploaded already, as “${sameTitle}”.`, {
      advice: 'Open that form, or remove it first.',
    });
  }
  if (count >= maxForms) {
    throw new ApiError('not-possible', `A district can have at most ${maxForms} PDF forms.`, {
      advice: 'Remove forms that are no longer used.',
    });
  }
}

function rejectProblems(fields: PdfForm['fields'], mapping: readonly PdfFormMapping[]): void {
  const [problem] = mappingProblems(fields, mapping);
  if (problem === undefined) return;
  throw new ApiError('not-possible', problem, {
    advice: 'Map the field again, or leave it empty.',
  });
}

/** Returns a title: the file name without its extension and with spaces. */
const readTitle = (fileName: string): string =>
  fileName
    .replace(/\.pdf$/i, '')
    .replaceAll(/[_\s\p{Cc}]+/gu, ' ')
    .trim() || 'PDF form';

/** Returns a file name with letters and digits that every system accepts. */
const plainName = (title: string): string =>
  title
    .normalize('NFD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
    .toLowerCase() || 'form';

const problemMessages: Readonly<
  Record<PdfFormProblem, readonly [message: string, advice: string]>
> = {
  'no-pdf': ['This file is not a PDF.', 'Choose the PDF of the form.'],
  broken: [
    'This PDF could not be read: it is damaged, or has an unknown format.',
    'Open it in a PDF reader, save a new copy, and upload that.',
  ],
  encrypted: [
    'This PDF is protected by a password or by restrictions, so it cannot be filled in.',
    'Remove the protection in the program it was made with, save it, and upload it again.',
  ],
  'no-fields': [
    'This PDF has no form fields.',
    'Add form fields to it (in Acrobat: Prepare Form; in LibreOffice: export as PDF form), then upload it again.',
  ],
  'only-xfa': [
    'This PDF is an Adobe LiveCycle form (XFA), which most PDF programs can no longer show or fill.',
    'Ask its publisher for a plain PDF form (AcroForm), or create the form again.',
  ],
  'too-many-fields': [
    `This PDF has more than ${maxFields} fields.`,
    'Split it into several forms.',
  ],
  'too-many-pages': [
    `This PDF has more than ${maxPages} pages.`,
    'Upload only the pages of the form.',
  ],
  'too-slow': [
    'This PDF takes too long to read, so reading was stopped.',
    'Save a new copy with a PDF program, or make it smaller, and upload it again.',
  ],
  'too-large': [
    'This PDF is too large when unpacked.',
    'Save a new copy with a PDF program, or make it smaller, and upload it again.',
  ],
};

function toApiError(problem: PdfFormProblem): ApiError {
  const [message, advice] = problemMessages[problem];
  return new ApiError('not-possible', message, { advice });
}
