/** Status changes by the date alone: put on hold where they are many, applied or resolved later. */
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSandboxDistrict, type SandboxDistrict } from '../../tests/skyward/sandbox-district.ts';
import { runDailyUpdates } from '../jobs/daily-updates.ts';

let district: SandboxDistrict;
beforeEach(async () => {
  district = await openSandboxDistrict({ students: 120, seed: 9, schools: 3 });
  for (const id of enrollments().ids()) {
    // By the clock of this Skyward, which stays in November, what starts later is never attended.
    if (String(enrollments().get(id, 'StartDate')) > '2026-11-23') {
      enrollments().update(id, { EnrolledAtLeastOneDay: true });
    }
  }
  endYearOn('2027-05-28');
  expect((await district.runImport()).state).toBe('published');
});
afterEach(() => district.close());

const rowsOf = (path: string) => district.skyward.sandbox.rows(path);
const enrollments = () => rowsOf('Enrollment/EntryWithdrawal');

/** Enters the end of the school year ahead for all open enrollments. */
function endYearOn(day: string): void {
  for (const id of enrollments().ids()) {
    if (enrollments().get(id, 'WithdrawalDate') !== null) continue;
    // An open enrollment of an earlier year ended with that year.
    if (String(enrollments().get(id, 'StartDate')) < '2026-07-01') continue;
    enrollments().update(id, { EndDate: `${day}T00:00:00` });
  }
}

const updateOn = async (day: string) =>
  runDailyUpdates({
    pool: district.database.pool,
    log: pino({ level: 'silent' }),
    now: () => Temporal.Instant.from(`${day}T12:00:00Z`),
  });

const statuses = async () => {
  const rows = await district.rows<{ status: string; onHold: string | null; students: number }>(
    `select status, status_on_hold as "onHold", count(*)::integer as students from students
     where district_id = $1 group by 1, 2 order by 1, 2`,
  );
  return Object.fromEntries(
    rows.map(({ status, onHold, students }) => [
      onHold === null ? status : `${status} (${onHold})`,
      students,
    ]),
  );
};

/** Enrolled students whose enrollment will end with a withdrawal code. */
const countLeavers = async (): Promise<number> => {
  const [row] = await district.rows<{ students: number }>(
    `select count(*)::integer as students from students s join enrollments e
       on e.district_id = $1 and e.student_id = s.id and e.skyward_id = s.status_decided_by
     where s.district_id = $1 and s.status = 'ENROLLED' and e.withdrawal_code <> ''`,
  );
  return row?.students ?? 0;
};

const countOnHold = (counts: Readonly<Record<string, number>>): number =>
  Object.entries(counts).reduce((sum, [key, count]) => sum + (key.includes('(') ? count : 0), 0);

const holds = async () =>
  district.rows<{ since: string; decision: string | null; students: number; isEnded: boolean }>(
    `select since::text, decision, ended_at is not null as "isEnded",
       (select coalesce(sum((c ->> 'students')::integer), 0)::integer
        from jsonb_array_elements(counts) c) as students
     from date_holds where district_id = $1 order by id`,
  );

const decide = async (decision: 'applied' | 'next-year-counted') => {
  await district.rows(
    `update date_holds set decision = $2, decided_at = now(), decided_by = 'Ada'
     where district_id = $1 and ended_at is null`,
    [decision],
  );
  await district.rows('update districts set statuses_as_of = null where id = $1');
};

