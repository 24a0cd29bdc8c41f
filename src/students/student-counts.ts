/** How many students fit, by status, grade and school: the numbers beside the choices of the filters. */
import { type RawBuilder, sql } from 'kysely';

import type { StudentFacets, StudentFilter } from '../contract/student-list.ts';
import { type Status, statuses } from '../contract/values.ts';
import type { DistrictDatabase } from '../database/district-scope.ts';
import {
  all,
  facetConditions,
  foundStudents,
  mostCounted,
  rareConditions,
  typedSearch,
} from './student-filter.ts';
import { mostHits } from './student-list.ts';
import { studentReader } from './student-reading.ts';

interface Cell {
  readonly facet: 'status' | 'grade' | 'school';
  readonly value: string | null;
  readonly name: string | null;
  readonly count: number;
  /** Students looked at, whatever the filters of status, school and grade say. */
  readonly seen: number;
}

/**
 * Counts by status, grade and school; each part with the other filters, without its own. What the caller can
 * choose but would give nothing is there with 0. Without search and rarer filters the table of counts knows;
 * otherwise those that fit are counted, if they are not too many.
 */
export async function countStudents(
  database: DistrictDatabase,
  districtId: number,
  filter: StudentFilter,
): Promise<StudentFacets> {
  const { cells, most } = countedCells(districtId, filter);
  const counted = (facet: Cell['facet']) =>
    sql`coalesce(sum(number) filter (where ${all(facetConditions(filter, facet))}), 0)::bigint`;
  const { rows } = await sql<Cell>`
    with cells as materialized (${cells})
    select
      case when grouping(s.status) = 0 then 'status' when grouping(s.grade) = 0 then 'grade' else 'school' end as facet,
      coalesce(s.status, s.grade, s.entity_id::text) as value, max(s.school) as name,
      case when grouping(s.status) = 0 then ${counted('status')}
        when grouping(s.grade) = 0 then ${counted('grade')} else ${counted('school')} end as count,
      ${most === Infinity ? sql`0` : sql`(select sum(number) from cells)`}::bigint as seen
    from cells s group by grouping sets ((s.status), (s.grade), (s.entity_id))
    having sum(s.number) > 0 and coalesce(s.status, s.grade, s.entity_id::text) is not null`.execute(
    studentReader(database),
  );
  const isCounted = (rows[0]?.seen ?? 0) <= most;
  const of = (facet: Cell['facet']) =>
    rows
      .filter((row) => row.facet === facet)
      .map(({ value, name, count }) => ({
        value: value ?? '',
        name,
        count: isCounted ? count : 0,
      }));
  const byStatus = new Map(of('status').map(({ value, count }) => [value, count]));
  return {
    isCounted,
    statuses: statuses.flatMap((status: Status) => {
      const count = byStatus.get(status);
      return count === undefined ? [] : [{ status, count }];
    }),
    grades: of('grade')
      .map(({ value, count }) => ({ grade: value, count }))
      .toSorted((a, b) => gradeOrder(a.grade) - gradeOrder(b.grade) || byText(a.grade, b.grade)),
    schools: of('school')
      .map(({ value, name, count }) => ({
        entityId: Number(value),
        name: name ?? `School ${value}`,
        count,
      }))
      .toSorted((a, b) => byText(a.name, b.name)),
  };
}

/** Rows of status, school, grade and how many; more than `most` are too many to be counted. */
function countedCells(
  districtId: number,
  filter: StudentFilter,
): { readonly cells: RawBuilder<unknown>; readonly most: number } {
  const { search: _, status: _status, school: _school, grade: _grade, ...rare } = filter;
  const conditions = rareConditions(districtId, rare);
  const columns = sql`s.status, s.grade, s.entity_id, coalesce(s.school_name, s.entity_name) as school, 1 as number`;
  if (typedSearch(filter) !== '') {
    return {
      cells: sql`select ${columns}
        from ${foundStudents(districtId, { ...rare, search: filter.search }, mostHits + 1)} h
        join students s on s.district_id = ${districtId} and s.id = h.student_id`,
      most: mostHits,
    };
  }
  if (conditions.length > 0) {
    return {
      cells: sql`select s.status, s.grade, s.entity_id, max(s.school) as school, count(*)::integer as number
        from (select ${columns} from students s
          where s.district_id = ${districtId} and ${all(conditions)} limit ${mostCounted + 1}) s group by 1, 2, 3`,
      most: mostCounted,
    };
  }
  return {
    cells: sql`select s.status, s.grade, s.entity_id, s.school, s.number
      from student_counts s where s.district_id = ${districtId}`,
    most: Infinity,
  };
}

/** As `grade_rank` of migration 0006 orders: what comes before the first grade, the grades, everything else. */
const gradeOrder = (grade: string): number =>
  /^\d{1,3}$/.test(grade)
    ? Number(grade)
    : /^(?:IT|EE|EC)$/i.test(grade)
      ? -3
      : /^PK/i.test(grade) || /^prek$/i.test(grade)
        ? -2
        : /^K/i.test(grade)
          ? -1
          : 1000;

const byText = (a: string, b: string): number => a.localeCompare(b, 'en');
