import type { Hono } from 'hono';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  type CalledDistrict,
  type EndpointInput,
  type EndpointName,
  createReadInput,
  createRequest,
} from '../../../tests/servers/endpoint-calls.ts';
import { generousLimits } from '../../../tests/servers/generous-limits.ts';
import { buildReleaseForm } from '../../../tests/builders/pdf-form-builder.ts';
import { insertDistrict } from '../../../tests/builders/record-builder.ts';
import { sampleNow, samplePerson } from '../../../tests/builders/sample-district.ts';
import {
  fillSampleHistory,
  samplePassword,
  samplePeople,
} from '../../../tests/builders/sample-history.ts';
import { parseResponse, cookieOf, signIn, withTwoFactor } from '../../../tests/servers/test-api.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import type { Endpoint } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { pdfFormsApi } from '../../contract/documents/pdf-forms.ts';
import type { Database } from '../../database/database.ts';
import type { ApiEnvironment } from '../server/api-environment.ts';
import { createApi } from '../server/server.ts';

const domain = 'pineridge.example';

let database: Database;
let app: Hono<ApiEnvironment>;
let district: CalledDistrict;
const cookies = { administrator: '', technician: '', staff: '' };

beforeAll(async () => {
  database = await openTestDatabase();
  const sample = await fillSampleHistory(database);
  const { accounts } = sample;
  app = createApi({
    database,
    accounts,
    log: pino({ level: 'silent' }),
    now: () => sampleNow,
    rateLimits: generousLimits(),
  });
  await insertDistrict(database, { domain: 'other.example' });
  cookies.administrator = cookieOf(await signIn(app, samplePerson.email, samplePassword));
  for (const role of ['technician', 'staff'] as const) {
    cookies[role] = cookieOf(await signIn(app, samplePeople[role].email, samplePassword));
  }
  cookies.technician = await withTwoFactor(app, cookies.technician);
  const uploaded = await app.request(`/api/districts/${domain}/pdf-forms?fileName=release.pdf`, {
    method: 'POST',
    headers: { cookie: cookies.administrator, 'content-type': 'application/pdf' },
    body: await buildReleaseForm(),
  });
  const { id: pdfFormId } = await parseResponse(pdfFormsApi.uploadPdfForm.response, uploaded);
  district = { ...sample, domain, pdfFormId };
});
afterAll(() => database.close());

beforeEach(async () => {
  await database.pool.query('delete from audit_events');
});

const call = async (
  name: EndpointName,
  input: EndpointInput = createReadInput(name, district),
  as: keyof typeof cookies = 'administrator',
): Promise<Response> => {
  const { address, init } = createRequest(endpoints[name], domain, input);
  const headers = { ...(init.headers as object), cookie: cookies[as] };
  const response = await app.request(address, { ...init, headers });
  await response.clone().arrayBuffer();
  return response;
};

interface Line {
  readonly districtId: number;
  readonly action: string;
  readonly studentId: number | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly times: number;
  readonly records: number | null;
  readonly filters: readonly string[] | null;
}

const lines = async (): Promise<readonly Line[]> => {
  const { rows } = await database.pool.query<Line>(
    `select district_id as "districtId", action, student_id as "studentId", detail, times, records, filters
     from audit_events order by id`,
  );
  return rows;
};

