/** What the demo changes in the sandbox Skyward: which rows get which values. Pure. */
import type { RowChanges, SkywardFacts } from './demo-skyward.ts';

/** The enrollment of a student that is open in the current school year, at the default entity. */
const findOpenEnrollment = (
  { schoolYear }: SkywardFacts,
  { enrollments }: SkywardFacts['students'][number],
) =>
  enrollments.find(
    (one) => one.schoolYear === schoolYear && one.isDefaultEntity && one.endDate === null,
  );

/** Returns the school with the most open enrollments. */
export function findLargestSchool(facts: SkywardFacts): number {
  const sizes = new Map<number, number>();
  for (const student of facts.students) {
    const entityId = findOpenEnrollment(facts, student)?.entityId;
    if (entityId !== undefined) sizes.set(entityId, (sizes.get(entityId) ?? 0) + 1);
  }
  const [largest] = [...sizes].toSorted(([, a], [, b]) => b - a);
  if (largest === undefined) throw new Error('The sandbox has no students');
  return largest[0];
}

/** More than a tenth of the students hold an import, but never fewer than 25. */
const withdrawnShare = 0.15;
const minWithdrawn = 30;

/**
 * Withdraws all students of a few schools, enough to hold the next import; not those of `exceptSchoolId`. The rows have
 * no withdrawal code, by which `findMistakenWithdrawals` finds them again.
 */
export function withdrawSchools(
  facts: SkywardFacts,
  exceptSchoolId: number,
  lastDay: Temporal.PlainDate,
): RowChanges {
  const bySchool = Map.groupBy(
    facts.students.flatMap((student) => findOpenEnrollment(facts, student) ?? []),
    ({ entityId }) => entityId,
  );
  bySchool.delete(exceptSchoolId);
  const needed = Math.max(minWithdrawn, Math.ceil(facts.students.length * withdrawnShare));
  const rows: [string, Readonly<Record<string, string>>][] = [];
  for (const enrollments of bySchool.values()) {
    if (rows.length >= needed) break;
    for (const { id } of enrollments) rows.push([String(id), mistakenDates(lastDay)]);
  }
  return Object.fromEntries(rows);
}

const mistakenDates = (lastDay: Temporal.PlainDate) => ({
  EndDate: lastDay.subtract({ days: 2 }).toString(),
  WithdrawalDate: lastDay.subtract({ days: 1 }).toString(),
});

/** Undoes `withdrawSchools`. */
export function restoreSchools(facts: SkywardFacts, lastDay: Temporal.PlainDate): RowChanges {
  const { EndDate, WithdrawalDate } = mistakenDates(lastDay);
  const rows = facts.students
    .flatMap(({ enrollments }) => enrollments)
    .filter(
      (one) =>
        one.endDate === EndDate &&
        one.withdrawalDate === WithdrawalDate &&
        one.withdrawalCode === null,
    )
    .map(({ id }) => [String(id), { EndDate: null, WithdrawalDate: null }] as const);
  return Object.fromEntries(rows);
}

/** A phone of Demographics/NamePhone. */
export interface PhoneRow {
  readonly id: number;
  readonly nameId: number;
  readonly number: string;
}

/** Gives the phones of every eighth guardian of a school another area code, too few to put an import on hold. */
export function changeAreaCode(
  facts: SkywardFacts,
  phones: readonly PhoneRow[],
  schoolId: number,
): RowChanges {
  const guardians = new Set(
    facts.students
      .filter((student) => findOpenEnrollment(facts, student)?.entityId === schoolId)
      .flatMap((student) => student.guardians.map(({ nameId }) => nameId)),
  );
  return Object.fromEntries(
    phones
      .filter(
        ({ nameId, number }) =>
          guardians.has(nameId) && nameId % 8 === 0 && /^\d{10}$/u.test(number),
      )
      .map(({ id, number }) => [String(id), { PhoneNumber: `432${number.slice(3)}` }]),
  );
}

/** A student that someone who tries the demo can change in Skyward. */
export interface SuggestedChange {
  readonly student: string;
  readonly studentNumber: string;
  readonly object: string;
  readonly rows: RowChanges;
}

/** Suggests to change the last name of the first student of a school. */
export function suggestChange(facts: SkywardFacts, schoolId: number): SuggestedChange | undefined {
  const student = facts.students.find(
    (one) => findOpenEnrollment(facts, one)?.entityId === schoolId,
  );
  if (student === undefined) return undefined;
  return {
    student: `${student.firstName ?? ''} ${student.lastName ?? ''}`.trim(),
    studentNumber: student.studentNumber ?? '',
    object: 'Demographics/Name',
    rows: { [student.nameId]: { LastName: student.lastName === 'Ruiz' ? 'Vega' : 'Ruiz' } },
  };
}
