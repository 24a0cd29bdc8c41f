import { once } from 'node:events';

import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readPdf } from '../../../tests/builders/pdf-text.ts';
import { insertRun, insertStudent } from '../../../tests/builders/record-builder.ts';
import {
  parseResponse,
  emailOf,
  errorOf,
  openTestApi,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import {
  type Document,
  type DocumentStep,
  documentsApi,
} from '../../contract/documents/documents.ts';
import type { Role } from '../../contract/endpoint.ts';
import type { FieldValue } from '../../contract/documents/form-template.ts';

let api: TestApi;
let runId = 0;

beforeAll(async () => {
  api = await openTestApi();
  runId = await insertRun(api.database, api.districtId);
});
afterAll(() => api.close());

let lastSkyward = 100;
const addStudent = async (more: Parameters<typeof insertStudent>[2] = {}): Promise<number> =>
  insertStudent(api.database, api.districtId, {
    skyward_id: ++lastSkyward,
    student_number: String(lastSkyward),
    legal_first_name: 'Ana',
    legal_last_name: 'Núñez',
    birth_date: '2014-03-02',
    gender: 'F',
    entity_id: 402,
    school_name: 'Cedar Creek Middle',
    first_run_id: runId,
    ...more,
  });

const create = async (
  studentIds: number[],
  form = 'education-program-cover',
  role: Role = 'staff',
) => {
  const response = await api.send(role, 'POST', '/documents', { form, students: studentIds });
  return (await parseResponse(documentsApi.createDocuments.response, response)).results;
};
const createOne = async (form?: string, role?: Role) => {
  const studentId = await addStudent();
  const [result] = await create([studentId], form, role);
  return { studentId, id: result?.documentId ?? 0 };
};
const open = async (id: number, role: Role = 'staff'): Promise<Document> =>
  parseResponse(documentsApi.getDocument.response, await api.askDistrict(role, `/documents/${id}`));
const save = async (
  id: number,
  version: number,
  values: Readonly<Record<string, FieldValue>>,
  role: Role = 'staff',
) => api.send(role, 'PATCH', `/documents/${id}`, { version, values });
const step = async (id: number, version: number, one: DocumentStep, role: Role = 'staff') =>
  api.send(role, 'POST', `/documents/${id}/steps`, { version, step: one });
const list = async (query: string, role: Role = 'staff') =>
  parseResponse(
    documentsApi.listDocuments.response,
    await api.askDistrict(role, `/documents${query}`),
  );
const valueOf = (document: Document, key: string) =>
  document.fields.find((field) => field.key === key);
const moveStudent = async (studentId: number, school: string) =>
  api.database.pool.query(
    `update students set school_name = $2, updated_at = clock_timestamp() where id = $1`,
    [studentId, school],
  );
const events = async (id: number) => {
  const response = await api.askDistrict('staff', `/documents/${id}/versions`);
  return (await parseResponse(documentsApi.listDocumentVersions.response, response)).versions;
};

describe('forms', () => {
  it('are seven, and all values that can fill them are described', async () => {
    const forms = await parseResponse(
      documentsApi.listForms.response,
      await api.askDistrict('read-only', '/forms'),
    );
    expect(forms.forms.map(({ key }) => key)).toContain('section-504-plan');
    expect(forms.forms).toHaveLength(7);
    const response = await api.askDistrict('read-only', '/form-bindings');
    const { bindings } = await parseResponse(documentsApi.listFormBindings.response, response);
    expect(bindings.map(({ path }) => path)).toContain('guardians[1].phone.home');
  });
});

describe('R5: a new document', () => {
  it('is filled from the current Details, each value with its source', async () => {
    const studentId = await addStudent({
      guardians: [{ first_name: 'Lucía', last_name: 'Vega', relationship: 'Mother' }],
    });
    await api.database.pool.query(
      `insert into student_staff_values (district_id, student_id, field, value, changed_by, changed_by_name)
       values ($1, $2, 'pronouns', 'they/them', gen_random_uuid(), 'Sam Poe')`,
      [api.districtId, studentId],
    );
    const [result] = await create([studentId]);
    const document = await open(result?.documentId ?? 0);
    expect(document).toMatchObject({ state: 'incomplete', version: 1, changes: [] });
    const skyward = { kind: 'skyward', importDate: '2026-11-23', by: null };
    expect(valueOf(document, 'name')).toMatchObject({ value: 'Ana Núñez', source: skyward });
    expect(valueOf(document, 'gender')).toMatchObject({ value: 'Female', source: skyward });
    expect(valueOf(document, 'pronouns')?.source?.kind).toBe('manual');
    expect(valueOf(document, 'stateId')).toMatchObject({ note: 'Details have no state ID.' });
    expect(valueOf(document, 'guardians')?.value).toMatchObject([
      { name: 'Lucía Vega', relationship: 'Mother' },
    ]);
  });

  it('is created for many students at once; those of other districts and schools are not found', async () => {
    const mine = [await addStudent(), await addStudent()];
    const foreign = await insertStudent(api.database, api.otherDistrictId);
    const results = await create([...mine, foreign, ...mine], 'transfer-letter');
    expect(results.map(({ outcome }) => outcome)).toEqual([
      'created',
      'created',
      'student-not-found',
    ]);
  });

  it('is the only one of its form until it is complete, unless the form allows several', async () => {
    const { studentId, id } = await createOne();
    expect(await create([studentId])).toEqual([
      { studentId, outcome: 'already-exists', documentId: id },
    ]);
    await create([studentId], 'meeting-notice');
    await create([studentId], 'meeting-notice');
    expect((await list(`?student=${studentId}`)).rows).toHaveLength(3);
  });

  it('is the only one even if two users create it at the same time', async () => {
    const studentId = await addStudent();
    const results = await Promise.all(
      Array.from({ length: 8 }, async () => (await create([studentId]))[0]),
    );
    expect(results.filter((one) => one?.outcome === 'created')).toHaveLength(1);
    expect(new Set(results.map((one) => one?.documentId)).size).toBe(1);
  });

  it('names the import date of the values if the last import did not receive the student', async () => {
    const earlier = { today: '2026-10-01', started_at: '2026-10-01T08:00:00Z' };
    const runOfChange = await insertRun(api.database, api.districtId, earlier);
    const studentId = await addStudent({
      missing_since_run_id: runId,
      first_run_id: runOfChange,
    });
    const [asBrought] = await create([studentId]);
    const first = await open(asBrought?.documentId ?? 0);
    expect(valueOf(first, 'name')?.source).toMatchObject({ importDate: '2026-10-01' });
  });

  it('of a batch is created once however often it is requested, even if a form allows several', async () => {
    const students = [await addStudent(), await addStudent()];
    const batch = '0b3e7c1a-9f53-4c6e-8a77-5d3f2b1c9e10';
    const body = { form: 'meeting-notice', students, batch, dueOn: '2026-12-04' };
    const send = async () =>
      parseResponse(
        documentsApi.createDocuments.response,
        await api.send('staff', 'POST', '/documents', body),
      );
    const [first, second] = await Promise.all([send(), send()]);
    expect(first).toEqual(second);
    expect(first.results.map(({ outcome }) => outcome)).toEqual(['created', 'created']);
    const { rows } = await list(`?batch=${batch}`);
    expect(rows.map(({ dueOn }) => dueOn)).toEqual(['2026-12-04', '2026-12-04']);
  });

  it('cannot be created by read-only users, nor of an unknown form', async () => {
    const studentId = await addStudent();
    const body = { form: 'transfer-letter', students: [studentId] };
    expect((await api.send('read-only', 'POST', '/documents', body)).status).toBe(404);
    const unknown = { form: 'tax-return', students: [studentId] };
    expect((await api.send('staff', 'POST', '/documents', unknown)).status).toBe(404);
  });
});

describe('a save', () => {
  it('stores the values and the user, and counts the versions', async () => {
    const { id } = await createOne();
    const saved = await parseResponse(
      documentsApi.getDocument.response,
      await save(id, 1, { meetingType: 'Annual', meetingDate: '2026-12-01' }),
    );
    expect(saved.version).toBe(2);
    expect(valueOf(saved, 'meetingType')).toEqual({
      key: 'meetingType',
      value: 'Annual',
      source: { kind: 'typed', importDate: null, by: 'Sam Poe' },
      note: null,
    });
    const same = await save(id, 2, { meetingType: 'Annual' });
    expect((await parseResponse(documentsApi.getDocument.response, same)).version).toBe(2);
  });

  it('of an older version is rejected and changes nothing', async () => {
    const { id } = await createOne();
    await save(id, 1, { meetingType: 'Annual' });
    const late = await save(id, 1, { meetingType: 'Review' }, 'administrator');
    expect(late.status).toBe(409);
    expect((await errorOf(late)).code).toBe('conflict');
    expect(valueOf(await open(id), 'meetingType')?.value).toBe('Annual');
  });

  it.each([
    ['an unknown field', { shoeSize: '42' }],
    ['a choice that is not offered', { meetingType: 'Party' }],
    ['no day', { meetingDate: '2026-02-30' }],
    ['text in a table of people', { guardians: 'Lucía' }],
    ['an unknown column', { guardians: [{ shoeSize: '42' }] }],
  ] as const)('of %s is refused', async (_, values) => {
    const { id } = await createOne();
    const rejected = await save(id, 1, values as unknown as Record<string, FieldValue>);
    expect(rejected.status).toBe(422);
    expect((await open(id)).version).toBe(1);
  });

  it.each(['a\0b', 'a\ud800b'])('of %j is refused', async (name) => {
    const { id } = await createOne();
    expect((await save(id, 1, { name })).status).toBe(400);
    expect((await open(id)).version).toBe(1);
  });

  it('of a field of 1 MB is rejected', async () => {
    const { id } = await createOne();
    expect((await save(id, 1, { name: 'x'.repeat(1_000_000) })).status).toBeOneOf([400, 413]);
  });
});

describe('when Details have changed since', () => {
  it('the document lists the changes, and changes nothing until a user updates it, field by field', async () => {
    const { studentId, id } = await createOne();
    await api.database.pool.query(`update students set grade = '08' where id = $1`, [studentId]);
    await moveStudent(studentId, 'Lakeview High');
    const told = await open(id);
    expect(told.version).toBe(1);
    expect(told.changes.map(({ key, before, current }) => [key, before, current])).toEqual([
      ['grade', null, '08'],
      ['school', 'Cedar Creek Middle', 'Lakeview High'],
    ]);
    expect(valueOf(told, 'school')?.value).toBe('Cedar Creek Middle');
    expect((await list(`?student=${studentId}&changed=yes`)).rows).toHaveLength(1);
    const body = { version: 1, update: ['school'], keep: ['grade'] };
    const response = await api.send('staff', 'POST', `/documents/${id}/details`, body);
    const taken = await parseResponse(documentsApi.getDocument.response, response);
    expect(taken.changes).toEqual([]);
    expect(valueOf(taken, 'school')?.value).toBe('Lakeview High');
    expect(valueOf(taken, 'grade')?.value).toBeNull();
    expect((await list(`?student=${studentId}&changed=yes`)).rows).toHaveLength(0);
  });

  it('a complete document never changes and lists nothing', async () => {
    const { studentId, id } = await createOne();
    await save(id, 1, { meetingDate: '2026-12-01' });
    expect((await step(id, 2, 'complete')).status).toBe(200);
    const before = await open(id);
    await moveStudent(studentId, 'Lakeview High');
    expect((await open(id)).fields).toEqual(before.fields);
    expect((await open(id)).changes).toEqual([]);
    expect((await save(id, 3, { meetingType: 'Annual' })).status).toBe(422);
    const body = { version: 3, update: ['school'], keep: [] };
    expect((await api.send('staff', 'POST', `/documents/${id}/details`, body)).status).toBe(422);
  });
});

describe('the states of a document', () => {
  it('says who completed it, also after someone else has deleted and restored it', async () => {
    const { id } = await createOne('transfer-letter');
    await step(id, 1, 'complete');
    await step(id, 2, 'delete', 'administrator');
    await step(id, 3, 'restore', 'administrator');
    expect(await open(id)).toMatchObject({ state: 'complete', completedBy: 'Sam Poe' });
  });

  it('lets its owner complete it once the required fields are filled, and amend it', async () => {
    const { id } = await createOne();
    const early = await step(id, 1, 'complete');
    expect(early.status).toBe(422);
    expect((await errorOf(early)).message).toContain('(Meeting date)');
    await save(id, 1, { meetingDate: '2026-12-01' });
    const complete = await parseResponse(
      documentsApi.getDocument.response,
      await step(id, 2, 'complete'),
    );
    expect(complete).toMatchObject({ state: 'complete', mayChange: false, completedBy: 'Sam Poe' });
    expect(complete.steps).toEqual(['amend', 'delete']);
    const amended = await parseResponse(
      documentsApi.getDocument.response,
      await step(id, 3, 'amend'),
    );
    expect(amended).toMatchObject({ state: 'incomplete', mayChange: true, completedAt: null });
  });

  it("lets only an administrator complete and reopen another user's document", async () => {
    const { id } = await createOne('transfer-letter', 'administrator');
    expect((await step(id, 1, 'complete')).status).toBe(422);
    expect((await open(id)).steps).toEqual([]);
    expect((await step(id, 1, 'complete', 'technician')).status).toBe(200);
    expect((await step(id, 2, 'reopen')).status).toBe(422);
    expect((await step(id, 2, 'reopen', 'technician')).status).toBe(200);
    expect((await step(id, 3, 'complete', 'read-only')).status).toBe(404);
  });

  it('does not reopen a second one of a form that allows only one', async () => {
    const { studentId, id } = await createOne('evaluation-consent');
    await step(id, 1, 'complete');
    await create([studentId], 'evaluation-consent');
    const rejected = await step(id, 2, 'amend');
    expect(rejected.status).toBe(422);
    expect((await errorOf(rejected)).message).toContain('already has an incomplete document');
  });

  it('restores a deleted one within 90 days', async () => {
    const { studentId, id } = await createOne();
    await step(id, 1, 'delete');
    expect((await list(`?student=${studentId}`)).rows).toEqual([]);
    expect((await list(`?student=${studentId}&deleted=yes`)).rows).toHaveLength(1);
    expect((await open(id)).steps).toEqual(['restore']);
    expect((await save(id, 2, { meetingType: 'Annual' })).status).toBe(422);
    expect((await step(id, 2, 'restore')).status).toBe(200);
    await step(id, 3, 'delete');
    await api.database.pool.query(
      `update documents set deleted_at = now() - interval '91 days' where id = $1`,
      [id],
    );
    expect((await step(id, 4, 'restore')).status).toBe(404);
    expect((await list(`?student=${studentId}&deleted=yes`)).rows).toEqual([]);
  });

  it('copies a complete one with current demographics and its own text', async () => {
    const { studentId, id } = await createOne();
    await save(id, 1, { meetingDate: '2026-12-01', administrator: 'Sam Poe' });
    expect((await api.send('staff', 'POST', `/documents/${id}/copies`, {})).status).toBe(422);
    await step(id, 2, 'complete');
    await moveStudent(studentId, 'Lakeview High');
    const response = await api.send('staff', 'POST', `/documents/${id}/copies`, {});
    const copy = await open((await parseResponse(documentsApi.copyDocument.response, response)).id);
    expect(valueOf(copy, 'school')?.value).toBe('Lakeview High');
    expect(valueOf(copy, 'meetingDate')?.value).toBe('2026-12-01');
    expect(valueOf(copy, 'administrator')?.value).toBeNull();
  });
});

describe('the history of a document', () => {
  it('lists who did what, with edits of ten minutes as one, and every version can be read', async () => {
    const { id } = await createOne();
    await save(id, 1, { meetingType: 'Annual' });
    await save(id, 2, { meetingType: 'Review', meetingDate: '2026-12-01' });
    await step(id, 3, 'complete');
    expect((await events(id)).map(({ version, event }) => [version, event])).toEqual([
      [4, 'completed'],
      [3, 'edited'],
      [1, 'created'],
    ]);
    const first = await api.askDistrict('read-only', `/documents/${id}/versions/1`);
    const { fields } = await parseResponse(documentsApi.getDocumentVersion.response, first);
    expect(fields.find(({ key }) => key === 'meetingType')?.value).toBeNull();
    expect((await api.askDistrict('staff', `/documents/${id}/versions/2`)).status).toBe(404);
  });

  it('starts another version after ten minutes or when another user edits', async () => {
    const { id } = await createOne();
    await save(id, 1, { meetingType: 'Annual' });
    await save(id, 2, { meetingType: 'Review' }, 'administrator');
    await api.database.pool.query(
      `update document_versions set began_at = began_at - interval '11 minutes' where document_id = $1`,
      [id],
    );
    await save(id, 3, { meetingType: 'Initial' }, 'administrator');
    expect((await events(id)).map(({ version }) => version)).toEqual([4, 3, 2, 1]);
  });

  it('leaves entries in the audit trail without values of students', async () => {
    const { studentId, id } = await createOne();
    await save(id, 1, { meetingDate: '2026-12-01' });
    await open(id);
    await step(id, 2, 'complete');
    const { rows } = await api.database.pool.query<{ action: string; detail: unknown }>(
      `select action, detail from audit_events where student_id = $1 order by id`,
      [studentId],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'document-created',
      'document-changed',
      'document-viewed',
      'document-step',
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/Núñez|2014|Cedar/);
  });
});

describe('who sees documents', () => {
  it('is who sees the student: those of other schools and districts are not found', async () => {
    const { studentId, id } = await createOne('transfer-letter', 'administrator');
    await api.database.pool.query(`update accounts set schools = '{401}' where email = $1`, [
      emailOf('read-only'),
    ]);
    for (const path of ['', '/versions', '/versions/1', '/document.pdf']) {
      const response = await api.askDistrict('read-only', `/documents/${id}${path}`);
      expect(response.status).toBe(404);
    }
    expect((await list(`?student=${studentId}`, 'read-only')).rows).toEqual([]);
    await api.database.pool.query(`update accounts set schools = null where email = $1`, [
      emailOf('read-only'),
    ]);
    expect((await list(`?student=${studentId}`, 'read-only')).rows).toHaveLength(1);
    const other = `/api/districts/other.example/documents/${id}`;
    expect((await api.ask('technician', other)).status).toBe(404);
  });

  it('prevents deleting a student with documents, and merges those of two records', async () => {
    const kept = await addStudent();
    const removed = await addStudent();
    await create([kept, removed]);
    await api.database.pool.query(`update students set skyward_id = null where id = $1`, [removed]);
    const gone = await api.send('administrator', 'DELETE', `/manual-students/${removed}`);
    expect(gone.status).toBe(409);
    expect((await errorOf(gone)).code).toBe('still-needed');
    const client = await api.database.pool.connect();
    try {
      await client.query('begin');
      await client.query(`set local daybreak.district_id = '${api.districtId}'`);
      await client.query(`set local daybreak.schools = ''`);
      await client.query(`select merge_students($1, $2, '{}', gen_random_uuid(), 'Sam Poe')`, [
        kept,
        removed,
      ]);
      await client.query('commit');
    } finally {
      client.release();
    }
    expect((await list(`?student=${kept}`, 'administrator')).rows).toHaveLength(2);
  });
});

describe('the due date of a document', () => {
  it('finds what is overdue or due soon, and is cleared on completion', async () => {
    const { studentId, id } = await createOne('transfer-letter');
    const set = async (dueOn: string | null) =>
      api.send('staff', 'PUT', `/documents/${id}/due`, { dueOn });
    const found = async (due: string) =>
      (await list(`?student=${studentId}&due=${due}`)).rows.length;
    expect(await found('any')).toBe(0);
    const today = Temporal.Now.plainDateISO('America/Chicago');
    expect((await set(today.subtract({ days: 1 }).toString())).status).toBe(200);
    expect([await found('overdue'), await found('week'), await found('any')]).toEqual([1, 0, 1]);
    for (const days of [0, 6]) {
      await set(today.add({ days }).toString());
      expect([await found('overdue'), await found('week')]).toEqual([0, 1]);
    }
    await set(today.add({ days: 7 }).toString());
    expect([await found('week'), await found('month')]).toEqual([0, 1]);
    await set(today.add({ days: 30 }).toString());
    expect([await found('month'), await found('any')]).toEqual([0, 1]);
    await set(today.add({ days: 20 }).toString());
    expect([await found('week'), await found('month')]).toEqual([0, 1]);
    const document = await open(id);
    expect([document.version, document.dueOn]).toEqual([1, today.add({ days: 20 }).toString()]);
    await step(id, 1, 'delete');
    expect([await found('any'), (await set(null)).status]).toEqual([0, 422]);
  });

  it('is counted with other incomplete documents, by owner', async () => {
    const before = await counts();
    const { id } = await createOne('transfer-letter');
    await api.send('staff', 'PUT', `/documents/${id}/due`, { dueOn: '2020-01-01' });
    const after = await counts();
    expect([after.incomplete, after.mine, after.overdue]).toEqual([
      before.incomplete + 1,
      before.mine + 1,
      before.overdue + 1,
    ]);
    const [owner] = after.owners.filter(({ name }) => name === 'Sam Poe');
    expect(owner?.incomplete).toBe(after.mine);
    const { rows } = await list(`?owner=${owner?.accountId ?? ''}&due=overdue`);
    expect(rows.map((row) => row.id)).toContain(id);
  });
});

const counts = async () =>
  parseResponse(
    documentsApi.countDocuments.response,
    await api.askDistrict('staff', '/document-counts'),
  );

describe('exports and prints', () => {
  it('one PDF has many documents, by student, each with its own page numbers', async () => {
    const students = [
      await addStudent({ last_name: 'Zimmer', first_name: 'Ada' }),
      await addStudent({ last_name: 'Abel', first_name: 'Ben' }),
    ];
    const batch = crypto.randomUUID();
    await api.send('staff', 'POST', '/documents', { form: 'section-504-plan', students, batch });
    const response = await api.askDistrict('read-only', `/documents.pdf?batch=${batch}`);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    const pdf = await readPdf(new Uint8Array(await response.arrayBuffer()));
    expect(pdf).toMatchObject({ title: '2 documents of Demo District', isTagged: true });
    expect(pdf.text.indexOf('Ben Abel')).toBeLessThan(pdf.text.indexOf('Ada Zimmer'));
    expect(pdf.text.match(/Page 1 of/g)).toHaveLength(2);
    expect(pdf.roles.filter((role) => role === 'H1')).toHaveLength(2);
    const { rows } = await api.database.pool.query(
      `select from audit_events where action = 'document-printed' and student_id = any($1)`,
      [students],
    );
    expect(rows).toHaveLength(2);
  });

  it('a zip has PDFs with names that any system accepts', async () => {
    const studentId = await addStudent({ last_name: '../O"Brien: <b>', first_name: 'Łucja' });
    const [one] = await create([studentId], 'transfer-letter');
    const id = one?.documentId ?? 0;
    const response = await api.askDistrict('staff', `/documents.zip?ids=${id}`);
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
    const names = Object.keys(files);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^O Brien b Łucja \d+ .+ \d+\.pdf$/);
    const pdf = await readPdf(Object.values(files)[0] ?? new Uint8Array());
    expect(pdf.text).toContain('Ana Núñez');
  });

  it('fail if nothing matches, or only documents of other schools or deleted ones', async () => {
    const { id } = await createOne('transfer-letter');
    await step(id, 1, 'delete');
    expect((await api.askDistrict('staff', `/documents.pdf?ids=${id}`)).status).toBe(422);
    expect((await api.askDistrict('staff', '/documents.pdf?ids=1;drop')).status).toBe(400);
    const other = await createOne('transfer-letter');
    const print = async () => api.askDistrict('read-only', `/documents.zip?ids=${other.id}`);
    await api.database.pool.query(`update accounts set schools = '{401}' where email = $1`, [
      emailOf('read-only'),
    ]);
    expect((await print()).status).toBe(422);
    await api.database.pool.query(`update accounts set schools = null where email = $1`, [
      emailOf('read-only'),
    ]);
    const response = await print();
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });

  it('a PDF has the text of the document', async () => {
    const [one] = await create([await addStudent({ last_name: 'Núñez', first_name: 'Ana' })]);
    const id = one?.documentId ?? 0;
    await save(id, 1, { meetingType: 'Annual', nextDue: '2027-12-01' });
    // In a thread: a text of one endless word takes seconds, in which the server has to answer others.
    const thread = once(process, 'worker');
    const response = await api.askDistrict('read-only', `/documents/${id}/document.pdf`);
    await thread;
    expect(response.headers.get('content-type')).toBe('application/pdf');
    const pdf = await readPdf(new Uint8Array(await response.arrayBuffer()));
    for (const words of ['Ana Núñez', 'Annual', 'December 1, 2027', 'Demo District']) {
      expect(pdf.text).toContain(words);
    }
    expect(pdf.text).toContain('Incomplete, version 2');
    expect(response.headers.get('content-disposition')).toMatch(
      /^inline; filename="Nunez-Ana-IEP-Cover-Page-\d{4}-\d\d-\d\d\.pdf"; filename\*=UTF-8''N%C3%BA%C3%B1ez-Ana-/,
    );
  });

  it('a PDF opens the print dialog when it is asked to', async () => {
    const { id } = await createOne();
    const read = async (query: string) =>
      (await api.askDistrict('staff', `/documents/${id}/document.pdf${query}`)).text();
    expect(await read('?print=yes')).toContain('/OpenAction');
    expect(await read('')).not.toContain('/OpenAction');
  });

  it('a table has no cells that begin a formula', async () => {
    const studentId = await addStudent({ last_name: '=HYPERLINK("x")' });
    await create([studentId]);
    const response = await api.askDistrict('staff', `/documents.csv?student=${studentId}`);
    const csv = await response.text();
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`);
    expect(csv.trimEnd().split('\r\n')).toHaveLength(2);
  });
});
