import { PDFDocument, PDFName } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  buildPdfForm,
  buildReleaseForm,
  readPdfFields,
  readPrintedText,
} from '../../../tests/builders/pdf-form-builder.ts';
import { insertRun, insertStudent } from '../../../tests/builders/record-builder.ts';
import {
  parseResponse,
  errorOf,
  openTestApi,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import type { Role } from '../../contract/endpoint.ts';
import {
  type PdfForm,
  type PdfFormMapping,
  pdfFormsApi,
} from '../../contract/documents/pdf-forms.ts';

let api: TestApi;
let studentId = 0;
let foreignId = 0;
let release: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  api = await openTestApi({ now: () => Temporal.Instant.from('2026-11-24T15:00:00Z') });
  const student = {
    student_number: '104117',
    first_name: 'Ánh',
    last_name: 'Nguyễn',
    legal_first_name: 'Ánh',
    legal_last_name: 'Nguyễn',
    birth_date: '2014-03-02',
    gender: 'F',
    state_id: '9140031220',
    grade: '07',
    entity_id: 402,
    school_name: 'Cedar Creek Middle',
    guardians: [{ first_name: 'Λυδία', last_name: 'Νικολάου', relationship: 'Mother' }],
  };
  const first_run_id = await insertRun(api.database, api.districtId);
  studentId = await insertStudent(api.database, api.districtId, { ...student, first_run_id });
  foreignId = await insertStudent(api.database, api.otherDistrictId, student);
  release = await buildReleaseForm();
});
afterAll(() => api.close());

