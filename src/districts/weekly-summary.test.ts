import { assert, integer, property } from 'fast-check';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type MailCatcher, mailerTo, startMailCatcher } from '../../tests/servers/mail-catcher.ts';
import { insertDistrict } from '../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { createAccounts } from '../accounts/accounts.ts';
import type { Database } from '../database/database.ts';
import { unsubscribeFromSummary } from './email-subscriptions.ts';
import { findDueMonday, sendWeeklySummaries, summaryText } from './weekly-summary.ts';
import { fastPasswords } from '../../tests/servers/fast-password-hashing.ts';

const monday = Temporal.PlainDate.from('2026-11-23');

it('is due on Mondays from six in the morning on, on no other day', () => {
  assert(
    property(integer({ min: 0, max: 24 * 400 }), (hours) => {
      const now = Temporal.PlainDateTime.from('2026-01-01T00:30').add({ hours });
      const isDue = now.dayOfWeek === 1 && now.hour >= 6;
      expect(findDueMonday(now)?.toString()).toBe(isDue ? now.toPlainDate().toString() : undefined);
    }),
  );
});

describe('its text', () => {
  const run = (day: string, state: 'published' | 'failed' | 'held', added = 0, changed = 0) => ({
    importDate: Temporal.PlainDate.from(day),
    state,
    added,
    changed,
  });

  it('counts changes and names imports that failed or are on hold', () => {
    const runs = [
      run('2026-11-17', 'published', 2, 1),
      run('2026-11-18', 'failed'),
      run('2026-11-19', 'held'),
      run('2026-11-20', 'published', 0, 1200),
    ];
    expect(summaryText({ districtName: 'Larkspur', monday, runs })).toEqual({
      subject: 'Weekly import summary for Larkspur: Nov 16, 2026 to Nov 22, 2026',
      paragraphs: [
        '2 of 4 imports completed. 2 new students, 1,201 records changed.',
        'Nov 18, 2026: the import failed; no data was changed.',
        'Nov 19, 2026: the import was put on hold for review.',
      ],
    });
  });

  it('reports that no import ran', () => {
    const { paragraphs } = summaryText({ districtName: 'Larkspur', monday, runs: [] });
    expect(paragraphs).toEqual([
      'No import ran. See Settings > District Information for the reason.',
    ]);
  });
});

describe('sending it', () => {
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
    sendWeeklySummaries({
      pool: database.pool,
      mailer: mailerTo(post, database.pool),
      product: 'SameGoal',
      publicUrl: 'https://iep.example',
      now: () => Temporal.Instant.from(at),
    });

  it('is sent once a week to subscribers, and one click unsubscribes', async () => {
    const districtId = await insertDistrict(database);
    const accounts = createAccounts({
      passwordHashing: fastPasswords,
      database,
      log,
      secret: 'a-secret-of-this-test-0123456789-abcdef',
    });
    for (const name of ['ann', 'ben']) {
      await accounts.createAccount({
        email: `${name}@demo.example`,
        password: 'a long walk at sunrise',
        name,
        districtId,
        role: 'administrator',
      });
    }
    await database.pool.query(
      `insert into mail_choices (district_id, account_id, notices, weekly)
       select district_id, id, true, true from accounts where email = 'ann@demo.example'`,
    );
    // Five in the morning in Chicago, then six, then six again.
    expect(await round('2026-11-23T11:00:00Z')).toBe(0);
    expect(await round('2026-11-23T12:00:00Z')).toBe(1);
    expect(await round('2026-11-23T12:05:00Z')).toBe(0);
    const [mail] = post.mails;
    expect(post.mails).toHaveLength(1);
    expect([mail?.to].flat()[0]?.text).toBe('ann@demo.example');
    expect(mail?.headers.has('list')).toBe(true);
    const token = /\/unsubscribe\/(\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
    expect(await unsubscribeFromSummary(database.web.pool, `${districtId}-not-one-of-ours`)).toBe(
      false,
    );
    expect(await unsubscribeFromSummary(database.web.pool, token)).toBe(true);
    expect(await round('2026-11-30T12:00:00Z')).toBe(0);
  });
});
