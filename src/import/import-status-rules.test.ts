/** The status rules in an import: enrollments as Skyward sends them, and the published statuses. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openSandboxDistrict,
  sandboxDate,
  type SandboxDistrict,
} from '../../tests/skyward/sandbox-district.ts';
import { defaultStatusRules, type NextSchoolYear } from '../enrollment/status-settings.ts';

let district: SandboxDistrict;
const rowsOf = (path: string) => district.skyward.sandbox.rows(path);
const enrollments = () => rowsOf('Enrollment/EntryWithdrawal');

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 60, seed: 5 });
  expect((await district.runImport()).state).toBe('published');
});
afterAll(() => district.close());

let entered = 0;

type Values = Readonly<Record<string, string | number | boolean | null>>;

/** Enters a student with an open enrollment of this school year for each of the given changes. */
function enter(...changes: readonly Values[]): { skyward: number; enrollments: number[] } {
  entered += 1;
  const NameID = rowsOf('Demographics/Name').insert({
    FirstName: `Kim${entered}`,
    LastName: 'Vale',
    BirthDate: '2011-05-06T00:00:00',
  });
  const skyward = rowsOf('Student/Student').insert({ NameID, StudentNumber: `77${entered}00` });
  const open = [...enrollments().ids()].find(
    (id) =>
      enrollments().get(id, 'EndDate') === null &&
      enrollments().get(id, 'StartDate') === '2026-08-12T00:00:00',
  );
  const { EntryWithdrawalID: _, ...enrollment } = enrollments().find(open ?? 0) ?? {};
  const ids = changes.map((values) =>
    enrollments().insert({
      ...enrollment,
      StudentID: skyward,
      EndDate: null,
      WithdrawalDate: null,
      WithdrawalCodeID: null,
      IsNoShow: false,
      EnrolledAtLeastOneDay: true,
      IsDefaultEntity: true,
      ...values,
    }),
  );
  return { skyward, enrollments: ids };
}

/** Skyward's id of a withdrawal code in the school year of an enrollment of 2026-27. */
function codeId(code: string): number {
  const year = Number(
    enrollments().get(
      [...enrollments().ids()].find(
        (id) => enrollments().get(id, 'StartDate') === '2026-08-12T00:00:00',
      ) ?? 0,
      'SchoolYearID',
    ),
  );
  const codes = rowsOf('Enrollment/WithdrawalCode');
  const id = codes
    .where('SchoolYearID', year)
    .find((one) => String(codes.get(one, 'Code')).trim() === code);
  if (id === undefined) throw new Error(`No withdrawal code ${code}`);
  return id;
}

/** Skyward's id of a school year. */
function yearId(number: number): number {
  const years = rowsOf('District/SchoolYear');
  const id = [...years.ids()].find((one) => years.get(one, 'NumericYear') === number);
  if (id === undefined) throw new Error(`No school year ${number}`);
  return id;
}

async function published(skyward: number) {
  const [row] = await district.rows<{
    status: string;
    rule: string;
    decidedBy: number | null;
    uncounted: readonly { id: number; reason: string }[];
    changesOn: string | null;
    school: string | null;
  }>(
    `select status, status_rule as rule, status_decided_by as "decidedBy",
       status_left_out as "uncounted", status_changes_on::text as "changesOn", school_name as school
     from students where district_id = $1 and skyward_id = $2`,
    [skyward],
  );
  return row;
}

const stored = (skyward: number) =>
  district.rows<Record<string, unknown>>(
    `select e.skyward_id as id, e.start_date::text as start, e.end_date::text as "end",
       e.withdrawal_date::text as withdrawal, e.is_no_show as "isNoShow",
       e.enrolled_at_least_one_day as "enrolledAtLeastOneDay"
     from enrollments e join students s on s.district_id = e.district_id and s.id = e.student_id
     where e.district_id = $1 and s.skyward_id = $2 order by e.skyward_id`,
    [skyward],
  );

const problemsOf = (runId: number, skyward: number) =>
  district.rows<Record<string, unknown>>(
    `select kind, object, field, record_key as key from import_problems
     where district_id = $1 and run_id = $2 and skyward_student_id = $3 order by id`,
    [runId, skyward],
  );

