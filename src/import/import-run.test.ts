/** One night of one district, against real PostgreSQL and the practice Qmlativ over HTTP. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import { openTestDatabase } from '../../tests/test-database.ts';
import type { Database } from '../database/database.ts';
import { defaultStatusRules } from '../enrollment/status-rules.ts';
import { createQmlativSource } from '../qmlativ/roster-source.ts';
import { runImport } from './import-run.ts';

let database: Database;
let skyward: RunningSandbox;
let districtId: number;

beforeAll(async () => {
  database = await openTestDatabase();
  skyward = await startSandbox({ port: 0, students: 400, seed: 3, today: '2026-11-23' });
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into districts (domain, name, time_zone) values ('demo.example', 'Demo', 'America/Chicago') returning id`,
  );
  districtId = rows[0]?.id ?? 0;
});

afterAll(async () => {
  await skyward.close();
  await database.close();
});

const night = async (today = '2026-11-23') => {
  const source = createQmlativSource({ ...skyward, allowPrivateAddresses: true });
  try {
    return await runImport(database.pool, {
      districtId,
      source,
      today: Temporal.PlainDate.from(today),
      rules: defaultStatusRules,
      limits: { share: 0.1, minimum: 25 },
      isDryRun: false,
      allowsMassChange: false,
      now: () => Temporal.Now.instant(),
      onProgress: () => undefined,
    });
  } finally {
    await source.close();
  }
};

it('R1 R2: brings the students and parents of a district in, and changes nothing the second time', async () => {
  const first = await night();
  expect(first.state).toBe('published');
  const second = await night();
  expect(second.state).toBe('unchanged');
});
