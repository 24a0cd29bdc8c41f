import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type MailCatcher, mailerTo, startMailCatcher } from '../../tests/servers/mail-catcher.ts';
import { insertDistrict, insertRun } from '../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { createAccounts } from '../accounts/accounts.ts';
import type { Database } from '../database/database.ts';
import { sendNotices } from './district-notice-mail.ts';
import { setConnection } from './district.ts';
import { newSealingKey } from './sealed-secret.ts';
import { fastPasswords } from '../../tests/servers/fast-password-hashing.ts';

const log = pino({ level: 'silent' });
let database: Database;
let post: MailCatcher;

beforeAll(async () => {
  database = await openTestDatabase();
  post = await startMailCatcher();
});
afterAll(async () => {
  await post.close();
  await database.close();
});

const round = async (at: string) =>
  sendNotices({
    pool: database.pool,
    mailer: mailerTo(post, database.pool),
    product: 'SameGoal',
    publicUrl: 'https://iep.example',
    now: () => Temporal.Instant.from(at),
  });

it('administrators get each notice by mail once, with dates of their time zone; staff do not', async () => {
  const districtId = await insertDistrict(database);
  const secret = 'a-secret-of-this-test-0123456789-abcdef';
  const accounts = createAccounts({ passwordHashing: fastPasswords, database, log, secret });
  for (const role of ['administrator', 'staff'] as const) {
    await accounts.createAccount({
      email: `${role}@demo.example`,
      password: 'a long walk at sunrise',
      name: 'Sam Poe',
      districtId,
      role,
    });
  }
  const connection = {
    baseUrl: 'https://skyward.example/API',
    clientKey: 'key',
    clientSecret: 'planted-secret',
    entityId: null,
    allowPrivateAddress: false,
  };
  await setConnection(database.pool, districtId, connection, newSealingKey());
  expect(await round('2026-11-23T15:00:00Z')).toBe(0);
  await database.pool.query(
    `insert into setup_requests (district_id, state, channel, requested_by, requested_at, verification, closed_at)
     values ($1, 'connected', 'button', 'administrator@demo.example', now(), $2, now())`,
    [
      districtId,
      JSON.stringify({ access: { key: 'key', expirationDate: '2026-12-24' }, findings: [] }),
    ],
  );
  await insertRun(database, districtId, { today: '2026-11-24', state: 'failed' });
  // Still November 23 in Chicago: 31 days are left.
  expect(await round('2026-11-24T05:30:00Z')).toBe(1);
  expect(await round('2026-11-24T15:00:00Z')).toBe(1);
  expect(await Promise.all([round('2026-11-24T15:01:00Z'), round('2026-11-24T15:01:00Z')])).toEqual(
    [0, 0],
  );
  expect(post.mails.map(({ subject }) => subject)).toEqual([
    'The import of Nov 24, 2026 failed for Demo District',
    'The Skyward access of Demo District expires on Dec 24, 2026',
  ]);
  expect(new Set(post.mails.map(({ to }) => [to].flat()[0]?.text))).toEqual(
    new Set(['administrator@demo.example']),
  );
  expect(post.linkTo('administrator@demo.example', '/a/demo.example/settings')).toBe(
    'https://iep.example/a/demo.example/settings',
  );
  expect(JSON.stringify(post.mails.map(({ text, html }) => [text, html]))).not.toContain('planted');
});