const importOn = async (
  today: string = sandboxDate,
  nextSchoolYear: NextSchoolYear = 'current',
) => {
  const outcome = await district.runImport({
    today,
    allowsMassChange: true,
    rules: { ...defaultStatusRules, nextSchoolYear },
  });
  expect(outcome.failure).toBeNull();
  return outcome;
};

/** Statuses are recalculated from what is stored, on a day when Skyward can't be reached. */
async function recalculate(today: string): Promise<void> {
  const connection = { baseUrl: 'http://127.0.0.1:9/NobodyStuAPI' };
  expect((await district.runImport({ today, connection })).failure?.code).toBe('unreachable');
}

describe('between the last day and the withdrawal date', () => {
  it('no status changes', async () => {
    const over = { EndDate: '2026-11-20T00:00:00', WithdrawalDate: '2026-11-30T00:00:00' };
    const back = enter(
      { ...over, WithdrawalCodeID: codeId('80') },
      { StartDate: '2026-11-30T00:00:00' },
    );
    const graduate = enter({ ...over, WithdrawalCodeID: codeId('01') });
    await importOn();
    expect(await published(back.skyward)).toMatchObject({
      status: 'ENROLLED',
      rule: 'future-with-past',
      decidedBy: back.enrollments[1],
      uncounted: [],
      changesOn: null,
    });
    expect(await published(graduate.skyward)).toMatchObject({ status: 'GRADUATED', uncounted: [] });
  });

  it('a withdrawal before the prefilled end date ends the enrollment, and is reported', async () => {
    const {
      skyward,
      enrollments: [enrollment],
    } = enter({
      EndDate: '2027-05-27T00:00:00',
      WithdrawalDate: '2026-10-02T00:00:00',
      WithdrawalCodeID: codeId('80'),
    });
    const named = [
      {
        kind: 'withdrawn-before-end',
        object: 'Enrollment/EntryWithdrawal',
        field: 'EndDate',
        key: String(enrollment),
      },
    ];
    const first = await importOn();
    expect(first.report).toMatchObject({ skipped: 0, problems: { 'withdrawn-before-end': 1 } });
    expect(await published(skyward)).toMatchObject({
      status: 'INACTIVE',
      rule: 'withdrawn',
      decidedBy: enrollment,
      changesOn: null,
    });
    expect(await problemsOf(first.runId, skyward)).toEqual(named);
    // The next import says so again, and writes nothing.
    const second = await importOn();
    expect(second.state).toBe('unchanged');
    expect(await problemsOf(second.runId, skyward)).toEqual(named);
    enrollments().update(enrollment ?? 0, { EndDate: '2026-10-01T00:00:00' });
    expect((await importOn()).report?.problems).toEqual({});
  });
});

describe('a placeholder date', () => {
  it('is not an end, withdrawal or start date; a row without a start date is not counted', async () => {
    const noEnd = enter({ EndDate: '0001-01-01T00:00:00', WithdrawalDate: '9999-12-31T00:00:00' });
    const two = enter({}, { StartDate: '0001-01-01T00:00:00' });
    const odd = enter({}, { StartDate: '12-AUG-2026' });
    const none = enter({ StartDate: null });
    const outcome = await importOn();
    expect(outcome.report).toMatchObject({
      skipped: 0,
      problems: { 'start-date-unreadable': 3 },
      notImported: { 'unreadable-date': 1 },
    });
    expect(await published(noEnd.skyward)).toMatchObject({ status: 'ENROLLED', changesOn: null });
    expect(await stored(noEnd.skyward)).toMatchObject([{ end: null, withdrawal: null }]);
    for (const {
      skyward,
      enrollments: [good, bad],
    } of [two, odd]) {
      expect(await published(skyward)).toMatchObject({
        status: 'ENROLLED',
        decidedBy: good,
        uncounted: [{ id: bad, reason: 'unreadable-date' }],
      });
      expect(await stored(skyward)).toMatchObject([{ start: '2026-08-12' }, { start: null }]);
      expect(await problemsOf(outcome.runId, skyward)).toEqual([
        {
          kind: 'start-date-unreadable',
          object: 'Enrollment/EntryWithdrawal',
          field: 'StartDate',
          key: String(bad),
        },
      ]);
    }
    expect(await published(none.skyward)).toBeUndefined();
    expect((await importOn()).state).toBe('unchanged');
    // A known student follows Skyward in everything else.
    rowsOf('Student/Student').update(two.skyward, { Grade: '11' });
    enrollments().update(two.enrollments[0] ?? 0, { EndDate: '2026-11-20T00:00:00' });
    expect((await importOn()).report).toMatchObject({ skipped: 0, changed: 1 });
    expect((await published(two.skyward))?.status).toBe('INACTIVE');
    for (const id of [two.enrollments[1], odd.enrollments[1]]) {
      enrollments().update(id ?? 0, { StartDate: '2026-11-16T00:00:00' });
    }
    enrollments().remove(none.enrollments[0] ?? 0);
    expect((await importOn()).report?.problems).toEqual({});
    expect((await published(two.skyward))?.status).toBe('ENROLLED');
  });
});

