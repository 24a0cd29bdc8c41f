import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import type { Database } from '../../database/database.ts';
import { type AuditTrail, createAuditTrail } from './audit-trail.ts';

let database: Database;
beforeAll(async () => (database = await openTestDatabase()));
afterAll(async () => database.close());

/** Long beyond the end of a test: nothing is written by the clock. */
const gatherMs = 600_000;

let trail: AuditTrail;
let errors: unknown[] = [];
let searcher = 0;
beforeEach(() => {
  errors = [];
  searcher += 1;
  trail = createAuditTrail(database.web.audit, {
    gatherMs,
    onError: (error) => errors.push(error),
  });
});

const search = async (filters: readonly string[] = []) =>
  trail.count({
    districtId: 0,
    user: undefined,
    action: 'students-listed',
    countedBy: `searcher ${searcher}`,
    records: 25,
    filters,
  });

/** Returns the entries of the searches of this test, added up if a minute ended between them. */
async function kept() {
  const { rows } = await database.pool.query<{ times: number; records: number; filters: string }>(
    `select sum(times)::integer as times, sum(records)::integer as records,
       string_agg(array_to_string(filters, ' '), ' ') as filters
     from audit_events where counted_by = $1`,
    [`searcher ${searcher}`],
  );
  return rows[0];
}

describe('searches that gather', () => {
  it('add the first entry before the first response', async () => {
    await search();
    expect(await kept()).toMatchObject({ times: 1, records: 25 });
  });

  it('are all counted when the server closes', async () => {
    await search();
    await Promise.all([search(['status']), search(['grade']), search()]);
    await trail.close();
    expect(errors).toEqual([]);
    const found = await kept();
    expect(found).toMatchObject({ times: 4, records: 100 });
    expect(found?.filters).toContain('grade');
    expect(found?.filters).toContain('status');
  });

  it('fail where the line cannot be kept, again and again', async () => {
    const denied = createAuditTrail(await closedPool(), { gatherMs });
    const event = { districtId: 0, user: undefined, action: 'students-listed' } as const;
    for (let time = 0; time < 2; time += 1) {
      await expect(denied.count({ ...event, countedBy: 'nobody' })).rejects.toThrow(
        'after calling end',
      );
    }
  });

  it('wait again after a number was lost, and the loss is logged', async () => {
    const pool = await openTestDatabase();
    const losing = createAuditTrail(pool.web.audit, {
      gatherMs,
      onError: (error) => errors.push(error),
    });
    const event = { districtId: 0, user: undefined, action: 'students-listed' } as const;
    await losing.count({ ...event, countedBy: 'one' });
    await losing.count({ ...event, countedBy: 'one' });
    await pool.close();
    await losing.close();
    expect(errors).toHaveLength(1);
    await expect(losing.count({ ...event, countedBy: 'one' })).rejects.toThrow('after calling end');
  });
});

async function closedPool() {
  const closed = await openTestDatabase();
  await closed.close();
  return closed.web.audit;
}
