/** Finds students who may be the one being entered: the same number, or the same name and birth date. */
import type { LikelyDuplicate } from '../../contract/students/manual-students.ts';
import type { DistrictDatabase } from '../../database/district-scope.ts';
import { selectDisplayName } from '../record/display-name.ts';

export interface DescribedStudent {
  readonly studentNumber: string | null;
  readonly first: string | null;
  readonly last: string | null;
  readonly birthDate: string | null;
  /** The student being changed, who is no duplicate of himself. */
  readonly exceptId: number | null;
}

export interface LikelyDuplicates {
  /** Those whom the caller may see. */
  readonly students: LikelyDuplicate[];
  /** False: only students of some schools were looked at. Whether others have such a student is not told. */
  readonly coversWholeDistrict: boolean;
}

/** Accents, case and punctuation of names are forgiven; a number has to be the same. */
export async function findLikelyDuplicates(
  database: DistrictDatabase,
  described: DescribedStudent,
): Promise<LikelyDuplicates> {
  const { rows: found } = await database.client.query<{
    student_id: number;
    has_number: boolean;
    has_name: boolean;
  }>(
    'select student_id, has_number, has_name from likely_duplicates($1, $2, $3, $4, $5) where is_visible',
    [
      described.studentNumber,
      described.first,
      described.last,
      described.birthDate,
      described.exceptId,
    ],
  );
  const rows = await database.rows<LikelyDuplicate & { readonly id: number }>(
    `select s.id, ${selectDisplayName('s')} as name,
       birth_date as "birthDate", student_number as "studentNumber",
       coalesce(school_name, entity_name) as "schoolName", skyward_id is not null as "isFromSkyward"
     from students s where district_id = $1 and id = any ($2) order by id`,
    found.map((one) => one.student_id),
  );
  return {
    students: rows.map((row) => {
      const match = found.find((one) => one.student_id === row.id);
      return {
        ...row,
        hasSameNumber: match?.has_number === true,
        hasSameName: match?.has_name === true,
      };
    }),
    coversWholeDistrict: database.scope.schools === null,
  };
}

/** Whether another student of the district holds the number; one whom Skyward no longer delivers does not. */
export async function isNumberTaken(
  database: DistrictDatabase,
  studentNumber: string | null,
  exceptId: number | null,
): Promise<boolean> {
  const { rowCount } = await database.client.query(
    'select from likely_duplicates($1, null, null, null, $2) where holds_number limit 1',
    [studentNumber, exceptId],
  );
  return rowCount === 1;
}
