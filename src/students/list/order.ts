/** The orders of the student list. */
import type { StudentColumn, StudentListQuery } from '../../contract/students/student-list.ts';

/** Sort columns. Migrations 0006 and 0062 have an index for each order except the one by homeroom. */
const orders: Readonly<Record<StudentColumn, readonly string[]>> = {
  name: ['name_key'],
  number: ['student_number collate "C"'],
  stateId: ['state_id collate "C"'],
  grade: ['grade_rank', 'name_key'],
  school: ['school_name collate "C"', 'name_key'],
  homeroom: ['homeroom collate "C"', 'name_key'],
  birthDate: ['birth_date'],
  status: ['status', 'name_key'],
  changed: ['changed_run_id'],
};

/** A column to sort by. */
export interface Order {
  readonly column: StudentColumn;
  readonly isDescending: boolean;
}

/** Parses `-grade` into column and direction. */
export const parseSort = (sort: StudentListQuery['sort']): Order | undefined =>
  sort === undefined
    ? undefined
    : sort.startsWith('-')
      ? { column: sort.slice(1) as StudentColumn, isDescending: true }
      : { column: sort as StudentColumn, isDescending: false };

/** Returns the `order by` of `students s`; the id last makes the order the same on every page. */
export const orderBy = ({ column, isDescending }: Order): string =>
  [...orders[column], 'id'].map((part) => `s.${part} ${isDescending ? 'desc' : 'asc'}`).join(', ');

/** Orders matches `h` of `student_hit` by rank, then by number or name. */
export const bestFirst = (words: string): string =>
  `h.rank, ${/^\d+$/.test(words) ? 'h.student_number, ' : ''}h.name_key, h.student_id`;