describe('a no-show', () => {
  const day = '2026-08-12T00:00:00';
  const oneDay = { StartDate: day, EndDate: day, WithdrawalDate: day };
  const toCome = { StartDate: '2027-01-05T00:00:00', EnrolledAtLeastOneDay: false };

  it.each([
    ['a no-show', { IsNoShow: true }, 'PRE_ENROLLED'],
    ['not enrolled for one day', { EnrolledAtLeastOneDay: false }, 'PRE_ENROLLED'],
    ['enrolled for one day', {}, 'ENROLLED'],
  ])('%s', async (_what, words, status) => {
    const { skyward, enrollments: ids } = enter({ ...oneDay, ...words }, toCome);
    await importOn();
    expect(await published(skyward)).toMatchObject({
      status,
      decidedBy: ids[1],
      uncounted: status === 'ENROLLED' ? [] : [{ id: ids[0], reason: 'never-effective' }],
    });
    // Recalculated from what is stored, it stays so.
    await recalculate('2026-12-01');
    expect((await published(skyward))?.status).toBe(status);
    await importOn();
  });

  it('is determined by the import after the last day, and not before', async () => {
    const {
      skyward,
      enrollments: [enrollment],
    } = enter({
      StartDate: '2026-11-30T00:00:00',
      EndDate: '2026-12-04T00:00:00',
      WithdrawalDate: '2026-12-07T00:00:00',
      EnrolledAtLeastOneDay: false,
    });
    await importOn();
    expect(await published(skyward)).toMatchObject({
      status: 'PRE_ENROLLED',
      changesOn: '2026-11-30',
    });
    expect(await stored(skyward)).toMatchObject([{ enrolledAtLeastOneDay: null }]);
    // What was read before it began says nothing once it is over …
    await recalculate('2026-12-05');
    expect(await published(skyward)).toMatchObject({ status: 'INACTIVE', rule: 'withdrawn' });
    // … what is read then does, although Skyward sends the very same row.
    await importOn('2026-12-05');
    expect(await published(skyward)).toMatchObject({
      rule: 'no-enrollment',
      uncounted: [{ id: enrollment, reason: 'never-effective' }],
    });
    expect(await stored(skyward)).toMatchObject([{ enrolledAtLeastOneDay: false }]);
    await recalculate('2026-12-06');
    expect((await published(skyward))?.rule).toBe('no-enrollment');
    await importOn();
  });

  it('retains the two fields when they are no longer allowed', async () => {
    const { skyward } = enter({ ...oneDay, IsNoShow: true }, toCome);
    await importOn();
    const { accesses, clientKey } = district.skyward.sandbox;
    const access = accesses.find(clientKey);
    accesses.dropFields(clientKey, 'Enrollment/EntryWithdrawal', [
      'IsNoShow',
      'EnrolledAtLeastOneDay',
    ]);
    const outcome = await importOn();
    accesses.change(clientKey, access ?? {});
    expect(outcome.report?.missingPermissions).toContainEqual({
      object: 'Enrollment/EntryWithdrawal',
      fields: ['EnrolledAtLeastOneDay', 'IsNoShow'],
    });
    expect((await published(skyward))?.status).toBe('PRE_ENROLLED');
  });
});

