import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { insertStudent } from '../../../tests/builders/record-builder.ts';
import {
  parseResponse,
  emailOf,
  errorOf,
  openTestApi,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import { recordAudit } from '../../accounts/audit/audit-trail.ts';
import { listAuditEvents } from '../../accounts/audit/audit-search.ts';
import { type AuditEvent, auditApi } from '../../contract/accounts/audit.ts';
import { toAuditSentence } from '../../contract/accounts/audit-sentences.ts';
import {
  DistrictDatabase,
  readInDistrict,
  writeInDistrict,
} from '../../database/district-and-school-scope.ts';

let api: TestApi;
let maria = 0;

beforeAll(async () => {
  api = await openTestApi();
  maria = await insertStudent(api.database, api.districtId, {
    first_name: 'María',
    last_name: 'Castillo Vega',
  });
});
afterAll(() => api.close());

const lookAt = async (role: 'staff' | 'administrator', id: number) =>
  api.askDistrict(role, `/students/${id}`);

async function trail(query = ''): Promise<readonly AuditEvent[]> {
  const response = await api.askDistrict('administrator', `/audit${query}`);
  expect(response.status).toBe(200);
  return (await parseResponse(auditApi.listAudit.response, response)).events;
}

const text = (event: AuditEvent | undefined) =>
  event &&
  `${event.user?.name} ${toAuditSentence(event)
    .map((part) => part.text)
    .join('')}`;

/** A line of a day and a person, written as the owner of the table may. */
const insertEvent = async (event: {
  readonly districtId?: number;
  readonly happenedAt: string;
  readonly action?: string;
  readonly studentId?: number;
  readonly name?: string;
  readonly accountId?: string;
}) =>
  api.database.pool.query(
    `insert into audit_events (district_id, happened_at, account_name, account_id, action, student_id)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      event.districtId ?? api.districtId,
      event.happenedAt,
      event.name ?? 'Robin Hale',
      event.accountId ?? '11111111-1111-4111-8111-111111111111',
      event.action ?? 'students-exported',
      event.studentId ?? null,
    ],
  );

describe('the audit trail', () => {
  it('lists who viewed which student, with the student’s current name', async () => {
    await lookAt('staff', maria);
    const [event] = await trail(`?student=${maria}`);
    expect(text(event)).toBe('Sam Poe viewed María Castillo Vega');
    expect(event?.user).toMatchObject({ email: emailOf('staff'), role: 'staff' });
    expect(event?.student).toEqual({ id: maria, name: 'María Castillo Vega' });
  });

  it('has one entry for repeated views of a user, and another one for another user', async () => {
    const student = await insertStudent(api.database, api.districtId);
    for (let time = 0; time < 3; time++) await lookAt('staff', student);
    expect(await trail(`?student=${student}`)).toHaveLength(1);
    await lookAt('administrator', student);
    expect(await trail(`?student=${student}`)).toHaveLength(2);
    await api.database.pool.query(
      `update audit_events set happened_at = happened_at - interval '16 minutes' where student_id = $1`,
      [student],
    );
    await lookAt('staff', student);
    expect(await trail(`?student=${student}`)).toHaveLength(3);
  });

  it('names a student with a deleted record by id', async () => {
    await insertEvent({
      happenedAt: '2026-03-01T12:00:00Z',
      action: 'student-viewed',
      studentId: 987_654,
    });
    const [event] = await trail('?student=987654');
    expect(text(event)).toBe('Robin Hale viewed student 987654 (deleted record)');
  });

  it('filters by user, by action and by the district’s days', async () => {
    const accountId = '22222222-2222-4222-8222-222222222222';
    // Half past five in the morning in UTC is still the evening before in Chicago.
    await insertEvent({ happenedAt: '2026-04-02T04:30:00Z', accountId, name: 'Ines Marlow' });
    await insertEvent({ happenedAt: '2026-04-02T05:30:00Z', accountId, action: 'audit-exported' });
    const of = async (query: string) =>
      (await trail(`?user=${accountId}${query}`)).map(({ action }) => action);
    expect(await of('')).toEqual(['audit-exported', 'students-exported']);
    expect(await of('&action=students-exported')).toEqual(['students-exported']);
    expect(await of('&from=2026-04-02')).toEqual(['audit-exported']);
    expect(await of('&to=2026-04-01')).toEqual(['students-exported']);
    expect(await of('&from=2026-04-03')).toEqual([]);
    const users = await parseResponse(
      auditApi.listAuditUsers.response,
      await api.askDistrict('administrator', '/audit/users'),
    );
    expect(users.users.filter((user) => user.accountId === accountId)).toHaveLength(1);
  });

  it('returns every entry once, page by page, also for entries of the same instant', async () => {
    const districtId = 7_000_001;
    for (let index = 0; index < 7; index++) {
      await insertEvent({
        districtId,
        happenedAt: index < 5 ? '2026-01-01T00:00:00Z' : '2026-01-02T00:00:00Z',
      });
    }
    const seen: number[] = [];
    let before: number | undefined;
    do {
      const page = await readInDistrict(
        api.database.pool,
        { districtId, schools: null },
        async (database) => listAuditEvents(database, { before, pageSize: 3, timeZone: 'UTC' }),
      );
      seen.push(...page.events.map(({ id }) => id));
      before = page.older ?? undefined;
    } while (before !== undefined);
    expect(seen).toEqual(seen.toSorted((one, other) => other - one));
    expect(new Set(seen).size).toBe(7);
  });

  it('finds an old page with the index only, in order, as the role of the web', async () => {
    const districtId = 7_000_002;
    await api.database.pool.query(
      `insert into audit_events (district_id, happened_at, account_id, account_name, action, student_id)
       select $1, timestamptz '2026-01-01Z' + n * interval '1 second', '11111111-1111-4111-8111-111111111111',
         'Robin Hale', case when n % 1000 = 0 then 'students-exported' else 'student-viewed' end, n % 500
       from generate_series(1, 20000) n`,
      [districtId],
    );
    await api.database.pool.query('analyze audit_events');
    const { rows } = await api.database.pool.query<{ id: number }>(
      `select id from audit_events where district_id = $1 order by id offset 5000 limit 1`,
      [districtId],
    );
    const before = rows[0]?.id;
    for (const filter of [{}, { action: 'students-exported' }, { student: 7 }] as const) {
      const plan = await readInDistrict(
        api.database.pool,
        { districtId, schools: null },
        async ({ client, scope }) => {
          const explained: string[] = [];
          const query = async (statement: { text: string; values: unknown[] }) => {
            const { rows: lines } = await client.query<{ 'QUERY PLAN': string }>(
              `explain (analyze) ${statement.text}`,
              statement.values,
            );
            explained.push(...lines.map((line) => line['QUERY PLAN']));
            return { rows: [] };
          };
          await listAuditEvents(new DistrictDatabase({ query } as never, scope), {
            ...filter,
            before,
            timeZone: 'UTC',
          });
          return explained.join('\n');
        },
      );
      expect(plan).not.toMatch(/Sort|Seq Scan on audit_events|Rows Removed by Filter: \d{3,}/);
    }
  });

  it('is for administrators; events of no district are for technicians', async () => {
    for (const [role, status] of [
      ['technician', 200],
      ['administrator', 200],
      ['staff', 404],
      ['read-only', 404],
    ] as const) {
      for (const path of ['/audit', '/audit/users', '/audit.csv']) {
        expect([role, path, (await api.askDistrict(role, path)).status]).toEqual([
          role,
          path,
          status,
        ]);
      }
      const vendor = await api.ask(role, '/api/audit');
      expect([role, vendor.status]).toEqual([role, role === 'technician' ? 200 : 404]);
    }
    const { events } = await parseResponse(
      auditApi.listAudit.response,
      await api.ask('technician', '/api/audit'),
    );
    expect(events.some(({ user }) => user?.email === emailOf('technician'))).toBe(true);
    expect(events.every(({ user }) => user?.email !== emailOf('administrator'))).toBe(true);
  });

  it.each([
    ['?user=Jordan', 'user'],
    ['?action=guessed', 'action'],
    ['?from=yesterday', 'from'],
    ['?before=0', 'before'],
    ['?student=x', 'student'],
    ['?page=2', 'page'],
  ])('refuses %s and says what is wrong', async (query, field) => {
    const response = await api.askDistrict('administrator', `/audit${query}`);
    expect([response.status, (await errorOf(response)).field]).toEqual([400, field]);
  });
});

describe('the audit trail as a table', () => {
  it('contains all matching entries, is recorded itself, and has no formulas', async () => {
    const accountId = '33333333-3333-4333-8333-333333333333';
    await insertEvent({ happenedAt: '2026-05-01T12:00:00Z', accountId, name: '=HYPERLINK("x")' });
    const response = await api.askDistrict('technician', `/audit.csv?user=${accountId}`);
    expect(response.headers.get('content-type')).toContain('text/csv');
    expect(response.headers.get('content-disposition')).toMatch(
      /attachment; filename="audit-demo\.example-/,
    );
    const lines = (await response.text()).split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(`"'=HYPERLINK(""x"")",,,exported students`);
    const [event] = await trail('?action=audit-exported');
    expect(event?.detail).toEqual({ user: accountId });
    expect(event?.user?.role).toBe('technician');
  });

  it('continues after the first page', async () => {
    const accountId = '44444444-4444-4444-8444-444444444444';
    await api.database.pool.query(
      `insert into audit_events (district_id, account_id, account_name, action)
       select $1, $2, 'Robin Hale', 'signed-in' from generate_series(1, 2500)`,
      [api.districtId, accountId],
    );
    const response = await api.askDistrict('administrator', `/audit.csv?user=${accountId}`);
    expect((await response.text()).trimEnd().split('\r\n')).toHaveLength(2501);
  });
});

describe('the role of the web', () => {
  it.each([
    'update audit_events set account_name = null',
    'delete from audit_events',
    'truncate audit_events',
    'drop table audit_events',
    'alter table audit_events disable row level security',
    `insert into audit_events (district_id, action, happened_at) values (current_district_id(), 'signed-in', '2020-01-01')`,
  ])('can not tamper with the trail: %s', async (statement) => {
    const attempt = writeInDistrict(
      api.database.pool,
      { districtId: api.districtId, schools: null },
      ({ client }) => client.query(statement),
    );
    await expect(attempt).rejects.toThrow(/permission denied|must be owner/);
  });

  it('can add an entry in the transaction of the change: both happen or neither', async () => {
    const accountId = '55555555-5555-4555-8555-555555555555';
    const user = {
      accountId,
      name: 'Robin Hale',
      email: 'robin@demo.example',
      role: 'staff',
    } as const;
    const attempt = writeInDistrict(
      api.database.pool,
      { districtId: api.districtId, schools: null },
      async ({ client }) => {
        await recordAudit(client, {
          districtId: api.districtId,
          user,
          action: 'students-exported',
        });
        throw new Error('the work itself failed');
      },
    );
    await expect(attempt).rejects.toThrow('the work itself failed');
    expect(await trail(`?user=${accountId}`)).toEqual([]);
  });
});
