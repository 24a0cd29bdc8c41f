import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { insertDistrict } from '../../tests/builders/record-builder.ts';
import { type MailCatcher, mailerTo, startMailCatcher } from '../../tests/servers/mail-catcher.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import type { Database } from '../database/database.ts';
import { dueMassChange, sendStatusChangeMails } from './status-change-mail.ts';

const today = Temporal.PlainDate.from('2027-05-01');
const change = { on: '2027-05-29', students: 4000 };

describe('a mass change ahead is due', () => {
  it('from 30 days before', () => {
    expect(dueMassChange([change], today, null)).toEqual(change);
    expect(dueMassChange([change], today.subtract({ days: 5 }), null)).toBeUndefined();
    expect(dueMassChange([change], Temporal.PlainDate.from('2027-05-29'), null)).toBeUndefined();
  });

  it('once, and again if the number is much different or the day is another', () => {
    expect(dueMassChange([change], today, { ...change, students: 3900 })).toBeUndefined();
    expect(dueMassChange([change], today, { ...change, students: 300 })).toEqual(change);
    expect(dueMassChange([change], today, { ...change, on: '2027-05-28' })).toEqual(change);
  });
});

describe('mails', () => {
  let database: Database;
  let districtId: number;
  let post: MailCatcher;
  beforeAll(async () => {
    database = await openTestDatabase();
    post = await startMailCatcher();
    districtId = await insertDistrict(database);
    await database.pool.query(
      `insert into accounts (id, email, name, role, district_id)
       values (gen_random_uuid(), 'ada@demo.example', 'Ada', 'administrator', $1)`,
      [districtId],
    );
  });
  afterAll(async () => {
    await post.close();
    await database.close();
  });

  const send = async () =>
    sendStatusChangeMails({
      pool: database.pool,
      mailer: mailerTo(post, database.pool),
      product: 'SameGoal',
      publicUrl: 'https://daybreak.example',
      now: () => Temporal.Instant.from('2027-05-01T12:00:00Z'),
    });

  it('tell administrators once of a change ahead, and once of changes on hold', async () => {
    await database.pool.query(
      `insert into status_forecasts (district_id, as_of, run_id, settings, school_year, year_end,
         next_year_students, changes, holds)
       values ($1, '2027-05-01', 1, '[]', 2027, '{}', 0, '{}', $2)`,
      [districtId, JSON.stringify([change])],
    );
    expect([await send(), await send()]).toEqual([1, 0]);
    await database.pool.query(
      `insert into date_holds (district_id, since, reason, counts) values ($1, '2027-05-01',
         'enrollments-ended', '[{"from": "ENROLLED", "to": "INACTIVE", "students": 4000}]')`,
      [districtId],
    );
    expect([await send(), await send()]).toEqual([1, 0]);
  });
});
