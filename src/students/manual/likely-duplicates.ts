/** Finds likely duplicates of a student being entered: same number, or same name and birth date. */
import type { LikelyDuplicate } from '../../contract/students/manual-students.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { selectDisplayName } from '../../database/display-name.ts';

export interface DescribedStudent {
  readonly studentNumber: string | null;
  readonly first: string | null;
  readonly last: string | null;
  readonly birthDate: string | null;
  /** The student being edited, if any. */
  readonly exceptId: number | null;
}

export interface LikelyDuplicates {
  /** The likely duplicates that the caller may see. */
  readonly students: LikelyDuplicate[];
  /** False if only students of some schools were compared; whether other schools have one is not disclosed. */
  readonly coversWholeDistrict: boolean;
}

/** Finds likely duplicates. Names match regardless of accents, case and punctuation; a number must be equal. */
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

/** Whether another student of the district has the number; students no longer in Skyward are ignored. */
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
