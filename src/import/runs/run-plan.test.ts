/** Stored plans, against a sandbox Skyward. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import {
  openSandboxDistrict,
  type SandboxDistrict,
} from '../../../tests/skyward/sandbox-district.ts';
import type { PlanKind } from '../../contract/values.ts';
import { listPlan, removeOldPlans } from './run-plan.ts';

let district: SandboxDistrict;
beforeAll(async () => {
  district = await openSandboxDistrict({ students: 60, seed: 4 });
});
afterAll(() => district.close());

const planOf = async (runId: number, kind?: PlanKind) =>
  listPlan(district.database.pool, district.districtId, runId, {
    kind,
    search: undefined,
    page: 1,
    pageSize: 1000,
  });
const rowsOf = (path: string) => district.skyward.sandbox.rows(path);

it('keeps whom a first dry run would add, and nothing of a run that published', async () => {
  const dry = await district.runImport({ isDryRun: true });
  const { rows, counts } = await planOf(dry.runId);
  expect(counts).toEqual({ status: 0, missing: 0, added: dry.report?.added, changed: 0 });
  expect(rows.every((row) => row.statusBefore === null && row.statusAfter !== null)).toBe(true);
  expect(rows.some((row) => row.isKnown)).toBe(false);
  const published = await district.runImport();
  expect(published.state).toBe('published');
  expect((await planOf(published.runId)).rows).toEqual([]);
});

it('keeps what would change of a student, from what to what; status changes first', async () => {
  const known = await district.rows<{ id: number; skyward: number; name: string }>(
    `select id, skyward_id as skyward, last_name as name from students
     where district_id = $1 and status = 'ENROLLED' and status_rule = 'current-enrollment'
       and status_changes_on is null and last_name is not null order by id limit 3`,
  );
  const [renamed, leaving, gone] = known;
  const nameId = Number(rowsOf('Student/Student').find(renamed?.skyward ?? 0)?.['NameID']);
  rowsOf('Demographics/Name').update(nameId, { LastName: 'Quill' });
  const enrollments = rowsOf('Enrollment/EntryWithdrawal');
  for (const id of enrollments.where('StudentID', leaving?.skyward ?? 0)) {
    if (enrollments.get(id, 'EndDate') !== null) continue;
    enrollments.update(id, {
      EndDate: '2026-11-20T00:00:00',
      WithdrawalDate: '2026-11-20T00:00:00',
    });
  }
  rowsOf('Student/Student').remove(gone?.skyward ?? 0);
  const dry = await district.runImport({ isDryRun: true });
  const { rows, counts } = await planOf(dry.runId);
  expect(counts).toEqual({ status: 1, missing: 1, added: 0, changed: 1 });
  expect(rows.map((row) => [row.kind, row.studentId])).toEqual([
    ['status', leaving?.id],
    ['missing', gone?.id],
    ['changed', renamed?.id],
  ]);
  expect(rows[0]).toMatchObject({ statusBefore: 'ENROLLED', statusAfter: 'INACTIVE' });
  expect(rows[2]?.changes).toContainEqual({
    record: 'student',
    recordId: null,
    field: 'last_name',
    from: renamed?.name,
    to: 'Quill',
  });
});

it('stores the plan of a held import, and deletes plans after 30 days', async () => {
  const held = await district.runImport({
    limits: { inactive: { district: { share: 0.001, minimum: 1 } } },
  });
  expect(held.state).toBe('held');
  expect((await planOf(held.runId)).rows).toHaveLength(3);
  const { pool } = district.database;
  const now = Temporal.Now.instant();
  await removeOldPlans(pool, district.districtId, now.add({ hours: 24 * 30 - 1 }));
  expect((await planOf(held.runId)).rows).toHaveLength(3);
  await removeOldPlans(pool, district.districtId, now.add({ hours: 24 * 30 + 1 }));
  expect((await planOf(held.runId)).rows).toEqual([]);
});
