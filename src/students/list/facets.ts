/** How many students fit, by status, grade and school: the numbers beside the choices of the filters. */
import { type RawBuilder, sql } from 'kysely';

import type { StudentFacets, StudentFilter } from '../../contract/student-list.ts';
import type { DistrictDatabase } from '../../database/district-scope.ts';
import { type CountCellReader, type CountCell, toFacets } from './count-cells.ts';
import { all, findStudents, maxCounted, uncachedConditions, searchText } from './filter.ts';
import { maxHits } from './pages.ts';
import { studentReader } from '../student-reading.ts';

/**
 * Counts by status, grade and school. Without search and rarer filters the table of counts knows (`cellsOf`);
 * otherwise those that fit are counted, if they are not too many.
 */
export async function countStudents(
  database: DistrictDatabase,
  districtId: number,
  filter: StudentFilter,
  readCountCells: CountCellReader,
): Promise<StudentFacets> {
  const matching = matchingStudents(districtId, filter);
  if (matching === undefined) {
    return { isCounted: true, ...toFacets(await readCountCells(database), filter) };
  }
  const { rows: cells } = await sql<CountCell>`
    select s.status, s.grade, s.entity_id, max(s.school) as school, count(*)::integer as number
    from (${matching.students}) s group by 1, 2, 3`.execute(studentReader(database));
  const seen = cells.reduce((sum, cell) => sum + cell.number, 0);
  if (seen <= matching.max) return { isCounted: true, ...toFacets(cells, filter) };
  // What can be chosen is known, how many there are of each is not.
  const uncounted = cells.map((cell) => ({ ...cell, number: 0 }));
  return { isCounted: false, ...toFacets(uncounted, filter) };
}

/**
 * The students that fit a search or one of the rarer filters, whatever status, school and grade say; more than
 * `most` are too many to be counted. `undefined`: all students.
 */
function matchingStudents(
  districtId: number,
  filter: StudentFilter,
): { readonly students: RawBuilder<unknown>; readonly max: number } | undefined {
  const { search: _, status: _status, school: _school, grade: _grade, ...rare } = filter;
  const conditions = uncachedConditions(districtId, rare);
  const columns = sql`s.status, s.grade, s.entity_id, coalesce(s.school_name, s.entity_name) as school`;
  if (searchText(filter) !== '') {
    return {
      students: sql`select ${columns}
        from ${findStudents(districtId, { ...rare, search: filter.search }, maxHits + 1)} h
        join students s on s.district_id = ${districtId} and s.id = h.student_id`,
      max: maxHits,
    };
  }
  if (conditions.length === 0) return undefined;
  return {
    students: sql`select ${columns} from students s
      where s.district_id = ${districtId} and ${all(conditions)} limit ${maxCounted + 1}`,
    max: maxCounted,
  };
}
