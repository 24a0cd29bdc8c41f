/** What a list of students is narrowed to, as conditions of SQL; and how many fit. */
import { type RawBuilder, sql } from 'kysely';

import type { StudentFilter } from '../../contract/student-list.ts';
import type { DistrictDatabase } from '../../database/district-scope.ts';
import { type CountCellReader, countMatching } from './count-cells.ts';
import { studentReader } from '../student-reading.ts';

/** A condition on `students s`. */
export type Condition = RawBuilder<unknown>;

/** More than these are not counted one by one. */
export const maxCounted = 5_000;

/** What was typed to search for. Empty: no search. */
export const searchText = ({ search }: Pick<StudentFilter, 'search'>): string => search ?? '';

/** The first run of a night on or after this day; the largest number when there has been none. */
const firstRunSince = (districtId: number, day: string) =>
  sql`(select coalesce(min(r.id), 9223372036854775807) from import_runs r
    where r.district_id = ${districtId} and r.today >= ${day} and not r.is_dry_run)`;

/** Numbers of the students that no longer came. */
const missingStudents = (districtId: number) =>
  sql`select m.id from students m where m.district_id = ${districtId} and m.missing_since_run_id is not null`;

/** Numbers of the students of whom the last finished night found something wrong. */
const studentsWithProblem = (districtId: number) =>
  sql`select f.id from import_problems p
    join students f on f.district_id = p.district_id and f.skyward_id = p.skyward_student_id
    where p.district_id = ${districtId} and p.run_id = (select r.id from import_runs r
      where r.district_id = ${districtId} and not r.is_dry_run and r.state not in ('running', 'redecided')
      order by r.started_at desc, r.id desc limit 1)`;

/** A list of numbers, not `or`: it is found by two indexes, where `or` would go through all students. */
function problemCondition(
  districtId: number,
  { problem }: Pick<StudentFilter, 'problem'>,
): Condition | undefined {
  if (problem === undefined) return undefined;
  const lists = {
    missing: missingStudents(districtId),
    row: studentsWithProblem(districtId),
    any: sql`${missingStudents(districtId)} union ${studentsWithProblem(districtId)}`,
  };
  return sql`s.id = any(array(${lists[problem]}))`;
}

/** The conditions that the table of counts can't answer. */
export function uncachedConditions(districtId: number, filter: StudentFilter): Condition[] {
  const problem = problemCondition(districtId, filter);
  return [
    ...(filter.changedSince === undefined
      ? []
      : [sql`s.changed_run_id >= ${firstRunSince(districtId, filter.changedSince)}`]),
    ...(problem === undefined ? [] : [problem]),
  ];
}

/** Conditions on status, school and grade. */
const choiceConditions = ({ status, school, grade }: StudentFilter): Condition[] => [
  ...(status === undefined ? [] : [sql`s.status = any(${status})`]),
  ...(school === undefined ? [] : [sql`s.entity_id = any(${school})`]),
  ...(grade === undefined ? [] : [sql`s.grade = any(${grade})`]),
];

/** `a and b and c`; true when there is none. */
export const all = (conditions: readonly Condition[]): RawBuilder<unknown> =>
  conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` and `);

/** All conditions of a list without a search, its district first. */
export const listConditions = (districtId: number, filter: StudentFilter): Condition[] => [
  sql`s.district_id = ${districtId}`,
  ...choiceConditions(filter),
  ...uncachedConditions(districtId, filter),
];

/**
 * The best `most` students for what was typed, as rows of `student_hit` (migration 0006). The function
 * itself is bound to the district and the schools of the transaction.
 */
export function findStudents(
  districtId: number,
  filter: StudentFilter,
  max: number,
): RawBuilder<unknown> {
  const { changedSince } = filter;
  const problem = problemCondition(districtId, filter);
  return sql`find_students(${searchText(filter)}, ${max}, ${filter.status ?? null}, ${filter.school ?? null},
    ${filter.grade ?? null}, ${changedSince === undefined ? null : firstRunSince(districtId, changedSince)},
    ${problem === undefined ? null : sql`array(select s.id from students s where s.district_id = ${districtId} and ${problem})`})`;
}

/**
 * How many students fit a filter without a search: exact where the table of counts knows (`cellsOf`),
 * otherwise counted up to `mostCounted`.
 */
export async function countListed(
  database: DistrictDatabase,
  districtId: number,
  filter: StudentFilter,
  readCountCells: CountCellReader,
): Promise<{ readonly total: number; readonly isMore: boolean }> {
  if (uncachedConditions(districtId, filter).length === 0) {
    return { total: countMatching(await readCountCells(database), filter), isMore: false };
  }
  const { rows } = await sql<{ total: number }>`select count(*) as total from
    (select from students s where ${all(listConditions(districtId, filter))} limit ${maxCounted + 1}) fitting`.execute(
    studentReader(database),
  );
  const total = rows[0]?.total ?? 0;
  return total <= maxCounted ? { total, isMore: false } : { total: maxCounted, isMore: true };
}
