/** Counts students by status, grade and school for the filters, and lists the schools. */
import type { School } from '../../contract/districts/districts.ts';
import type { StudentFacets } from '../../contract/students/student-list.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { Parameters } from '../../database/parameters.ts';
import { prepared } from '../../database/prepared-statement.ts';
import {
  type CountCellReader,
  type CountCell,
  type StudentCounts,
  toFacets,
} from './count-cells.ts';
import { isUncached, type ListFilter, listCondition, maxCounted } from './filter.ts';
import { maxHits } from './hits.ts';
import { findStudents, type StudentSearch, toStudentSearch } from './search.ts';

/**
 * Returns counts by status, grade and school: from the table of counts (`readCountCells`) if there is no search or rare
 * filter; otherwise by counting the matching students, if they are not too many.
 */
export async function countStudents(
  database: DistrictDatabase,
  given: ListFilter,
  readCountCells: CountCellReader,
): Promise<StudentFacets> {
  const { words, filter } = toStudentSearch(given);
  const all = await readCountCells(database);
  const parameters = new Parameters();
  const matching = matchingStudents({ words, filter }, all, parameters);
  if (matching === undefined) return { isCounted: true, ...toFacets(all.cells, filter) };
  const counted = await database.rows<Omit<CountCell, 'school'>>(
    prepared(
      `select s.status, s.grade, s.entity_id, count(*)::integer as number
       from (${matching.students}) s group by 1, 2, 3`,
    ),
    ...parameters.values,
  );
  const schools = new Map(all.cells.map(({ entity_id: entityId, school }) => [entityId, school]));
  const cells = counted.map((cell) => ({ ...cell, school: schools.get(cell.entity_id) ?? null }));
  const seen = cells.reduce((sum, cell) => sum + cell.number, 0);
  if (seen <= matching.max) return { isCounted: true, ...toFacets(cells, filter) };
  // The choices are known, but not their counts.
  const uncounted = cells.map((cell) => ({ ...cell, number: 0 }));
  return { isCounted: false, ...toFacets(uncounted, filter) };
}

/**
 * Returns SQL for the students that match a search or a rare filter, regardless of status, school and grade; more than
 * `max` are not counted. Returns `undefined` for all students.
 */
function matchingStudents(
  { words, filter }: StudentSearch,
  counts: StudentCounts,
  parameters: Parameters,
): { readonly students: string; readonly max: number } | undefined {
  const { changedSince, problem, caseloadOf } = filter;
  const rare = { changedSince, problem, caseloadOf };
  if (words !== '') {
    return {
      students: `select status, grade, entity_id
        from ${findStudents({ words, filter: rare }, counts, maxHits + 1, parameters)}
        where $1::bigint is not null`,
      max: maxHits,
    };
  }
  if (!isUncached(filter)) return undefined;
  return {
    students: `select s.status, s.grade, s.entity_id from students s
      where ${listCondition(rare, parameters)} limit ${maxCounted + 1}`,
    max: maxCounted,
  };
}

/** Returns the schools (entities) of the students in scope, by name, from the table of counts. */
export async function findSchools(database: DistrictDatabase): Promise<School[]> {
  const rows = await database.rows<{ entityId: number; name: string | null }>(
    prepared(
      `select entity_id as "entityId", max(school) as name from student_counts
       where district_id = $1 and entity_id is not null
       group by entity_id having sum(number) > 0`,
    ),
  );
  return rows
    .map(({ entityId, name }) => ({ entityId, name: name ?? `School ${entityId}` }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}