const upload = async (
  file: RequestInit['body'],
  {
    role = 'administrator',
    headers = {},
  }: { readonly role?: Role; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> =>
  api.askDistrict(role, '/pdf-forms?fileName=Release_of%20information.pdf', {
    method: 'POST',
    body: file ?? null,
    headers: { 'content-type': 'application/pdf', ...headers },
    duplex: 'half',
  });

/** A form that was not uploaded before: only the title inside differs. */
let made = 0;
const newForm = async (): Promise<PdfForm> => {
  const document = await PDFDocument.load(release, { updateMetadata: false });
  document.setSubject(`Form ${++made}`);
  const response = await upload(new Uint8Array(await document.save()));
  return parseResponse(pdfFormsApi.uploadPdfForm.response, response);
};

const map = (
  field: string,
  binding: string,
  more: Partial<PdfFormMapping> = {},
): PdfFormMapping => ({ field, binding, format: 'plain', when: [], ...more });

const mapping: PdfFormMapping[] = [
  map('student.name', 'student.name'),
  map('student.born', 'student.birthDate', { format: 'short-date' }),
  map('student.stateId', 'student.stateId'),
  map('parents', 'guardians'),
  map('girl', 'student.gender', { when: [{ option: 'Yes', text: 'Female' }] }),
  map('spanish', 'student.homeLanguage', { when: [{ option: '0', text: 'Spanish' }] }),
  map('grade', 'student.grade'),
  map('school', 'school.name'),
];

const save = async (form: PdfForm, body: object = {}) =>
  api.send('administrator', 'PATCH', `/pdf-forms/${form.id}`, {
    version: form.version,
    title: form.title,
    mapping,
    ...body,
  });

describe('R5: a PDF form of the district', () => {
  it('is uploaded, mapped, and filled for a student; its fields stay editable', async () => {
    const form = await newForm();
    expect(form).toMatchObject({ title: 'Release of information', pages: 1, version: 1 });
    expect(form.fields.map(({ name, kind }) => [name, kind])).toEqual([
      ['student.name', 'text'],
      ['student.born', 'text'],
      ['student.stateId', 'text'],
      ['parents', 'text'],
      ['girl', 'checkbox'],
      ['spanish', 'radio'],
      ['grade', 'dropdown'],
      ['school', 'list'],
    ]);
    const saved = await parseResponse(pdfFormsApi.savePdfForm.response, await save(form));
    expect(saved).toMatchObject({ version: 2, mappedCount: 8, mapping });

    const address = `/students/${studentId}/pdf-forms/${form.id}`;
    const { fillings } = await parseResponse(
      pdfFormsApi.listPdfFillings.response,
      await api.askDistrict('read-only', address),
    );
    expect(fillings.find(({ field }) => field === 'spanish')).toEqual({
      field: 'spanish',
      binding: 'student.homeLanguage',
      value: null,
      note: 'Details have no home language.',
    });

    const response = await api.askDistrict('read-only', `${address}/filled.pdf`);
    expect(response.headers.get('content-disposition')).toContain(
      `release-of-information-${studentId}.pdf`,
    );
    const file = await response.bytes();
    const fields = await readPdfFields(file);
    const values = Object.fromEntries([...fields].map(([name, { value }]) => [name, value]));
    expect(values).toMatchObject({
      'student.name': 'Ánh Nguyễn',
      'student.born': '03/02/2014',
      'student.stateId': '9140031220',
      parents: 'Λυδία Νικολάου, Mother',
      girl: 'Yes',
      grade: ['07'],
      school: ['Cedar Creek Middle'],
    });
    expect(fields.get('student.name')?.isReadOnly).toBe(false);
    const printed = await readPrintedText(file);
    for (const words of ['Ánh Nguyễn', 'Λυδία Νικολάου', '03/02/2014', 'Cedar Creek Middle']) {
      expect(printed).toContain(words);
    }

    const events = await api.askDistrict('administrator', `/audit?student=${studentId}`);
    expect(await events.text()).toContain('pdf-form-filled');
  });

  it('is previewed with example values or with a student, before it is saved', async () => {
    const form = await newForm();
    const preview = async (id: number | null) =>
      api.send('administrator', 'POST', `/pdf-forms/${form.id}/preview`, {
        mapping,
        studentId: id,
      });
    const { fillings } = await parseResponse(
      pdfFormsApi.previewPdfForm.response,
      await preview(null),
    );
    expect(fillings.map(({ value }) => value)).toEqual([
      'Ana Reyes',
      '04/17/2013',
      '9140031220',
      'Lucía Reyes, Mother, 936-555-0114',
      'Checked: Female',
      'yes',
      '07',
      'Cedar Creek Middle',
    ]);
    expect((await preview(foreignId)).status).toBe(404);
    const pdf = await api.askDistrict('administrator', `/pdf-forms/${form.id}/preview.pdf`);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect((await pdf.bytes()).length).toBeGreaterThan(1000);
  });

  it('that another user has changed in the meantime is not overwritten', async () => {
    const form = await newForm();
    expect((await save(form)).status).toBe(200);
    const second = await save(form, { title: 'Other' });
    expect((await errorOf(second)).code).toBe('conflict');
    const kept = await api.askDistrict('administrator', `/pdf-forms/${form.id}`);
    expect(await parseResponse(pdfFormsApi.getPdfForm.response, kept)).toMatchObject({
      version: 2,
      mapping,
    });
  });

  it('accepts a long mapping, but no unknown fields or bindings', async () => {
    const form = await newForm();
    const rejected = async (one: PdfFormMapping) => {
      const response = await save(form, { mapping: [one] });
      return (await errorOf(response)).message;
    };
    expect(await rejected(map('nowhere', 'student.name'))).toContain('no field "nowhere"');
    expect(await rejected(map('grade', 'student.shoeSize'))).toContain('does not exist');
    expect(await rejected(map('grade', 'student.name', { format: 'year' }))).toContain('as a date');
    const long = Array.from({ length: 1500 }, (_, index) =>
      map(`${'f'.repeat(100)}${index}`, 'today'),
    );
    expect((await errorOf(await save(form, { mapping: long }))).code).toBe('not-possible');
  });

  it('is removed and restored, and cannot be filled in between', async () => {
    const form = await newForm();
    const address = `/students/${studentId}/pdf-forms/${form.id}/filled.pdf`;
    const set = async (isRemoved: boolean) =>
      api.send('administrator', 'PUT', `/pdf-forms/${form.id}/removed`, { isRemoved });
    const ids = async (query = '') => {
      const response = await api.askDistrict('staff', `/pdf-forms${query}`);
      return (await parseResponse(pdfFormsApi.listPdfForms.response, response)).forms.map(
        ({ id }) => id,
      );
    };
    expect((await set(true)).status).toBe(200);
    expect((await api.askDistrict('staff', address)).status).toBe(404);
    expect(await ids()).not.toContain(form.id);
    expect(await ids('?removed=yes')).toContain(form.id);
    expect((await set(false)).status).toBe(200);
    expect((await api.askDistrict('staff', address)).status).toBe(200);
  });

  it('can be added, changed and removed by administrators only, and not by another district', async () => {
    const form = await newForm();
    for (const role of ['staff', 'read-only'] as const) {
      expect((await upload(release, { role })).status).toBe(404);
      expect((await api.askDistrict(role, `/pdf-forms/${form.id}`)).status).toBe(404);
      const removal = { isRemoved: true };
      expect((await api.send(role, 'PUT', `/pdf-forms/${form.id}/removed`, removal)).status).toBe(
        404,
      );
    }
    const other = '/api/districts/other.example';
    expect((await api.ask('technician', `${other}/pdf-forms/${form.id}`)).status).toBe(404);
    const filled = `${other}/students/${foreignId}/pdf-forms/${form.id}/filled.pdf`;
    expect((await api.ask('technician', filled)).status).toBe(404);
    const foreign = await api.askDistrict(
      'staff',
      `/students/${foreignId}/pdf-forms/${form.id}/filled.pdf`,
    );
    expect((await errorOf(foreign)).message).toContain('no student');
  });
});

describe('an unusable upload', () => {
  const messageOf = async (file: Uint8Array<ArrayBuffer>) => {
    const response = await upload(file);
    expect(response.status).toBe(422);
    return (await errorOf(response)).message;
  };

  it('is rejected with advice: not a PDF, damaged, protected, without fields, LiveCycle', async () => {
    expect(await messageOf(new TextEncoder().encode('PK not a pdf'))).toContain('not a PDF');
    expect(await messageOf(release.slice(0, 700))).toMatch(/could not be read|no form fields/);
    const empty = await buildPdfForm(() => undefined);
    expect(await messageOf(empty)).toContain('no form fields');

    const locked = await PDFDocument.load(release);
    locked.encrypt({ userPassword: '', ownerPassword: 'x' });
    expect(await messageOf(new Uint8Array(await locked.save()))).toContain('protected');

    const dynamic = await buildPdfForm((form, _, document) => {
      const { context } = document;
      form.acroForm.dict.set(
        PDFName.of('XFA'),
        context.obj(['template', context.register(context.stream('<template/>'))]),
      );
    });
    expect(await messageOf(dynamic)).toContain('LiveCycle');
  });

  it('is rejected if the same file was uploaded already', async () => {
    const file = await buildPdfForm((form, page) => form.createTextField('only').addToPage(page));
    expect((await upload(file)).status).toBe(200);
    expect(await messageOf(file)).toContain('uploaded already, as “Release of information”');
  });

  it('is rejected at 10 MB without reading the rest: 200 MB are never in memory', async () => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        given += 1024 * 1024;
        if (given > 200 * 1024 * 1024) controller.close();
        else controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    const response = await upload(endless);
    expect(response.status).toBe(413);
    expect((await errorOf(response)).message).toContain('10 MB');
    expect(given).toBeLessThan(14 * 1024 * 1024);

    const told = await upload(new Uint8Array(10), {
      headers: { 'content-length': String(200 * 1024 * 1024) },
    });
    expect(told.status).toBe(413);
  });

  it('is rejected before it is read if the caller may not upload', async () => {
    let given = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        given++;
        controller.enqueue(new Uint8Array(1024));
      },
    });
    expect((await upload(stream, { role: 'staff' })).status).toBe(404);
    expect(given).toBeLessThan(3);
  });

  it('is rejected with another content type', async () => {
    const response = await upload('{}', { headers: { 'content-type': 'application/json' } });
    expect((await errorOf(response)).message).toContain('application/pdf');
  });
});
