import type { Hono } from 'hono';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  type EndpointName,
  createInput,
  unknownIds,
  type RecordIds,
  createRequest,
} from '../../../tests/servers/endpoint-calls.ts';
import { generousLimits } from '../../../tests/servers/generous-limits.ts';
import { buildReleaseForm } from '../../../tests/builders/pdf-form-builder.ts';
import { sampleNow } from '../../../tests/builders/sample-district.ts';
import {
  fillSampleHistory,
  samplePassword,
  samplePeople,
} from '../../../tests/builders/sample-history.ts';
import { cookieOf, signIn, withTwoFactor } from '../../../tests/servers/test-api.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import type { Role } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';
import type { Database } from '../../database/database.ts';
import { newSealingKey } from '../../districts/sealed-secret.ts';
import type { ApiEnvironment } from '../server/api-environment.ts';
import { createApi } from '../server/server.ts';

/** The district whose records no other district may see. */
const home = 'pineridge.example';
const elsewhere = 'cedarhollow.example';

const callers = {
  nobody: undefined,
  technician: { role: 'technician', domain: null },
  administrator: { role: 'administrator', domain: home },
  staff: { role: 'staff', domain: home },
  'read-only': { role: 'read-only', domain: home },
  'staff of one school': { role: 'staff', domain: home, schools: [402] },
  'read-only of one school': { role: 'read-only', domain: home, schools: [402] },
  'administrator elsewhere': { role: 'administrator', domain: elsewhere },
  'staff elsewhere': { role: 'staff', domain: elsewhere },
  'read-only elsewhere': { role: 'read-only', domain: elsewhere },
  'staff of one school elsewhere': { role: 'staff', domain: elsewhere, schools: [401] },
  'read-only of one school elsewhere': { role: 'read-only', domain: elsewhere, schools: [401] },
} as const satisfies Readonly<
  Record<
    string,
    | undefined
    | { readonly role: Role; readonly domain: string | null; readonly schools?: readonly number[] }
  >
>;
type Caller = keyof typeof callers;
const callerNames = Object.keys(callers) as Caller[];

let database: Database;
let app: Hono<ApiEnvironment>;
/** Records of a school of the home district that those of one school do not have. */
let ids: RecordIds;
const cookies = new Map<Caller, string>();

beforeAll(async () => {
  database = await openTestDatabase();
  const { accounts, districtId, manualStudentId, runs, documentId } =
    await fillSampleHistory(database);
  const sealingKey = newSealingKey();
  app = createApi({
    rateLimits: generousLimits(),
    database,
    accounts,
    log: pino({ level: 'silent' }),
    now: () => sampleNow,
    webhooks: { sealingKey, allowPrivateAddresses: false },
  });
  for (const [index, name] of callerNames.entries()) {
    const caller = callers[name];
    if (caller === undefined) continue;
    const email = `caller${index}@${caller.domain ?? 'vendor.example'}`;
    const of = await database.pool.query<{ id: number }>(
      'select id from districts where domain = $1',
      [caller.domain],
    );
    await accounts.createAccount({
      email,
      password: samplePassword,
      name,
      role: caller.role,
      districtId: of.rows[0]?.id ?? null,
      ...('schools' in caller && { schools: caller.schools }),
    });
    const cookie = cookieOf(await signIn(app, email, samplePassword));
    const isTechnician = caller.role === 'technician';
    cookies.set(name, isTechnician ? await withTwoFactor(app, cookie) : cookie);
  }
  ids = await makeRecords(districtId, {
    manualStudent: manualStudentId,
    document: documentId,
    run: runs.lastImport,
  });
});
afterAll(() => database.close());

const one = async <Value extends string | number>(sql: string, ...values: unknown[]) => {
  const { rows } = await database.pool.query<{ value: Value }>(sql, values);
  const value = rows[0]?.value;
  if (value === undefined) throw new Error(`Nothing found: ${sql}`);
  return value;
};

/** One of each kind, made by the administrator where a person makes it. */
async function makeRecords(
  districtId: number,
  known: Pick<RecordIds, 'manualStudent' | 'document' | 'run'>,
): Promise<RecordIds> {
  const make = async (path: string, body: unknown, type = 'application/json') => {
    const response = await app.request(`/api/districts/${home}${path}`, {
      method: 'POST',
      headers: { cookie: cookies.get('administrator') ?? '', 'content-type': type },
      body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body),
    });
    expect([path, response.status]).toEqual([path, 200]);
    return (await response.json()) as {
      readonly id: number;
      readonly webhook?: { readonly id: number };
      readonly results?: readonly { readonly documentId: number }[];
    };
  };
  const students = await database.pool.query<{ id: number }>(
    'select id from students where district_id = $1 and entity_id = 403 order by id limit 2',
    [districtId],
  );
  const student = students.rows[0]?.id ?? 0;
  const created = await make('/documents', { form: 'transfer-letter', students: [student] });
  const { webhook } = await make('/webhooks', {
    url: 'https://receiver.example/events',
    events: ['document.created'],
  });
  return {
    ...unknownIds,
    ...known,
    student,
    otherStudent: students.rows[1]?.id ?? 0,
    document: created.results?.[0]?.documentId ?? 0,
    webhook: webhook?.id ?? 0,
    pdfForm: (
      await make('/pdf-forms?fileName=release.pdf', await buildReleaseForm(), 'application/pdf')
    ).id,
    view: (await make('/student-views', { name: 'Ours', isShared: true, query: {} })).id,
    invitation: await one(
      'select id as value from account_invitations where district_id = $1 limit 1',
      districtId,
    ),
    account: await one(
      'select id as value from accounts where email = $1',
      samplePeople.staff.email,
    ),
    districtId,
  };
}

