/** The rows of the student list. */
import type { StudentMatch, StudentRow } from '../../contract/students/student-list.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { prepared } from '../../database/prepared-statement.ts';
import { displayName, selectName, type StoredName } from '../record/display-name.ts';
import type { StudentRecord } from '../record/rows.ts';
import { listedStatusReason, statusColumns, type ListedStatus } from './status-text.ts';

/** The columns of a list row, of `students s`. */
export const rowColumns = `
  s.id, ${selectName('s')}, s.student_number, s.state_id, s.birth_date, s.grade, s.school_name,
  s.entity_name, s.homeroom, ${statusColumns}, s.missing_since_run_id is not null as is_missing,
  (select r.today from import_runs r
   where r.district_id = s.district_id and r.id = s.changed_run_id) as changed_in`;

/** A row of `rowColumns`. */
export interface ListedStudent
  extends
    StoredName,
    ListedStatus,
    Pick<
      StudentRecord,
      | 'id'
      | 'student_number'
      | 'state_id'
      | 'birth_date'
      | 'grade'
      | 'school_name'
      | 'entity_name'
      | 'homeroom'
    > {
  readonly is_missing: boolean;
  readonly changed_in: string | null;
}

/** Reads the students of a page in its order; one statement for all pages, since planning it takes as long as running it. */
export async function readListedStudents(
  database: DistrictDatabase,
  ids: readonly number[],
): Promise<ListedStudent[]> {
  return database.rows<ListedStudent>(
    prepared(
      `select ${rowColumns} from unnest($2::bigint[]) with ordinality page (id, nth)
       join students s on s.district_id = $1 and s.id = page.id order by page.nth`,
    ),
    ids,
  );
}

/** Converts a row to the contract's form. */
export const toStudentRow = (row: ListedStudent, match: StudentMatch | null): StudentRow => ({
  id: row.id,
  name: displayName(row),
  studentNumber: row.student_number,
  stateId: row.state_id,
  birthDate: row.birth_date,
  grade: row.grade,
  schoolName: row.school_name ?? row.entity_name,
  homeroom: row.homeroom,
  status: row.status,
  statusReason: listedStatusReason(row),
  changedOn: row.changed_in,
  isMissing: row.is_missing,
  match,
});
