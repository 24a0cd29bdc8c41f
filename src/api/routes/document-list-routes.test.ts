/** The list of all documents: search, order, pages, and changes of several documents at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { insertRun, insertStudent } from '../../../tests/builders/record-builder.ts';
import {
  emailOf,
  openTestApi,
  parseResponse,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import { documentsApi } from '../../contract/documents/documents.ts';
import type { Role } from '../../contract/endpoint.ts';

let api: TestApi;
/** Ids of the documents by a name of this test. */
const ids = { ana: 0, ben: 0, zoe: 0 };

beforeAll(async () => {
  api = await openTestApi();
  const runId = await insertRun(api.database, api.districtId);
  const add = async (number: number, name: string, more: Parameters<typeof insertStudent>[2]) =>
    insertStudent(api.database, api.districtId, {
      skyward_id: number,
      student_number: String(number),
      first_name: name,
      legal_first_name: name,
      birth_date: '2014-03-02',
      entity_id: 402,
      first_run_id: runId,
      ...more,
    });
  const ana = await add(7001, 'Ana', {
    last_name: 'Núñez',
    legal_last_name: 'Núñez',
    grade: '07',
    school_name: 'Cedar',
  });
  const ben = await add(7002, 'Ben', {
    last_name: 'Abel',
    legal_last_name: 'Abel',
    grade: 'KG',
    school_name: 'Oak',
  });
  const zoe = await add(7003, 'Zoë', {
    last_name: 'Birch',
    legal_last_name: 'Birch',
    legal_first_name: 'Zoraida',
    student_number: 'B-7003',
    grade: '10',
    school_name: 'Oak',
  });
  ids.zoe = await create(zoe, 'transfer-letter', 'administrator');
  ids.ana = await create(ana, 'transfer-letter', 'staff');
  ids.ben = await create(ben, 'education-program-cover', 'staff');
  await api.database.pool.query(
    `update documents set created_by_name = 'Renata Holloway' where id = $1`,
    [ids.zoe],
  );
  await send('PUT', '/documents/due', { ids: [ids.ana], dueOn: '2026-12-04' });
  await send('PUT', '/documents/due', { ids: [ids.ben], dueOn: '2026-12-01' });
});
afterAll(() => api.close());

const send = async (
  method: 'POST' | 'PUT',
  path: string,
  body: unknown,
  role: Role = 'staff',
): Promise<Response> => api.send(role, method, path, body);

async function create(student: number, form: string, role: Role): Promise<number> {
  const response = await send('POST', '/documents', { form, students: [student] }, role);
  const { results } = await parseResponse(documentsApi.createDocuments.response, response);
  return results[0]?.documentId ?? 0;
}

const list = async (query: string, role: Role = 'staff') =>
  parseResponse(
    documentsApi.listDocuments.response,
    await api.askDistrict(role, `/documents?${query}`),
  );
const names = async (query: string, role?: Role) =>
  (await list(query, role)).rows.map(({ student }) => student.name.first);

describe('the list of documents', () => {
  it.each([
    ['nunez', ['Ana']],
    ['ana nuñ', ['Ana']],
    ['7002', ['Ben']],
    ['transfer', ['Ana', 'Zoë']],
    ['transfer zoe', ['Zoë']],
    ['sam poe', ['Ben', 'Ana']],
    ['letter poe', ['Ana']],
    ['birch zoraida', ['Zoë']],
    ['b-7003', ['Zoë']],
    ['holloway', ['Zoë']],
    ['unez', []],
    ['%', []],
  ])('finds %j by student, form and owner', async (search, expected) => {
    expect(await names(`search=${encodeURIComponent(search)}`)).toEqual(expected);
  });

  it.each([
    ['student', ['Ben', 'Zoë', 'Ana']],
    ['-student', ['Ana', 'Zoë', 'Ben']],
    ['grade', ['Ben', 'Ana', 'Zoë']],
    ['school', ['Ana', 'Ben', 'Zoë']],
    ['due', ['Ben', 'Ana', 'Zoë']],
    ['-due', ['Ana', 'Ben', 'Zoë']],
    ['-changed', ['Ben', 'Ana', 'Zoë']],
    ['changed', ['Zoë', 'Ana', 'Ben']],
  ])('sorts by %s, those without a value last', async (sort, expected) => {
    expect(await names(`sort=${sort}`)).toEqual(expected);
  });

  it('counts all matching documents and has pages of 50', async () => {
    const several = await Promise.all(
      Array.from({ length: 60 }, async (_, index) =>
        insertStudent(api.database, api.districtId, {
          skyward_id: 8000 + index,
          student_number: String(8000 + index),
          last_name: 'Paged',
          entity_id: 402,
        }),
      ),
    );
    await send('POST', '/documents', { form: 'transfer-letter', students: several });
    const first = await list('search=paged&sort=student');
    expect([first.rows.length, first.total, first.hasMore]).toEqual([50, 60, true]);
    const second = await list('search=paged&sort=student&page=2');
    expect([second.rows.length, second.total, second.hasMore]).toEqual([10, 60, false]);
    const all = [...first.rows, ...second.rows].map(({ id }) => id);
    expect(new Set(all).size).toBe(60);
    expect((await list('search=paged&page=9')).total).toBe(60);
  });
});

