/** Searches students by name, number, guardian and phone; forgives accents and typos. */
import type { StudentFilter } from '../../contract/students/student-list.ts';
import type { Parameters } from '../../database/parameters.ts';
import { firstRunSince, problemConditions } from './filter.ts';

/** Returns the search text; empty for no search. */
export const searchText = ({ search }: Pick<StudentFilter, 'search'>): string => search ?? '';

/**
 * Returns SQL for the best `max` students of a search, as rows of `student_hit`. Accents and typos are handled by the SQL
 * functions `find_students` and `similar_words` (src/database/schema.sql), which are limited to the transaction's
 * district and schools.
 */
export function findStudents(filter: StudentFilter, max: number, parameters: Parameters): string {
  const { status = null, school = null, grade = null, changedSince } = filter;
  const [problem] = problemConditions(filter);
  const values = [searchText(filter), max, status, school, grade].map((value) =>
    parameters.add(value),
  );
  return `find_students(${values.join(', ')},
    ${changedSince === undefined ? 'null' : firstRunSince(changedSince, parameters)},
    ${problem === undefined ? 'null' : `array(select s.id from students s where s.district_id = $1 and ${problem})`})`;
}
