/** Imports that would lose many students are held, and published once a reviewer approves them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { districtEntityId } from '../../sandbox/district/school-plan.ts';
import {
  openSandboxDistrict,
  type ImportOverrides,
  type SandboxDistrict,
} from '../../tests/skyward/sandbox-district.ts';

let district: SandboxDistrict;
const runImport = (overrides: ImportOverrides = {}) =>
  district.runImport({ limits: {}, ...overrides });
const rowsOf = (path: string) => district.skyward.sandbox.rows(path);

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 200, seed: 9, schools: 4 });
  expect((await runImport()).state).toBe('published');
});
afterAll(() => district.close());

const statuses = async () => {
  const rows = await district.rows<{ status: string; count: number }>(
    `select status, count(*)::integer as count from students where district_id = $1 group by 1`,
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
};
const published = () =>
  district.rows<Record<string, unknown>>(
    `select s.skyward_id, s.status, s.phones, s.changed_run_id, count(e.*) as enrollments
     from students s left join enrollments e on e.district_id = $1 and e.student_id = s.id
     where s.district_id = $1 group by s.district_id, s.id order by s.id`,
  );

/** Ends the current enrollments of `count` enrolled students of a school yesterday; returns a function that undoes it. */
async function withdraw(count: number, entity: number, end = '2026-11-22'): Promise<() => void> {
  const enrollments = rowsOf('Enrollment/EntryWithdrawal');
  const students = await district.rows<{ skyward: number }>(
    `select skyward_id as skyward from students
     where district_id = $1 and status = 'ENROLLED' and status_rule = 'current-enrollment'
       and status_changes_on is null and entity_id = $3
     order by id desc limit $2`,
    [count, entity],
  );
  const changed = students.flatMap(({ skyward }) =>
    enrollments
      .where('StudentID', skyward)
      .filter((id) => enrollments.get(id, 'EndDate') === null)
      .map((id) => ({ id, row: enrollments.find(id) ?? {} })),
  );
  for (const { id } of changed) {
    enrollments.update(id, { EndDate: `${end}T00:00:00`, WithdrawalDate: `${end}T00:00:00` });
  }
  return () => {
    for (const { id, row } of changed) {
      enrollments.update(id, {
        EndDate: row['EndDate'] ?? null,
        WithdrawalDate: row['WithdrawalDate'] ?? null,
      });
    }
  };
}

const bigSchool = async () => {
  const [school] = await district.rows<{ entity: number; name: string; students: number }>(
    `select entity_id as entity, max(school_name) as name, count(*)::integer as students
     from students where district_id = $1 and status in ('ENROLLED', 'PRE_ENROLLED')
     group by 1 order by 3 desc limit 1`,
  );
  if (school === undefined) throw new Error('There is no school');
  return school;
};

it('publishes when 15 % of a school become inactive, holds one more and names the school', async () => {
  const before = await published();
  const { entity, name, students } = await bigSchool();
  const allowed = Math.floor(students * 0.15);
  const undo = await withdraw(allowed + 1, entity);
  const held = await runImport();
  expect(held).toMatchObject({
    state: 'held',
    failure: {
      code: 'mass-change',
      message: expect.stringContaining(
        `${allowed + 1} of ${students} active students of ${name} (`,
      ),
    },
    report: { turningInactive: allowed + 1 },
  });
  expect(await published()).toEqual(before);
  undo();
  const redo = await withdraw(allowed, entity);
  expect(await runImport()).toMatchObject({
    state: 'published',
    report: { turningInactive: allowed },
  });
  redo();
  await runImport({ allowsMassChange: true });
  expect(await published()).toMatchObject(
    before.map((row) => ({ ...row, changed_run_id: expect.anything() })),
  );
});

it('holds the import when an entity was removed from the access, until a user allows it', async () => {
  const { accesses, clientKey } = district.skyward.sandbox;
  const access = accesses.find(clientKey) ?? {};
  const entities = [...rowsOf('District/Entity').ids()];
  const [school] = await district.rows<{ entity: number }>(
    `select entity_id as entity from students where district_id = $1 and status = 'ENROLLED'
     group by 1 order by count(*) desc limit 1`,
  );
  expect(school?.entity).not.toBe(districtEntityId);
  accesses.dropEntity(clientKey, school?.entity ?? 0, entities);
  const before = await published();
  const held = await runImport();
  expect(held).toMatchObject({ state: 'held', failure: { code: 'mass-change' } });
  expect(held.failure?.advice).toMatch(/entity removed/);
  expect(await published()).toEqual(before);
  expect((await runImport()).state).toBe('held');

  const dry = await runImport({ isDryRun: true, allowsMassChange: true });
  expect(dry.state).toBe('planned');
  expect(await published()).toEqual(before);

  const enrolled = (await statuses())['ENROLLED'] ?? 0;
  expect((await runImport({ allowsMassChange: true })).state).toBe('published');
  expect((await statuses())['ENROLLED']).toBeLessThan(enrolled - 24);

  // All students come back at once: that is a mass change as well.
  accesses.change(clientKey, access);
  expect(await runImport()).toMatchObject({
    state: 'held',
    failure: { message: expect.stringMatching(/former students would return to/) },
  });
  expect((await runImport({ allowsMassChange: true })).state).toBe('published');
  expect((await statuses())['ENROLLED']).toBe(enrolled);
});