describe('a change of several documents', () => {
  const complete = async (selected: readonly number[], role: Role = 'staff') => {
    const response = await send('POST', '/documents/complete', { ids: selected }, role);
    return (await parseResponse(documentsApi.completeDocuments.response, response)).results;
  };

  it('completes what is filled in and says why not of the others', async () => {
    const results = await complete([ids.ben, ids.ana, ids.zoe, 999_999]);
    expect(results).toEqual([
      { documentId: ids.ben, outcome: 'fields-missing', missing: ['Meeting date'] },
      { documentId: ids.ana, outcome: 'completed', missing: [] },
      { documentId: ids.zoe, outcome: 'not-allowed', missing: [] },
      { documentId: 999_999, outcome: 'not-found', missing: [] },
    ]);
    expect(await names('state=complete')).toEqual(['Ana']);
    expect(await complete([ids.ana])).toMatchObject([{ outcome: 'already-complete' }]);
    const { rows } = await api.database.pool.query(
      `select v.event, e.detail->>'step' as step from document_versions v
       join documents d on d.id = v.document_id
       join audit_events e on e.student_id = d.student_id and e.action = 'document-step'
       where v.document_id = $1 and v.version = 2`,
      [ids.ana],
    );
    expect(rows).toEqual([{ event: 'completed', step: 'complete' }]);
  });

  it('sets the due date of incomplete ones only', async () => {
    const response = await send('PUT', '/documents/due', {
      ids: [ids.ben, ids.ana, 999_999],
      dueOn: '2026-12-11',
    });
    const { changed } = await parseResponse(documentsApi.setDocumentsDue.response, response);
    expect(changed).toEqual([ids.ben]);
    const cleared = await send('PUT', '/documents/due', { ids: [ids.ben], dueOn: null });
    expect(cleared.status).toBe(200);
    expect((await list('due=any')).rows).toEqual([]);
  });

  it('updates incomplete ones with all that has changed in Details', async () => {
    await api.database.pool.query(
      `update students set school_name = 'Elm', grade = '01' where student_number in ('7001', '7002')`,
    );
    const response = await send('POST', '/documents/details', { ids: [ids.ana, ids.ben, 999_999] });
    const { updated } = await parseResponse(
      documentsApi.updateDocumentsFromDetails.response,
      response,
    );
    // Ana's is complete.
    expect(updated).toEqual([ids.ben]);
    const document = await parseResponse(
      documentsApi.getDocument.response,
      await api.askDistrict('staff', `/documents/${ids.ben}`),
    );
    expect(document).toMatchObject({ version: 2, changes: [] });
    expect(document.fields.map(({ value }) => value)).toEqual(
      expect.arrayContaining(['Elm', '01']),
    );
  });

  it('reaches only documents of the schools of the user, and needs permission to write', async () => {
    await api.database.pool.query(`update accounts set schools = '{401}' where email = $1`, [
      emailOf('staff'),
    ]);
    const response = await send('PUT', '/documents/due', { ids: [ids.ben], dueOn: '2026-12-11' });
    expect(await response.json()).toEqual({ changed: [] });
    expect(await complete([ids.ben])).toMatchObject([{ outcome: 'not-found' }]);
    await api.database.pool.query(`update accounts set schools = null where email = $1`, [
      emailOf('staff'),
    ]);
    const denied = await send('POST', '/documents/complete', { ids: [ids.ben] }, 'read-only');
    expect(denied.status).toBe(404);
  });
});
