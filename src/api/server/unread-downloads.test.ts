/**
 * Those who ask for a file and do not read it hold up nobody: no connection, no turn, and themselves not for long.
 */
import { connect } from 'node:net';

import type { PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';

import { importLock } from '../../database/import-lock.ts';
import { insertRun, insertStudent } from '../../../tests/builders/record-builder.ts';
import { buildReleaseForm } from '../../../tests/builders/pdf-form-builder.ts';
import {
  parseResponse,
  errorOf,
  openTestApi,
  type TestApi,
  testDistrict,
} from '../../../tests/servers/test-api.ts';
import { requestUnread, type UnreadRequest } from '../../../tests/servers/unread-request.ts';
import { documentsApi } from '../../contract/documents/documents.ts';
import { type Endpoint, belongsToDistrict, type Role } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { pdfFormsApi } from '../../contract/documents/pdf-forms.ts';
import { openWebDatabase } from '../../database/web-database.ts';
import { type RunningServer, type ServerOptions, startServer } from './server.ts';
import type { SlowClientLimits } from './slow-clients.ts';
import { TemporaryFiles } from './temporary-file.ts';
import { createWorkLimiters, type Work, type WorkKind, type WorkLimiters } from './work-limits.ts';

/** Long enough that nothing ends by itself in this file, and as short as can be. */
const patient: SlowClientLimits = { stallMs: 600_000, bytesPerSecond: 1 };
const impatient: SlowClientLimits = { stallMs: 120, bytesPerSecond: 1 };
const demanding: SlowClientLimits = { stallMs: 120, bytesPerSecond: 1024 * 1024 * 1024 };

let api: TestApi;
let web: ReturnType<typeof openWebDatabase>;
/** A server with what can be seen of it from inside. */
interface Watched extends RunningServer {
  readonly work: Work;
  readonly files: TemporaryFiles;
}
let server: Watched;
let importer: PoolClient;
const servers: RunningServer[] = [];
const open = async ({
  slowClientLimits = patient,
  files = new TemporaryFiles(),
  limits,
  eventsEveryMs,
  requestTimeouts,
}: {
  readonly slowClientLimits?: SlowClientLimits;
  readonly files?: TemporaryFiles;
  readonly limits?: WorkLimiters;
  readonly eventsEveryMs?: number;
  readonly requestTimeouts?: ServerOptions['requestTimeouts'];
} = {}): Promise<Watched> => {
  const { accounts, logger: log } = api;
  const work = createWorkLimiters(2, limits);
  const shared = {
    work,
    temporaryFiles: files,
    eventsEveryMs,
    slowClientLimits,
    requestTimeouts,
  };
  const started = await startServer({ database: { web }, accounts, log, port: 0, ...shared });
  servers.push(started);
  return { ...started, work, files };
};

/** Values in the paths of the endpoints below. */
let ids: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  api = await openTestApi();
  const { database, districtId, otherDistrictId } = api;
  const student = await insertStudent(database, districtId, { last_name: 'Poe' });
  await insertStudent(database, otherDistrictId, { last_name: 'Roe' });
  // 13 MB of CSV in several batches: thrice what the kernel's buffers take. The same of the audit trail.
  await database.pool.query(
    `insert into students (district_id, skyward_id, legal_first_name, legal_last_name, status, status_rule, first_run_id, school_name)
     select district_id, n, 'Ana', 'Poe' || n, status, status_rule, first_run_id, repeat('x', 2000)
     from students, generate_series(1000, 7500) n where district_id = $1`,
    [districtId],
  );
  const run = await insertRun(database, districtId, {
    state: 'running',
    finished_at: null,
  });
  // A run goes on for as long as a connection holds its district's lock.
  importer = await database.pool.connect();
  await importer.query(`select pg_advisory_lock(${importLock('$1')})`, [districtId]);
  const created = await api.send('staff', 'POST', '/documents', {
    form: 'education-program-cover',
    students: [student],
  });
  const { results } = await parseResponse(documentsApi.createDocuments.response, created);
  await database.pool.query(
    `select put_row_back('documents', to_jsonb(d) || jsonb_build_object('id', 100000 + s.id, 'student_id', s.id))
     from documents d, students s where s.district_id = $1 and s.skyward_id >= 1000`,
    [districtId],
  );
  await database.pool.query(
    `insert into audit_events (district_id, action, detail)
     select $1, 'signed-in', jsonb_build_object('text', repeat('x', 6000)) from generate_series(1, 2500)`,
    [districtId],
  );
  const uploaded = await api.askDistrict('administrator', '/pdf-forms?fileName=form.pdf', {
    method: 'POST',
    body: await buildReleaseForm(),
    headers: { 'content-type': 'application/pdf' },
  });
  const pdfForm = await parseResponse(pdfFormsApi.uploadPdfForm.response, uploaded);
  const [document] = results;
  ids = {
    student: String(student),
    document: String(document?.documentId),
    run: String(run),
    pdfForm: String(pdfForm.id),
  };
  web = openWebDatabase({ ...inject('testServer'), database: database.pool.options.database }, 2);
  server = await open();
});
afterAll(async () => {
  await Promise.all(servers.map((one) => one.close()));
  await web.end();
  importer.release(true);
  await api.close();
});

