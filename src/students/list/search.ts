/** Searches students by any of their words and those of their guardians; forgives accents and typos. */
import type { Parameters } from '../../database/parameters.ts';
import type { StudentCounts } from './count-cells.ts';
import { firstRunSince, idConditions, type ListFilter } from './filter.ts';
import { findNamedSchools, parseSearch } from './search-terms.ts';

/** Empty for no search. */
const searchText = ({ search }: Pick<ListFilter, 'search'>): string => search ?? '';

/** What a search asks for: words, or only filters that its text names, such as `grade 2`. */
export interface StudentSearch {
  /** Empty if the text names nothing but a grade. */
  readonly words: string;
  readonly filter: Omit<ListFilter, 'search'>;
}

/** Takes the text apart; a grade that it names is a filter. */
export function toStudentSearch(asked: ListFilter): StudentSearch {
  const { search: _, ...filter } = asked;
  const { words, grades } = parseSearch(searchText(asked));
  if (grades === undefined) return { words, filter };
  const grade =
    filter.grade === undefined ? [...grades] : grades.filter((one) => filter.grade?.includes(one));
  return { words, filter: { ...filter, grade } };
}

/**
 * Returns SQL for the best `max` students of a search, as rows of `student_hit`. Accents and typos are handled by the SQL
 * functions `find_students` and `similar_words` (src/database/schema.sql), which are limited to the transaction's
 * district and schools.
 */
export function findStudents(
  { words, filter }: StudentSearch,
  { schools: known }: Pick<StudentCounts, 'schools'>,
  max: number,
  parameters: Parameters,
): string {
  const { status = null, school = null, grade = null, changedSince } = filter;
  const among = idConditions(filter, parameters).join(' and ');
  const named = findNamedSchools(words, known);
  const values = [words, max, status, school, grade].map((value) => parameters.add(value));
  const schools = [named?.entityIds ?? null, named?.otherWords ?? null].map((value) =>
    parameters.add(value),
  );
  return `find_students(${values.join(', ')},
    ${changedSince === undefined ? 'null' : firstRunSince(changedSince, parameters)},
    ${among === '' ? 'null' : `array(select s.id from students s where s.district_id = $1 and ${among})`},
    ${schools.join(', ')})`;
}
