/** Contradictory rows are reported, nothing is guessed, and the rest is published. */
import { expect, it } from 'vitest';
import {
  mergeRows,
  createDistrictRows,
  type FixedRowsDistrict,
  openFixedRowsDistrict,
} from '../../../tests/skyward/fixed-rows.ts';

const problemsOf = (district: FixedRowsDistrict, runId: number) =>
  district.rows<{ kind: string; object: string; field: string; key: string; student: number }>(
    `select kind, object, field, record_key as key, skyward_student_id as student
     from import_problems where district_id = $1 and run_id = $2 order by record_key`,
    [runId],
  );

const guardiansOf = async (district: FixedRowsDistrict, student: number) =>
  (
    await district.rows<{ name: string }>(
      `select g.first_name as name from guardians g
       join students s on s.district_id = $1 and s.id = g.student_id
       where g.district_id = $1 and s.skyward_id = $2 order by g.position`,
      [student],
    )
  ).map(({ name }) => name);

const secondDefault = (change: Record<string, unknown> = {}) => ({
  'Enrollment/EntryWithdrawal': [
    {
      EntryWithdrawalID: 12,
      StudentID: 1,
      EntityID: 402,
      SchoolYearID: 27,
      StartDate: '2026-09-01T00:00:00',
      EndDate: null,
      WithdrawalDate: null,
      WithdrawalCodeID: null,
      IsDefaultEntity: true,
      ...change,
    },
  ],
});

const rivals = ['11', '12'].map((key) => ({
  kind: 'default-entities-rival',
  object: 'Enrollment/EntryWithdrawal',
  field: 'IsDefaultEntity',
  key,
  student: 1,
}));

it('reports both rows of two default entities in effect at once, in every import until one is corrected', async () => {
  await using district = await openFixedRowsDistrict();
  const twice = mergeRows(createDistrictRows(3), secondDefault());
  const first = await district.import(twice);
  expect(first).toMatchObject({ state: 'published', report: { added: 3, skipped: 0 } });
  expect(await problemsOf(district, first.runId)).toEqual(rivals);
  const [student] = await district.rows<{ status: string; by: number }>(
    `select status, status_decided_by as by from students where district_id = $1 and skyward_id = 1`,
  );
  expect(student).toEqual({ status: 'ENROLLED', by: 12 });
  const again = await district.import(twice);
  expect(again.state).toBe('unchanged');
  expect(await problemsOf(district, again.runId)).toEqual(rivals);
  const fixed = mergeRows(createDistrictRows(3), secondDefault({ IsDefaultEntity: false }));
  expect((await district.import(fixed)).report?.problems).toEqual({});
});

it.each([
  ['in one entity', { EntityID: 401 }],
  ['one after the other', { StartDate: '2027-01-05T00:00:00' }],
  ['in a cross-entity course', { WithdrawalCodeID: 273 }],
  ['with one that is over', { EndDate: '2026-10-01T00:00:00' }],
])('reports no default entities %s', async (_, change) => {
  await using district = await openFixedRowsDistrict();
  const run = await district.import(mergeRows(createDistrictRows(3), secondDefault(change)));
  expect(run.report?.problems).toEqual({});
});

it('reports two default entities from the day the second one starts', async () => {
  await using district = await openFixedRowsDistrict();
  const later = mergeRows(
    createDistrictRows(3),
    secondDefault({ StartDate: '2026-11-25T00:00:00', SchoolID: 4037 }),
  );
  expect((await district.import(later)).report?.problems).toEqual({});
  for (const today of ['2026-11-25', '2026-11-26']) {
    const run = await district.import(later, { today });
    expect(await problemsOf(district, run.runId)).toEqual(rivals);
  }
});

const guardian = (nameId: number, key = 11) => ({
  'Family/StudentGuardian': [
    { StudentGuardianID: key, StudentID: 1, NameIDGuardian: nameId, IsCustodialGuardian: true },
  ],
});
const named = (id: number, born: string | null = null) => ({
  'Demographics/Name': [{ NameID: id, FirstName: 'Pat', LastName: 'Lopez', BirthDate: born }],
});
const doubtful = {
  kind: 'guardian-is-student',
  object: 'Family/StudentGuardian',
  field: 'NameIDGuardian',
  key: '11',
  student: 1,
};

it.each([
  ['their own guardian', 100_001],
  ['the guardian of another of the same age', 100_002],
])('skips a guardian who is %s, and imports the rest', async (_, nameId) => {
  await using district = await openFixedRowsDistrict();
  const delivery = mergeRows(
    createDistrictRows(3),
    guardian(nameId),
    guardian(5000, 12),
    named(5000),
  );
  const run = await district.import(delivery);
  expect(run).toMatchObject({ state: 'published', report: { added: 3, skipped: 0 } });
  expect(await problemsOf(district, run.runId)).toEqual([doubtful]);
  expect(await guardiansOf(district, 1)).toEqual(['Pat']);
  const again = await district.import(delivery);
  expect(again.state).toBe('unchanged');
  expect(await problemsOf(district, again.runId)).toEqual([doubtful]);
});

it('retains a known guardian when the link leads to a student', async () => {
  await using district = await openFixedRowsDistrict();
  await district.import(mergeRows(createDistrictRows(3), guardian(5000), named(5000)));
  const run = await district.import(
    mergeRows(createDistrictRows(3), guardian(100_002), named(5000)),
  );
  expect(await problemsOf(district, run.runId)).toEqual([doubtful]);
  expect(await guardiansOf(district, 1)).toEqual(['Pat']);
});

it.each([
  ['an adult is their own guardian', '2008-11-23', 100_001],
  ['an adult student is the guardian of a brother', '2008-01-02', 100_004],
])('accepts the guardian when %s', async (_, born, nameId) => {
  await using district = await openFixedRowsDistrict();
  const delivery = mergeRows(createDistrictRows(4), guardian(nameId));
  for (const row of delivery['Demographics/Name'] ?? [])
    if (row['NameID'] === nameId) row['BirthDate'] = `${born}T00:00:00`;
  const run = await district.import(delivery);
  expect(run.report?.problems).toEqual({});
  expect(await guardiansOf(district, 1)).toHaveLength(1);
});

it('accepts a young student who is the parent of a small child', async () => {
  await using district = await openFixedRowsDistrict();
  const delivery = mergeRows(createDistrictRows(3), guardian(100_002));
  for (const row of delivery['Demographics/Name'] ?? [])
    if (row['NameID'] === 100_001) row['BirthDate'] = '2024-05-07T00:00:00';
  const run = await district.import(delivery);
  expect(run.report?.problems).toEqual({});
  expect(await guardiansOf(district, 1)).toEqual(['Ana2']);
});