const opened: UnreadRequest[] = [];
const unread = (path: string, role: Role = 'administrator', at = server): UnreadRequest => {
  const request = requestUnread(at.url, path, { cookie: api.cookie(role) });
  opened.push(request);
  return request;
};
afterEach(() => {
  for (const request of opened.splice(0)) request.close();
});

const ask = async (path: string, role: Role = 'administrator', at = server, method = 'GET') =>
  fetch(`${at.url}${path}`, { method, headers: { cookie: api.cookie(role) } });

const running = (kind: WorkKind, at = server) => at.work[kind].counts().running;
const until = async (condition: () => void) =>
  vi.waitFor(condition, { timeout: 20_000, interval: 5 });

/** Once nothing of a download is left, on the disk and of its turns. */
const allGone = async (at = server) =>
  until(() => {
    expect(running('downloads', at)).toBe(0);
    expect(at.files.bytes).toBe(0);
  });

const sizeOf = async (response: Response) => (await response.arrayBuffer()).byteLength;

const studentsCsv = `${testDistrict}/students.csv`;

describe('three exports whose clients do not read, with two connections', () => {
  it('do not block others while they are open, and a fourth is rejected', async () => {
    const exports = [1, 2, 3].map(() => unread(studentsCsv));
    expect(await Promise.all(exports.map(({ status }) => status))).toEqual([200, 200, 200]);

    expect((await ask('/healthz')).status).toBe(200);
    expect((await ask('/api/districts/other.example/students', 'technician')).status).toBe(200);
    expect((await ask(`${testDistrict}/students/${ids['student']}/basics`)).status).toBe(200);
    const fourth = await ask(studentsCsv);
    expect(fourth.status).toBe(429);
    expect(fourth.headers.get('retry-after')).toBe('30');
    expect(await errorOf(fourth)).toMatchObject({
      code: 'too-many-attempts',
      message: 'You have as many downloads in progress as one user may have.',
    });
    // Another user of the district is not rejected.
    expect(await sizeOf(await ask(`${testDistrict}/documents.csv`, 'staff'))).toBeGreaterThan(
      13_000_000,
    );

    await until(() => expect(running('downloads')).toBe(3));
    expect(running('exports')).toBe(0);
    expect(server.files.bytes).toBeGreaterThan(3 * 12_000_000);
    for (const one of exports) one.close();
    await allGone();
  });

  it('leave no entry for an export that was not made', async () => {
    const count = async () => {
      const { rows } = await api.database.pool.query<{ count: number }>(
        `select count(*) from audit_events where action = 'students-exported'`,
      );
      return rows[0]?.count ?? 0;
    };
    const before = await count();
    const exports = [1, 2, 3].map(() => unread(studentsCsv));
    await Promise.all(exports.map(({ status }) => status));
    expect((await ask(studentsCsv)).status).toBe(429);
    expect(await count()).toBe(before + 3);
    for (const one of exports) one.close();
    await allGone();
  });
});

