/**
 * What a night should have brought, worked out from the practice district's own facts by the rules as people
 * read them, R32 to R41. It shares no line with `src/enrollment`: dates are compared as texts.
 */
import type { DistrictFacts, EnrollmentFacts } from '../sandbox/district-facts.ts';

export type ExpectedStatus = 'ENROLLED' | 'PRE_ENROLLED' | 'GRADUATED' | 'INACTIVE';

/** A student as the rules see them on one day. */
export interface Expectation {
  readonly status: ExpectedStatus;
  /** Whether anything is left after the filters: without that nobody is brought in anew. */
  readonly counts: boolean;
}

const endless = '9999-12-31';

/** The status of every student on the date of the facts, by Skyward's id. */
export function expectedStatuses(facts: DistrictFacts): Map<number, Expectation> {
  return new Map(
    facts.students.map((student) => [
      student.studentId,
      expectationOf(student.enrollments, facts.today, facts.schoolYear),
    ]),
  );
}

/** The status that these rows amount to on a day of a school year. */
function expectationOf(
  rows: readonly EnrollmentFacts[],
  today: string,
  schoolYear: number,
): Expectation {
  const left = rows
    .map((row) => ({ row, ...spanOf(row, schoolYear) }))
    .filter(({ row, last }) => row.startDate <= last)
    .filter(({ row, last, left: day }) => {
      if (last < today) return day !== null && day >= yearBefore(today);
      return row.startDate <= today || row.schoolYear === schoolYear;
    })
    .filter(({ row }) => (row.withdrawalCode ?? '').trim().toUpperCase() !== 'CECS');
  const counts = left.length > 0;
  const past = left.filter(({ last }) => last < today);
  if (left.some(({ row, last }) => row.startDate <= today && today <= last))
    return { status: 'ENROLLED', counts };
  if (left.some(({ row }) => row.startDate > today))
    return { status: past.length > 0 ? 'ENROLLED' : 'PRE_ENROLLED', counts };
  const latest = past
    .map(({ row, last }) => ({
      code: (row.withdrawalCode ?? '').trim(),
      rank: [
        last,
        row.startDate,
        row.isDefaultEntity ? '1' : '0',
        String(row.id).padStart(15, '0'),
      ],
    }))
    .toSorted((one, other) => (one.rank.join(' ') < other.rank.join(' ') ? 1 : -1))[0];
  return { status: latest?.code === '01' ? 'GRADUATED' : 'INACTIVE', counts };
}

/** The last day in effect, and the day on which the student withdrew if they did. */
function spanOf(row: EnrollmentFacts, schoolYear: number): { last: string; left: string | null } {
  if (row.endDate !== null) return { last: row.endDate, left: row.withdrawalDate ?? row.endDate };
  if (row.withdrawalDate !== null)
    return { last: dayBefore(row.withdrawalDate), left: row.withdrawalDate };
  if (row.schoolYear >= schoolYear) return { last: endless, left: null };
  // Nobody closed the row of a year that is over: it ended with that year.
  const yearEnd = row.calendarEndDate ?? `${row.schoolYear}-06-30`;
  return { last: yearEnd, left: yearEnd };
}

/** The same day a year ago; for 29 February the last of that month. */
function yearBefore(day: string): string {
  const year = Number(day.slice(0, 4)) - 1;
  const rest = day.slice(4) === '-02-29' ? '-02-28' : day.slice(4);
  return `${year}${rest}`;
}

const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
