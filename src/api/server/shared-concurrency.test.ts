/** One district's expensive work leaves the server to the others: searches, prints, PDF forms. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { buildReleaseForm } from '../../../tests/builders/pdf-form-builder.ts';
import { insertStudent } from '../../../tests/builders/record-builder.ts';
import {
  parseResponse,
  errorOf,
  openTestApi,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import { documentsApi } from '../../contract/documents/documents.ts';
import type { Role } from '../../contract/endpoint.ts';
import { pdfFormsApi } from '../../contract/documents/pdf-forms.ts';
import { transaction } from '../../database/transaction.ts';
import { createWorkLimiters, type Work, type WorkKind } from './work-limits.ts';

/** The pool of a test has ten connections. */
const connections = 10;

let api: TestApi;
let work: Work;

/** What this file asks for, in the district of all roles and in the other one, where only technicians come. */
const paths = { demo: '/api/districts/demo.example', other: '/api/districts/other.example' };
let demo: Ids;
let other: Ids;

interface Ids {
  readonly document: number;
  readonly student: number;
  readonly pdfForm: number;
}

const send = async (role: Role, path: string, body: unknown) =>
  api.ask(role, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const upload = async (role: Role, district: string) =>
  api.ask(role, `${district}/pdf-forms?fileName=form.pdf`, {
    method: 'POST',
    body: await buildReleaseForm(),
    headers: { 'content-type': 'application/pdf' },
  });

async function fillDistrict(districtId: number, path: string): Promise<Ids> {
  const student = await insertStudent(api.database, districtId, { last_name: 'Poe' });
  const form = { form: 'education-program-cover', students: [student] };
  const { results } = await parseResponse(
    documentsApi.createDocuments.response,
    await send('technician', `${path}/documents`, form),
  );
  const pdfForm = await parseResponse(
    pdfFormsApi.uploadPdfForm.response,
    await upload('technician', path),
  );
  return { student, document: results[0]?.documentId ?? 0, pdfForm: pdfForm.id };
}

beforeAll(async () => {
  work = createWorkLimiters(connections);
  api = await openTestApi({ work });
  demo = await fillDistrict(api.districtId, paths.demo);
  other = await fillDistrict(api.otherDistrictId, paths.other);
});
afterAll(() => api.close());

const until = async (condition: () => void) =>
  vi.waitFor(condition, { timeout: 20_000, interval: 5 });

/** Work of the first district that goes on until it is let go, in every place that the district may have. */
function occupy(kind: WorkKind, places: number) {
  const gate = Promise.withResolvers<void>();
  const held = Array.from({ length: places }, async (_, owner) =>
    work[kind].take({ group: api.districtId, owner }, async () => gate.promise),
  );
  return async () => {
    gate.resolve();
    await Promise.all(held);
  };
}

/** Further work of the district by people who are not in these tests. */
const queue = (kind: WorkKind, length: number) =>
  Array.from({ length }, async (_, owner) =>
    work[kind].take({ group: api.districtId, owner: 100 + owner }, () => Promise.resolve()),
  );

describe('slow requests of one district', () => {
  it('leave connections for another one, and wait', async () => {
    const roles = ['administrator', 'staff', 'read-only'] as const;
    const slow = await transaction(api.database.pool, async (locker) => {
      await locker.query('lock table saved_views in access exclusive mode');
      const asked = Array.from({ length: 30 }, async (_, turn) =>
        api.askDistrict(roles[turn % roles.length] ?? 'staff', '/student-views'),
      );
      await until(() => expect(work.requests.counts().waiting).toBe(24));
      expect(work.requests.counts().running).toBe(6);
      expect((await api.ask('technician', `${paths.other}/students`)).status).toBe(200);
      return asked;
    });
    const statuses = (await Promise.all(slow)).map(({ status }) => status);
    expect(statuses).toEqual(Array(30).fill(200));
  });

  it('end with 429 if too many wait', async () => {
    const letGo = occupy('requests', 6);
    const waiting = queue('requests', 200);
    const response = await api.askDistrict('staff', '/students');
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '5']);
    expect((await errorOf(response)).message).toBe(
      'Others in your district have requests in progress; no more can wait at the moment.',
    );
    expect((await api.ask('technician', `${paths.other}/students`)).status).toBe(200);
    await letGo();
    await Promise.all(waiting);
    expect((await api.askDistrict('staff', '/students')).status).toBe(200);
  });
});

describe('prints of one district', () => {
  it('wait while one of another district starts next and ends first', async () => {
    const letGo = occupy('prints', 1);
    const ended: string[] = [];
    const print = async (role: Role, path: string, id: number) => {
      const response = await api.ask(role, `${path}/documents.pdf?ids=${id}`);
      ended.push(path);
      return response.status;
    };
    const own = (['administrator', 'staff', 'read-only'] as const).map(async (role) =>
      print(role, paths.demo, demo.document),
    );
    await until(() => expect(work.prints.counts().waiting).toBe(3));
    expect(await print('technician', paths.other, other.document)).toBe(200);
    expect(ended).toEqual([paths.other]);

    const further = queue('prints', 7);
    const tooManyAttempts = await api.askDistrict('staff', `/documents.zip?ids=${demo.document}`);
    expect([tooManyAttempts.status, tooManyAttempts.headers.get('retry-after')]).toEqual([
      429,
      '30',
    ]);
    await letGo();
    await Promise.all(further);
    expect(await Promise.all(own)).toEqual([200, 200, 200]);
  });
});

describe('PDF forms of one district', () => {
  const fill = async (role: Role, path: string, { student, pdfForm }: Ids) =>
    api.ask(role, `${path}/students/${student}/pdf-forms/${pdfForm}/filled.pdf`);

  it('that take long to open do not delay filling, there or elsewhere', async () => {
    const letGo = occupy('PDF uploads', 1);
    const waiting = queue('PDF uploads', 4);
    expect((await upload('administrator', paths.demo)).status).toBe(429);
    expect((await fill('staff', paths.demo, demo)).status).toBe(200);
    expect((await fill('technician', paths.other, other)).status).toBe(200);
    await letGo();
    await Promise.all(waiting);
  });

  it('that take long to fill do not delay another district', async () => {
    const letGo = occupy('PDF fillings', 1);
    const own = fill('staff', paths.demo, demo);
    await until(() => expect(work['PDF fillings'].counts().waiting).toBe(1));
    expect((await fill('technician', paths.other, other)).status).toBe(200);
    await letGo();
    expect((await own).status).toBe(200);
  });

  it('are accepted two at a time from each user, before their bytes are read', async () => {
    const { promise: never, resolve } = Promise.withResolvers<void>();
    const sending = [1, 2].map(async () =>
      api.askDistrict('administrator', '/pdf-forms?fileName=form.pdf', {
        method: 'POST',
        headers: { 'content-type': 'application/pdf' },
        body: ReadableStream.from(
          (async function* () {
            yield Buffer.from('%PDF-1.7');
            await never;
          })(),
        ),
        duplex: 'half',
      }),
    );
    await until(() => expect(work.uploads.counts().running).toBe(2));
    expect((await upload('administrator', paths.demo)).status).toBe(429);
    resolve();
    expect((await Promise.all(sending)).map(({ status }) => status)).toEqual([422, 422]);
  });
});