describe('the end of the school year', () => {
  it('keeps the statuses of a mass of students, until a person applies the change', async () => {
    const before = await statuses();
    const leavers = await countLeavers();
    await updateOn('2027-05-29');
    const held = await statuses();
    expect(held['ENROLLED (INACTIVE)']).toBeGreaterThan(60);
    expect(held['ENROLLED']).toBeUndefined();
    expect(held['INACTIVE']).toBe((before['INACTIVE'] ?? 0) + leavers);
    expect(await holds()).toEqual([
      {
        since: '2027-05-29',
        decision: null,
        students: countOnHold(held),
        isEnded: false,
      },
    ]);

    // Another day and another import change nothing, also when Skyward sends something else about a student.
    await updateOn('2027-05-30');
    const [name] = rowsOf('Demographics/Name').ids();
    rowsOf('Demographics/Name').update(name ?? 0, { LastName: 'Okonkwo' });
    const run = await district.runImport({ today: '2027-05-31' });
    expect(run).toMatchObject({ state: 'published', report: { onHold: countOnHold(held) } });
    expect(await statuses()).toEqual(held);

    await decide('applied');
    await updateOn('2027-05-31');
    expect((await statuses())['INACTIVE']).toBe((held['INACTIVE'] ?? 0) + countOnHold(held));
    expect(await holds()).toMatchObject([{ decision: 'applied', isEnded: true }]);
  });

  it('is one change, however it is spread over the days', async () => {
    const open = await district.rows<{ id: number }>(
      `select status_decided_by as id from students s where district_id = $1
         and status_rule = 'current-enrollment' and (select count(*) from enrollments e
           where e.district_id = $1 and e.student_id = s.id and e.school_year = 2027) = 1
       order by id`,
    );
    const days = ['2027-03-01', '2027-03-03', '2027-03-05', '2027-03-08'];
    for (const [index, { id }] of open.entries()) {
      const day = days[Math.floor(index / 8)] ?? '2027-06-30';
      enrollments().update(id, { EndDate: `${day}T00:00:00` });
    }
    expect((await district.runImport({ today: '2026-11-24' })).state).toBe('published');
    for (const day of ['2027-03-02', '2027-03-04', '2027-03-06']) await updateOn(day);
    expect(await holds()).toEqual([]);
    await updateOn('2027-03-09');
    expect(await holds()).toMatchObject([{ since: '2027-03-09', isEnded: false }]);
    // What passed more than thirty days ago does not count any more, so the rest is no mass.
    await updateOn('2027-04-20');
    expect(await holds()).toMatchObject([{ isEnded: true }]);
  });

  it('does not keep students who leave by a withdrawal code', async () => {
    const staying = await statuses();
    const open = await district.rows<{ id: number }>(
      `select status_decided_by as id from students s where district_id = $1
         and status_rule = 'current-enrollment' and (select count(*) from enrollments e
           where e.district_id = $1 and e.student_id = s.id and e.school_year = 2027) = 1
       order by id limit 3`,
    );
    const codes = rowsOf('Enrollment/WithdrawalCode');
    const code = [...codes.ids()].find((id) => codes.get(id, 'Code') === '80');
    for (const { id } of open) enrollments().update(id, { WithdrawalCodeID: code ?? 0 });
    expect((await district.runImport({ today: '2026-11-24' })).state).toBe('published');
    const leavers = await countLeavers();
    expect(leavers).toBeGreaterThanOrEqual(open.length);
    await updateOn('2027-05-29');
    const held = await statuses();
    expect(held['INACTIVE']).toBe((staying['INACTIVE'] ?? 0) + leavers);
    expect(held['ENROLLED (INACTIVE)']).toBeGreaterThan(60);
    // They count as few on the next day, too.
    await updateOn('2027-05-30');
    expect(await statuses()).toEqual(held);
  });

  it('ends by itself for students whose next enrollment arrives and counts', async () => {
    await updateOn('2027-05-29');
    const held = await statuses();
    await district.rows(`update districts set next_school_year = 'all' where id = $1`);
    await decide('next-year-counted');
    await updateOn('2027-05-29');
    // The sandbox has no rows of the next school year yet, so all of them stay, under a new hold.
    expect(await statuses()).toEqual(held);
    expect(await holds()).toMatchObject([
      { decision: 'next-year-counted', isEnded: true },
      { decision: null, isEnded: false },
    ]);
  });

  it('is applied by an import that a person lets through', async () => {
    await updateOn('2027-05-29');
    await district.runImport({ today: '2027-05-30', allowsMassChange: true });
    const after = await statuses();
    expect(after['ENROLLED (INACTIVE)']).toBeUndefined();
    expect(after['INACTIVE']).toBeGreaterThan(60);
    expect(await holds()).toMatchObject([{ decision: 'applied', isEnded: true }]);
  });
});