const all = Object.entries<Endpoint>(endpoints) as [EndpointName, Endpoint][];
/** Below these paths lies the record of one child. */
const ofOneRecord = /\/(?:students|documents|manual-students|removed-students)\/\{/;

it.each(all.filter(([, { path }]) => ofOneRecord.test(path)))(
  '%s, which is about one record, leaves something in the audit trail',
  (_, { audit, method }) => {
    expect(audit.kind).toBe(method === 'GET' ? 'look' : 'change');
  },
);

const read = all.filter(([, { audit }]) => audit.kind === 'look' || audit.kind === 'search');

describe('a read', () => {
  it.each(read)('%s is recorded', async (name, { audit, access }) => {
    if (audit.kind !== 'look' && audit.kind !== 'search') throw new Error('No read');
    const as = access.includes('administrator') ? 'administrator' : 'technician';
    const response = await call(name, undefined, as);
    expect([response.status, await response.clone().text()]).toEqual([200, expect.anything()]);
    const kept = await lines();
    expect(kept.map(({ action }) => action)).toContain(audit.action);
    for (const line of kept) {
      expect(line.studentId !== null).toBe(audit.kind === 'look');
      expect(line.districtId).toBe(as === 'technician' ? 0 : district.districtId);
    }
  });

  it('is not recorded if it is denied or finds nothing', async () => {
    expect((await call('getStaffValues', { params: { id: 987_654_321 } })).status).toBe(404);
    expect((await call('getDocumentVersion', { params: { id: 1, version: 99 } })).status).toBe(404);
    expect((await call('listStudents', { query: { page: 'x' } })).status).toBe(400);
    expect(await lines()).toEqual([]);
  });

  it('is one view for all of Details within 15 minutes, and another for notes and history', async () => {
    const of = [
      'getStudent',
      'getStudentBasics',
      'getEnrollmentForecast',
      'getManualStatus',
    ] as const;
    await Promise.all([...of, ...of].map(async (name) => call(name)));
    expect((await lines()).map(({ action }) => action)).toEqual(['student-viewed']);
    await call('getStaffValues');
    await call('listStudentHistory');
    await call('getStaffValues');
    expect((await lines()).map(({ action }) => action)).toEqual([
      'student-viewed',
      'staff-values-viewed',
      'student-history-viewed',
    ]);
  });

  it('of an old version of a document names document and version', async () => {
    await call('getDocumentVersion');
    expect(await lines()).toMatchObject([
      {
        action: 'document-version-viewed',
        studentId: district.studentId,
        detail: { id: district.documentId, version: 1 },
      },
    ]);
  });

  it('counts every print of the same document', async () => {
    await call('printDocument');
    await call('printDocument');
    expect((await lines()).map(({ action }) => action)).toEqual([
      'document-printed',
      'document-printed',
    ]);
  });

  it('counts searches of a minute in one entry, with filters and without the search text', async () => {
    const searches = Array.from({ length: 50 }, (_, index) =>
      call('listStudents', {
        query: { search: `Castillo${index}`, ...(index % 2 === 0 && { grade: '07' }), page: 1 },
      }),
    );
    await Promise.all(searches);
    await call('listStudents', { query: { status: 'ENROLLED', pageSize: 5 } });
    const kept = await lines();
    // Two when the minute ended in between.
    expect(kept.length).toBeLessThanOrEqual(2);
    expect(kept.reduce((sum, { times }) => sum + times, 0)).toBe(51);
    expect(kept.reduce((sum, { records }) => sum + (records ?? 0), 0)).toBe(5);
    expect(new Set(kept.flatMap(({ filters }) => filters ?? []))).toEqual(
      new Set(['grade', 'search', 'status']),
    );
    expect(JSON.stringify(kept)).not.toContain('Castillo');
    const { events } = await parseResponse(endpoints.listAudit.response, await call('listAudit'));
    expect(JSON.stringify(events)).toContain('"times":');
  });

  it('fails if its entry cannot be stored', async () => {
    await database.pool.query(
      `alter table audit_events add constraint shut check (id is null) not valid`,
    );
    try {
      for (const [name, endpoint] of read) {
        if (endpoint.access === 'public' || !endpoint.access.includes('administrator')) continue;
        expect([name, (await call(name)).status]).toEqual([name, 500]);
      }
    } finally {
      await database.pool.query('alter table audit_events drop constraint shut');
    }
    expect((await call('getStudent')).status).toBe(200);
  });
});

describe('a flood', () => {
  it('of denied requests is a few entries with a count, without their text', async () => {
    const text = 'x'.repeat(150);
    const rejected = Array.from({ length: 1_000 }, async (_, index) => {
      const paths = [
        'pineridge.example/users',
        `other.example/students/${text}`,
        `${index}.example`,
      ];
      return app.request(`/api/districts/${paths[index % 3]}`, {
        headers: { cookie: cookies.staff },
      });
    });
    const responses = await Promise.all(rejected);
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([404]));
    const kept = await lines();
    // Four lines, and four more when the minute ended in between.
    expect(kept.length).toBeLessThanOrEqual(8);
    const toSum = (of: (line: Line) => boolean) =>
      kept.filter(of).reduce((sum, { times }) => sum + times, 0);
    const isOwn = ({ districtId }: Line) => districtId === district.districtId;
    expect(toSum(isOwn)).toBe(1_000);
    expect(toSum((line) => !isOwn(line))).toBe(333);
    expect(new Set(kept.map(({ detail }) => detail['path']))).toEqual(
      new Set([
        '/api/districts/{domain}',
        '/api/districts/{domain}/users',
        '/api/districts/{domain}/students/{id}',
        '/api/districts/other.example',
      ]),
    );
  });

  it('of wrong passwords and unknown e-mails is one entry for each account and address', async () => {
    const emails = [samplePeople.staff.email, 'nobody@pineridge.example', 'none@elsewhere.example'];
    const responses = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        signIn(app, emails[index % 3] ?? '', `not the password ${index}`),
      ),
    );
    const rejected = responses.filter(({ status }) => status === 401).length;
    const kept = await lines();
    expect(rejected).toBeGreaterThan(3);
    expect(kept.length).toBeLessThanOrEqual(4);
    expect(kept.reduce((sum, { times }) => sum + times, 0)).toBe(rejected);
    expect(JSON.stringify(kept)).not.toContain('nobody@');
  });
});