describe('a client', () => {
  const drain = async (request: UnreadRequest, bytes: number) =>
    until(() => expect(request.readOn(bytes)).toBe(false));

  it('that reads nothing is closed, and leaves nothing behind', async () => {
    const at = await open({ slowClientLimits: impatient });
    const exports = [1, 2, 3].map(() => unread(studentsCsv, 'administrator', at));
    await Promise.all(exports.map(({ status }) => status));
    await allGone(at);
    for (const one of exports) await drain(one, Infinity);
    expect(await sizeOf(await ask(studentsCsv, 'administrator', at))).toBeGreaterThan(13_000_000);
  });

  it('that reads a few bytes now and then is closed as well', async () => {
    const at = await open({ slowClientLimits: demanding });
    const one = unread(studentsCsv, 'administrator', at);
    expect(await one.status).toBe(200);
    await drain(one, 40_000);
    await allGone(at);
  });

  it('that is slow but keeps reading gets everything, with its length', async () => {
    const response = await ask(studentsCsv);
    const length = Number(response.headers.get('content-length'));
    expect(await sizeOf(response)).toBe(length);
    expect(length).toBeGreaterThan(13_000_000);
    await allGone();
  });

  it('that sends a HEAD request creates no file', async () => {
    const response = await ask(studentsCsv, 'administrator', server, 'HEAD');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toContain('attachment');
    expect(running('downloads')).toBe(0);
  });

  it('that disconnects while the file is queued leaves the queue', async () => {
    const at = await open({ limits: { exports: { maxRunning: 0 } } });
    const one = unread(studentsCsv, 'administrator', at);
    const waiting = () => at.work.exports.counts().waiting;
    await until(() => expect(waiting()).toBe(1));
    one.close();
    await until(() => expect(waiting()).toBe(0));
    await allGone(at);
  });
});

describe('every endpoint that returns a stream', () => {
  /** What those of them that hold more than a moment's work are asked for; one that is not here has no test. */
  const streams: Readonly<Record<string, () => string>> = {
    exportStudents: () => studentsCsv,
    exportDocuments: () => `${testDistrict}/documents.csv`,
    exportAudit: () => `${testDistrict}/audit.csv`,
    printDocument: () => `${testDistrict}/documents/${ids['document']}/document.pdf`,
    printDocuments: () => `${testDistrict}/documents.pdf?ids=${ids['document']}`,
    packDocuments: () => `${testDistrict}/documents.zip?ids=${ids['document']}`,
    exportFormTemplate: () => `${testDistrict}/form-templates/education-program-cover/form.json`,
    printPdfFormPreview: () => `${testDistrict}/pdf-forms/${ids['pdfForm']}/preview.pdf`,
    fillPdfForm: () =>
      `${testDistrict}/students/${ids['student']}/pdf-forms/${ids['pdfForm']}/filled.pdf`,
    followImport: () => `${testDistrict}/imports/${ids['run']}/events`,
  };

  it('of a district is covered below', () => {
    const names = Object.entries<Endpoint>(endpoints)
      .filter(([, one]) => (one.responseKind ?? 'json') !== 'json' && belongsToDistrict(one))
      .map(([name]) => name);
    expect(names.toSorted()).toEqual(Object.keys(streams).toSorted());
  });

  it.each(Object.keys(streams))(
    '%s leaves the server to others while nobody reads',
    async (name) => {
      const path = streams[name]?.() ?? '';
      const requests = [1, 2, 3].map(() => unread(path));
      expect(await Promise.all(requests.map(({ status }) => status))).toEqual([200, 200, 200]);
      expect((await ask('/healthz')).status).toBe(200);
      expect((await ask('/api/districts/other.example/students', 'technician')).status).toBe(200);
      for (const one of requests) one.close();
      await allGone();
      await vi.waitFor(async () => expect(running('live updates')).toBe(0), {
        timeout: 20_000,
      });
    },
  );
});

