/** How many students fit, by status, grade and school: the numbers beside the choices of the filters. */
import type { StudentFacets, StudentFilter } from '../../contract/students/student-list.ts';
import type { DistrictDatabase } from '../../database/district-scope.ts';
import { Parameters } from '../../database/parameters.ts';
import { prepared } from '../../database/prepared-statement.ts';
import { type CountCellReader, type CountCell, toFacets } from './count-cells.ts';
import { findStudents, isUncached, listCondition, maxCounted, searchText } from './filter.ts';
import { maxHits } from './pages.ts';

/**
 * Counts by status, grade and school. Without search and rarer filters the table of counts knows (`readCountCells`);
 * otherwise those that fit are counted, if they are not too many.
 */
export async function countStudents(
  database: DistrictDatabase,
  filter: StudentFilter,
  readCountCells: CountCellReader,
): Promise<StudentFacets> {
  const parameters = new Parameters();
  const matching = matchingStudents(filter, parameters);
  if (matching === undefined) {
    return { isCounted: true, ...toFacets(await readCountCells(database), filter) };
  }
  const cells = await database.rows<CountCell>(
    prepared(
      `select s.status, s.grade, s.entity_id, max(s.school) as school, count(*)::integer as number
       from (${matching.students}) s group by 1, 2, 3`,
    ),
    ...parameters.values,
  );
  const seen = cells.reduce((sum, cell) => sum + cell.number, 0);
  if (seen <= matching.max) return { isCounted: true, ...toFacets(cells, filter) };
  // What can be chosen is known, how many there are of each is not.
  const uncounted = cells.map((cell) => ({ ...cell, number: 0 }));
  return { isCounted: false, ...toFacets(uncounted, filter) };
}

/**
 * The students that fit a search or one of the rarer filters, whatever status, school and grade say; more than
 * `max` are too many to be counted. `undefined`: all students.
 */
function matchingStudents(
  filter: StudentFilter,
  parameters: Parameters,
): { readonly students: string; readonly max: number } | undefined {
  const { search, changedSince, problem } = filter;
  const columns =
    's.status, s.grade, s.entity_id, coalesce(s.school_name, s.entity_name) as school';
  if (searchText(filter) !== '') {
    return {
      students: `select ${columns}
        from ${findStudents({ search, changedSince, problem }, maxHits + 1, parameters)} h
        join students s on s.district_id = $1 and s.id = h.student_id`,
      max: maxHits,
    };
  }
  if (!isUncached(filter)) return undefined;
  return {
    students: `select ${columns} from students s
      where ${listCondition({ changedSince, problem }, parameters)} limit ${maxCounted + 1}`,
    max: maxCounted,
  };
}