describe('the next school year', () => {
  it('counts as set by the district, and always once it has started', async () => {
    const next = { SchoolYearID: yearId(2028), StartDate: '2026-12-10T00:00:00' };
    const stayed = { EndDate: '2026-11-20T00:00:00', WithdrawalDate: '2026-12-10T00:00:00' };
    const calendar = rowsOf('Attendance/Calendar');
    const newStudent = enter(next);
    const left = enter({ ...stayed, WithdrawalCodeID: codeId('80') }, next);
    const returning = enter(
      {
        ...stayed,
        CalendarID: calendar.insert({ SchoolYearID: yearId(2027), EndDate: '2026-11-21T00:00:00' }),
      },
      next,
    );
    const statuses = async (setting: NextSchoolYear, today = sandboxDate) => {
      await importOn(today, setting);
      return [
        (await published(newStudent.skyward))?.status,
        (await published(returning.skyward))?.status,
        (await published(left.skyward))?.status,
      ];
    };
    expect(await statuses('current')).toEqual([undefined, 'INACTIVE', 'INACTIVE']);
    expect(await published(returning.skyward)).toMatchObject({
      uncounted: [{ id: returning.enrollments[1], reason: 'not-retrieved' }],
      changesOn: '2026-12-10',
    });
    expect(await statuses('returning')).toEqual(['PRE_ENROLLED', 'ENROLLED', 'INACTIVE']);
    expect(await statuses('all')).toEqual(['PRE_ENROLLED', 'ENROLLED', 'ENROLLED']);
    expect(await statuses('current')).toEqual(['INACTIVE', 'INACTIVE', 'INACTIVE']);
    expect(await statuses('current', '2026-12-10')).toEqual(['ENROLLED', 'ENROLLED', 'ENROLLED']);
    await importOn();
  });
});

describe('a graduate', () => {
  it('R40: stays Graduated when the last enrollment is more than a year old', async () => {
    const {
      skyward,
      enrollments: [enrollment],
    } = enter({
      EndDate: '2026-11-20T00:00:00',
      WithdrawalDate: '2026-11-23T00:00:00',
      WithdrawalCodeID: codeId('01'),
    });
    await importOn();
    const before = await published(skyward);
    expect(before).toMatchObject({
      status: 'GRADUATED',
      rule: 'graduated',
      decidedBy: enrollment,
      changesOn: null,
    });
    await recalculate('2027-11-24');
    expect(await published(skyward)).toEqual(before);
    await recalculate('2030-11-24');
    expect(await published(skyward)).toEqual(before);
    // An import keeps it too, also of a student of whom something else changes.
    rowsOf('Student/Student').update(skyward, { GradYear: 2028 });
    await importOn('2027-11-24');
    expect(await published(skyward)).toEqual(before);
    // Another row than the one that aged, or an end that was set again, is news.
    enrollments().update(enrollment ?? 0, { IsNoShow: true });
    await importOn('2027-11-25');
    expect(await published(skyward)).toMatchObject({ status: 'INACTIVE', rule: 'no-enrollment' });
    await importOn();
  });

  it('stays Graduated once Skyward no longer has the school year', async () => {
    const { skyward } = enter({
      EndDate: '2026-11-20T00:00:00',
      WithdrawalDate: '2026-11-23T00:00:00',
      WithdrawalCodeID: codeId('01'),
    });
    await importOn();
    const before = await published(skyward);
    await importOn('2029-11-24');
    expect(await published(skyward)).toEqual(before);
    rowsOf('Student/Student').update(skyward, { GradYear: 2028 });
    await importOn('2029-11-25');
    expect(await published(skyward)).toEqual(before);
    expect(await stored(skyward)).toHaveLength(1);
    await importOn();
  });

  it('an end date set far back makes the student Inactive', async () => {
    const {
      skyward,
      enrollments: [enrollment],
    } = enter({});
    await importOn();
    enrollments().update(enrollment ?? 0, {
      StartDate: '2025-08-13T00:00:00',
      EndDate: '2025-10-01T00:00:00',
      WithdrawalCodeID: codeId('01'),
    });
    await importOn();
    expect(await published(skyward)).toMatchObject({ status: 'INACTIVE', rule: 'no-enrollment' });
  });
});