describe('a disk', () => {
  it('that is not writable is reported, and nothing stays reserved', async () => {
    const at = await open({ files: new TemporaryFiles({ folder: '/nowhere/at/all' }) });
    for (let tries = 0; tries < 4; tries++) {
      const response = await ask(studentsCsv, 'administrator', at);
      expect(response.status).toBe(503);
      expect((await errorOf(response)).code).toBe('temporary-file-failed');
    }
    expect(running('downloads', at)).toBe(0);
    expect(api.log()).toContain('ENOENT');
  });

  it('is filled by downloads up to limits, for each and in total', async () => {
    const small = await open({ files: new TemporaryFiles({ maxFileBytes: 1_000_000 }) });
    const tooLarge = await ask(studentsCsv, 'administrator', small);
    expect(tooLarge.status).toBe(422);
    expect((await errorOf(tooLarge)).message).toBe('This file would be larger than 1 MB.');

    const full = await open({ files: new TemporaryFiles({ maxBytes: 40_000_000 }) });
    const first = unread(studentsCsv, 'administrator', full);
    expect(await first.status).toBe(200);
    const second = await ask(studentsCsv, 'administrator', full);
    expect(second.status).toBe(429);
    expect(second.headers.get('retry-after')).toBe('30');
    first.close();
    await allGone(full);
    expect(await sizeOf(await ask(studentsCsv, 'administrator', full))).toBeGreaterThan(1_000_000);
    await allGone(small);
  });
});

describe('streams of events', () => {
  const events = () => `${testDistrict}/imports/${ids['run']}/events`;

  it('are limited by user, and use no connection while nothing happens', async () => {
    const streams = Array.from({ length: 6 }, () => unread(events()));
    expect(await Promise.all(streams.map(({ status }) => status))).toEqual(Array(6).fill(200));
    expect((await ask(events())).status).toBe(429);
    const other = unread(events(), 'staff');
    expect(await other.status).toBe(200);
    for (const one of [...streams, other]) one.close();
    await until(() => expect(running('live updates')).toBe(0));
  });

  it('end with the session', async () => {
    const at = await open({ eventsEveryMs: 5 });
    const stream = await ask(events(), 'read-only', at);
    expect(stream.status).toBe(200);
    expect((await ask('/api/session', 'read-only', at, 'DELETE')).status).toBe(200);
    expect(await stream.text()).toContain('event: progress');
    expect(running('live updates', at)).toBe(0);
  });

  it('are not opened by a HEAD request', async () => {
    expect((await ask(events(), 'administrator', server, 'HEAD')).status).toBe(200);
    expect(running('live updates')).toBe(0);
  });
});

describe('a client that does not finish its request', () => {
  /** Sends this and no more; what the server says when it ends the connection. */
  const sendHalf = async (text: string) => {
    const at = await open({
      requestTimeouts: { headersTimeout: 40, requestTimeout: 80, connectionsCheckingInterval: 10 },
    });
    const socket = connect(at.port, '127.0.0.1');
    socket.write(text);
    return (await Array.fromAsync(socket)).join('');
  };

  it('is closed, in the headers or in the body', async () => {
    expect(await sendHalf('GET /api/session HTTP/1.1\r\nhost: a')).toContain(' 408 ');
    const head = 'POST /api/session HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';
    expect(await sendHalf(`${head}content-length: 100\r\n\r\n{"email"`)).toContain(' 408 ');
  });
});