const ask = async (
  caller: Caller,
  name: EndpointName,
  domain: string,
  about: RecordIds | undefined,
): Promise<Response> => {
  const input = (about && createInput(name, about)) ?? {};
  const { address, init } = createRequest(endpoints[name], domain, input);
  const cookie = cookies.get(caller);
  return app.request(address, {
    ...init,
    headers: { ...(init.headers as object), ...(cookie !== undefined && { cookie }) },
  });
};

/** Every operation of the document that other programs read. */
const operations = async (): Promise<readonly EndpointName[]> => {
  const response = await app.request('/api/openapi.json');
  const { paths } = (await response.json()) as {
    paths: Record<string, Record<string, { operationId: EndpointName }>>;
  };
  const names = Object.values(paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );
  expect(new Set(names)).toEqual(new Set(Object.keys(endpoints)));
  return names;
};

/** Everything that belongs to the home district but what grows by being asked. */
const homeRows = async (): Promise<ReadonlyMap<string, string>> => {
  const tables = await database.pool.query<{ name: string }>(
    `select c.table_name as name from information_schema.columns c join information_schema.tables t
       using (table_schema, table_name)
     where c.table_schema = 'public' and c.column_name = 'district_id' and t.table_type = 'BASE TABLE'
       and table_name not in ('audit_events') order by 1`,
  );
  const found = new Map<string, string>();
  for (const { name } of tables.rows) {
    const hash = await one<string>(
      `select coalesce(md5(string_agg(t::text, '' order by t::text)), '') as value from "${name}" t
       where district_id = $1`,
      ids.districtId,
    );
    found.set(name, hash);
  }
  return found;
};

describe('every endpoint, called by', () => {
  it.each(callerNames)('%s with a role that it does not allow, is not found', async (caller) => {
    const role = callers[caller]?.role;
    for (const name of await operations()) {
      const { access } = endpoints[name];
      if (access === 'public') continue;
      if (role !== undefined && access.some((named) => named === role)) continue;
      const response = await ask(caller, name, home, ids);
      expect([name, response.status]).toEqual([name, role === undefined ? 401 : 404]);
    }
  });

  it.each(callerNames.filter((name) => callers[name]?.domain === elsewhere))(
    '%s, answers about another district as about none',
    async (caller) => {
      for (const name of await operations()) {
        if (!endpoints[name].path.includes('{domain}')) continue;
        const response = await ask(caller, name, home, ids);
        const none = await ask(caller, name, 'none.example', ids);
        expect([name, response.status]).toEqual([name, 404]);
        expect([name, await response.text()]).toEqual([name, await none.text()]);
      }
    },
  );

  it.each(callerNames.filter((name) => callers[name]?.domain === elsewhere))(
    '%s, answers about their records in their own district as about records that nobody has',
    async (caller) => {
      expect(await compareWithNobodys(caller, elsewhere, ids)).toBeGreaterThan(15);
    },
  );

  it.each(callerNames.filter((name) => name.endsWith('of one school')))(
    '%s, answers about records of another school as about records that nobody has',
    async (caller) => {
      const { student, otherStudent, manualStudent, document } = ids;
      const others = {
        ...unknownIds,
        student,
        otherStudent,
        manual: manualStudent,
        document,
      };
      expect(await compareWithNobodys(caller, home, others)).toBeGreaterThan(15);
    },
  );

  it('anyone about unknown records, never fails', async () => {
    for (const caller of callerNames) {
      const domain = callers[caller]?.domain ?? home;
      for (const name of await operations()) {
        const { method } = endpoints[name];
        const input = createInput(name, unknownIds);
        // What needs no number would be done.
        if (method !== 'GET' && input === undefined) continue;
        if (name === 'getReadiness' || name === 'getHealth') continue;
        const { status, body } = await ask(caller, name, domain, unknownIds);
        await body?.cancel();
        expect([caller, name, status < 500]).toEqual([caller, name, true]);
        // Nobody is stopped before what is tested.
        expect([caller, name, status]).not.toEqual([caller, name, 403]);
      }
    }
  });
});

/**
 * Asks for these records and for those that nobody has: the answers are the same, and nothing has changed. Gives
 * at how many endpoints.
 */
async function compareWithNobodys(
  caller: Caller,
  domain: string,
  about: RecordIds,
): Promise<number> {
  const before = await homeRows();
  const role = callers[caller]?.role;
  let asked = 0;
  for (const name of await operations()) {
    const { access } = endpoints[name];
    if (access === 'public' || !access.some((named) => named === role)) continue;
    if (createInput(name, about) === undefined) continue;
    const response = await ask(caller, name, domain, about);
    const nobodys = await ask(caller, name, domain, unknownIds);
    expect([name, response.status]).toEqual([name, nobodys.status]);
    expect(response.status).toBeLessThan(500);
    expect([name, likeNobodys(await response.text(), about)]).toEqual([name, await nobodys.text()]);
    asked += 1;
  }
  expect(await homeRows()).toEqual(before);
  return asked;
}

/** The numbers that were sent may come back. */
function likeNobodys(text: string, about: RecordIds): string {
  let like = text;
  for (const kind of Object.keys(about) as (keyof RecordIds)[]) {
    like = like.replaceAll(`"studentId":${about[kind]},`, `"studentId":${unknownIds[kind]},`);
  }
  return like.replaceAll(`"documentId":${about.document},`, `"documentId":${unknownIds.document},`);
}
