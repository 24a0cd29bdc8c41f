/** Filters of the student list as SQL conditions, and counting the matches. */
import type { StudentFilter } from '../../contract/students/student-list.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { hasAllIssues, selectLastRun } from '../../database/import-runs.ts';
import { Parameters } from '../../database/parameters.ts';
import { prepared } from '../../database/prepared-statement.ts';
import type { CountCellReader } from './count-cells.ts';

/** What the list shows: the filters of a request, and whose caseload. */
export interface ListFilter extends Omit<StudentFilter, 'mine' | 'caseload'> {
  /** The account on whose list the students are. */
  readonly caseloadOf?: string | undefined;
  /** Only students with these ids. */
  readonly ids?: readonly number[] | undefined;
}

/** More matches are not counted. */
export const maxCounted = 5_000;

/** SQL for the first import run on or after this date; the largest bigint if there is none. */
export const firstRunSince = (day: string, parameters: Parameters) =>
  `(select coalesce(min(r.id), 9223372036854775807) from import_runs r
    where r.district_id = $1 and r.today >= ${parameters.add(day)} and not r.is_dry_run)`;

/** SQL for the ids of students missing from Skyward. */
const missingStudents = `select m.id from students m
  where m.district_id = $1 and m.missing_since_run_id is not null`;

/** SQL for the ids of students whom Import issues lists. */
const studentsWithProblem = `select f.id from import_problems p
  join students f on f.district_id = p.district_id and f.skyward_id = p.skyward_student_id
  where p.district_id = $1 and p.run_id = ${selectLastRun(hasAllIssues)}`;

const studentsByProblem = {
  missing: missingStudents,
  row: studentsWithProblem,
  any: `${missingStudents} union ${studentsWithProblem}`,
} as const;

/**
 * Returns the conditions on `students s` that name a few students by id. An array of ids instead of `or`: it uses two
 * indexes, while `or` would scan all students.
 */
export const idConditions = (
  { problem, caseloadOf, ids }: Pick<ListFilter, 'problem' | 'caseloadOf' | 'ids'>,
  parameters: Parameters,
): string[] => [
  ...(problem === undefined ? [] : [`s.id = any(array(${studentsByProblem[problem]}))`]),
  ...(caseloadOf === undefined
    ? []
    : [
        `s.id = any(array(select c.student_id from caseload_students c
           where c.district_id = $1 and c.account_id = ${parameters.add(caseloadOf)}))`,
      ]),
  ...(ids === undefined ? [] : [`s.id = any(${parameters.add(ids)})`]),
];

/** Replaces the filter by problems by the ids that it stands for: planning it takes longer than reading them. */
export async function withProblemIds<Filter extends Pick<ListFilter, 'problem' | 'ids'>>(
  database: DistrictDatabase,
  filter: Filter,
): Promise<Filter> {
  const { problem } = filter;
  if (problem === undefined || filter.ids !== undefined) return filter;
  const rows = await database.rows<{ id: number }>(prepared(studentsByProblem[problem]));
  return { ...filter, problem: undefined, ids: rows.map(({ id }) => id) };
}

/** Whether so few students match that they are counted while they are read. */
export const isRare = ({ problem, caseloadOf, ids }: ListFilter): boolean =>
  problem !== undefined || caseloadOf !== undefined || ids !== undefined;

/** Whether the table of counts does not cover this filter. */
export const isUncached = (filter: ListFilter): boolean =>
  filter.changedSince !== undefined || isRare(filter);

/**
 * Returns the condition on `students s` of a list without a search; `$1` is the district. Row-level security limits it
 * to the caller's schools.
 */
export function listCondition(filter: ListFilter, parameters: Parameters): string {
  const { status, school, grade, changedSince } = filter;
  const isOneOf = (column: string, chosen: readonly unknown[] | undefined) =>
    chosen === undefined ? [] : [`s.${column} = any(${parameters.add(chosen)})`];
  return [
    's.district_id = $1',
    ...isOneOf('status', status),
    ...isOneOf('entity_id', school),
    ...isOneOf('grade', grade),
    ...(changedSince === undefined
      ? []
      : [`s.changed_run_id >= ${firstRunSince(changedSince, parameters)}`]),
    ...idConditions(filter, parameters),
  ].join(' and ');
}

/**
 * Returns the same condition for few matches: the students changed since a day are named by id, so that they are sorted
 * instead of looked for among all students in the order of the list.
 */
export const fewCondition = (
  { changedSince, ...filter }: ListFilter,
  parameters: Parameters,
): string =>
  changedSince === undefined
    ? listCondition(filter, parameters)
    : `${listCondition(filter, parameters)} and s.id = any(array(select c.id from students c
         where c.district_id = $1 and c.changed_run_id >= ${firstRunSince(changedSince, parameters)}))`;

/**
 * Counts the students that match a filter without a search: exactly if the table of counts covers it
 * (`readCountCells`), otherwise up to `maxCounted`.
 */
export async function countListed(
  database: DistrictDatabase,
  filter: ListFilter,
  readCountCells: CountCellReader,
): Promise<{ readonly total: number; readonly hasMore: boolean }> {
  if (!isUncached(filter)) {
    return { total: (await readCountCells(database)).count(filter), hasMore: false };
  }
  const parameters = new Parameters();
  const row = await database.one<{ total: number }>(
    prepared(
      `select count(*) as total from
         (select from students s where ${listCondition(filter, parameters)} limit ${maxCounted + 1}) matching`,
    ),
    ...parameters.values,
  );
  const total = row?.total ?? 0;
  return total <= maxCounted ? { total, hasMore: false } : { total: maxCounted, hasMore: true };
}
