/** Wrong but plausible data of one school are held by the limit that is meant for them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LimitKey } from '../contract/safety-limits.ts';
import { openSandboxDistrict, type SandboxDistrict } from '../../tests/skyward/sandbox-district.ts';

let district: SandboxDistrict;
beforeAll(async () => {
  district = await openSandboxDistrict({ students: 160, seed: 9, schools: 2, permissions: 'all' });
  expect((await district.runImport({ limits: {} })).state).toBe('published');
});
afterAll(() => district.close());

const rowsOf = (path: string) => district.skyward.sandbox.rows(path);

/** The open enrollments of this year at the largest school. */
function openEnrollments(): readonly number[] {
  const rows = rowsOf('Enrollment/EntryWithdrawal');
  const open = [...rows.ids()].filter(
    (id) =>
      rows.get(id, 'EndDate') === null &&
      rows.get(id, 'WithdrawalCodeID') === null &&
      String(rows.get(id, 'StartDate')) >= '2026-07-01' &&
      String(rows.get(id, 'StartDate')) < '2026-11-01',
  );
  const bySchool = [...Map.groupBy(open, (id) => rows.get(id, 'EntityID')).values()];
  return bySchool.toSorted((a, b) => b.length - a.length)[0] ?? [];
}

const studentsOf = (enrollments: readonly number[]) =>
  enrollments.map((id) => Number(rowsOf('Enrollment/EntryWithdrawal').get(id, 'StudentID')));

/** Copies a row with other values; fields that Skyward computes follow from them. */
function copy(path: string, id: number, values: Record<string, unknown>): number {
  const fields = district.skyward.sandbox.catalog.get(path)?.fields;
  const own = Object.entries(rowsOf(path).find(id) ?? {}).filter(
    ([name]) => fields?.get(name)?.isReadOnly !== true,
  );
  return rowsOf(path).insert({ ...Object.fromEntries(own), ...values } as never);
}

/** Gives rows other values. */
const update = (path: string, ids: readonly number[], values: (id: number) => object) => {
  for (const id of ids) rowsOf(path).update(id, values(id) as never);
};

const guardianLinks = () =>
  studentsOf(openEnrollments()).flatMap((student) =>
    rowsOf('Family/StudentGuardian').where('StudentID', student),
  );
const guardianPhones = () =>
  guardianLinks().flatMap((link) =>
    rowsOf('Demographics/NamePhone').where(
      'NameID',
      Number(rowsOf('Family/StudentGuardian').get(link, 'NameIDGuardian')),
    ),
  );

const cases: readonly [story: string, limit: LimitKey, field: string | null, change: () => void][] =
  [
    [
      'an end date next week for all',
      'ending',
      null,
      () =>
        update('Enrollment/EntryWithdrawal', openEnrollments(), () => ({
          EndDate: '2026-11-30T00:00:00',
        })),
    ],
    [
      'enrollments imported twice',
      'overlapping',
      null,
      () => {
        for (const id of openEnrollments()) copy('Enrollment/EntryWithdrawal', id, {});
      },
    ],
    [
      'students imported twice',
      'doubled',
      null,
      () => {
        for (const id of openEnrollments().slice(0, 12)) {
          const student = Number(rowsOf('Enrollment/EntryWithdrawal').get(id, 'StudentID'));
          const StudentID = copy('Student/Student', student, {
            StudentNumber: `8000${student}`,
            StudentStateID: null,
          });
          copy('Enrollment/EntryWithdrawal', id, { StudentID });
        }
      },
    ],
    [
      'second guardians gone',
      'guardians',
      null,
      () => {
        const links = rowsOf('Family/StudentGuardian');
        for (const student of studentsOf(openEnrollments()))
          for (const id of links.where('StudentID', student).slice(1)) links.remove(id);
      },
    ],
    [
      'the order of guardians reversed',
      'changed',
      'guardian.position',
      () =>
        update('Family/StudentGuardian', guardianLinks(), (id) => ({
          Rank: 9 - Number(rowsOf('Family/StudentGuardian').get(id, 'Rank')),
        })),
    ],
    [
      'custody lost',
      'emptied',
      'guardian.is_custodial.true',
      () =>
        update('Family/StudentGuardian', guardianLinks(), () => ({ IsCustodialGuardian: false })),
    ],
    [
      'types of phones lost',
      'emptied',
      'guardian.phones.type',
      () =>
        update('Demographics/NamePhone', guardianPhones(), () => ({
          PhoneTypeID: null,
        })),
    ],
    [
      'one phone number for all',
      'uniform',
      'guardian.phones',
      () =>
        update('Demographics/NamePhone', guardianPhones(), () => ({ PhoneNumber: '8175550100' })),
    ],
    [
      'another area code for all',
      'classes',
      'guardian.phones',
      () =>
        update('Demographics/NamePhone', guardianPhones(), (id) => ({
          PhoneNumber: `945${String(rowsOf('Demographics/NamePhone').get(id, 'PhoneNumber')).slice(3)}`,
        })),
    ],
  ];

it.each(cases)('%s', async (_, limit, field, change) => {
  const restore = district.skyward.sandbox.remember();
  change();
  const outcome = await district.runImport({ limits: {}, isDryRun: true });
  restore();
  expect(
    outcome.failure?.reasons?.map(({ exceeded }) => [exceeded?.limit, exceeded?.field]),
  ).toContainEqual([limit, field]);
});