it('publishes what was approved, and holds again what exceeds it', async () => {
  const { entity, students } = await bigSchool();
  const few = Math.ceil(students * 0.3);
  const undo = await withdraw(few, entity);
  const held = await runImport();
  expect(held.state).toBe('held');
  const approval = {
    allowsMassChange: true,
    request: { origin: 'person', approvedRunId: held.runId },
  } as const;
  const undoMore = await withdraw(few + 10, entity);
  expect(await runImport(approval)).toMatchObject({
    state: 'held',
    failure: { message: expect.stringContaining(`${few + 10} of `) },
  });
  undoMore();
  undo();
  const redo = await withdraw(few + 1, entity);
  expect(await runImport(approval)).toMatchObject({
    state: 'published',
    report: { turningInactive: few + 1 },
  });
  redo();
  await runImport({ allowsMassChange: true });
});

it('retains published records when most students are missing from Skyward', async () => {
  const students = rowsOf('Student/Student');
  const before = await statuses();
  const active = await district.rows<{ skyward: number }>(
    `select skyward_id as skyward from students where district_id = $1 and status = 'ENROLLED' limit 30`,
  );
  for (const { skyward } of active) students.remove(skyward);
  const held = await runImport();
  expect(held).toMatchObject({ state: 'held', report: { newlyMissingActive: 30 } });
  expect(await statuses()).toEqual(before);
});

it('is not held by changes by the date alone: their students are on hold', async () => {
  const other = await openSandboxDistrict({ students: 120, seed: 9, schools: 3 });
  try {
    await other.runImport();
    const enrollments = other.skyward.sandbox.rows('Enrollment/EntryWithdrawal');
    for (const id of enrollments.ids()) {
      // By the clock of this Skyward, which stays in November, what starts later is never attended.
      if (String(enrollments.get(id, 'StartDate')) > '2026-11-23T00:00:00')
        enrollments.update(id, { EnrolledAtLeastOneDay: true });
      // An open enrollment of an earlier year would be in effect as well as that of this year.
      const isOfThisYear = String(enrollments.get(id, 'StartDate')) >= '2026-07-01T00:00:00';
      if (enrollments.get(id, 'EndDate') !== null || !isOfThisYear) continue;
      enrollments.update(id, {
        EndDate: '2026-12-18T00:00:00',
        WithdrawalDate: '2026-12-19T00:00:00',
      });
    }
    expect((await other.runImport()).state).toBe('published');
    const later = await other.runImport({ today: '2026-12-19' });
    expect(later).toMatchObject({ state: 'published', report: { turningInactive: 0 } });
    expect(later.report?.statusesAfter['INACTIVE']).toBeLessThan(20);
    const { rows } = await other.database.pool.query(
      "select id from students where district_id = $1 and status_on_hold = 'INACTIVE'",
      [other.districtId],
    );
    expect(rows.length).toBeGreaterThan(60);
  } finally {
    await other.close();
  }
});

it('does not hold what three of the last imports changed as well, unless one of them was undone', async () => {
  const other = await openSandboxDistrict({ students: 120, seed: 9, schools: 3 });
  try {
    const importOther = (overrides: ImportOverrides = {}) =>
      other.runImport({ limits: {}, ...overrides });
    const phones = other.skyward.sandbox.rows('Demographics/NamePhone');
    const renumber = (areaCode: string) => {
      for (const id of [...phones.ids()].filter((each) => each % 12 === 0))
        phones.update(id, {
          PhoneNumber: `${areaCode}${areaCode}${String(id % 10_000).padStart(4, '0')}`,
        });
    };
    await importOther();
    for (const areaCode of ['601', '602', '603']) {
      renumber(areaCode);
      expect(await importOther()).toMatchObject({
        state: 'held',
        failure: { message: expect.stringMatching(/phone numbers.*the limit is/) },
      });
      await importOther({ allowsMassChange: true });
    }
    renumber('604');
    const planned = await importOther({ isDryRun: true });
    expect(planned).toMatchObject({ state: 'planned', failure: null });
    const { rows } = await other.database.pool.query(
      `update import_runs set state = 'undone', undone_by_run_id = id
       where district_id = $1 and id = (select max(run_id) from import_shares) returning id`,
      [other.districtId],
    );
    expect(rows).toHaveLength(1);
    expect((await importOther()).state).toBe('held');
  } finally {
    await other.close();
  }
});
