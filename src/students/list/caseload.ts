/**
 * A user's own students.
 *
 * This folder is for the student list: finding, filtering, counting and exporting students.
 */
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { prepared } from '../../database/prepared-statement.ts';

/** Returns the ids of the students on the user's list, of those whom the caller may see. */
export async function listCaseload(
  database: DistrictDatabase,
  accountId: string,
): Promise<number[]> {
  const rows = await database.rows<{ id: number }>(
    prepared(
      `select student_id as id from caseload_students where district_id = $1 and account_id = $2
       order by student_id limit 5000`,
    ),
    accountId,
  );
  return rows.map(({ id }) => id);
}

/** Adds students whom the caller and the owner of the list may see; returns how many were not yet on it. */
export async function addToCaseload(
  database: DistrictDatabase,
  {
    accountId,
    schools,
  }: { readonly accountId: string; readonly schools: readonly number[] | null },
  students: readonly number[],
): Promise<number> {
  return database.execute(
    `insert into caseload_students (district_id, account_id, student_id)
     select $1, $2, s.id from students s where s.district_id = $1 and s.id = any($3)
       and ($4::bigint[] is null or s.entity_id = any($4))
     on conflict do nothing`,
    accountId,
    students,
    schools,
  );
}

/** Removes students from the list; returns how many were on it. */
export async function removeFromCaseload(
  database: DistrictDatabase,
  accountId: string,
  students: readonly number[],
): Promise<number> {
  return database.execute(
    `delete from caseload_students where district_id = $1 and account_id = $2 and student_id = any($3)`,
    accountId,
    students,
  );
}
