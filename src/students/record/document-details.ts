/** Reads the Details that fill documents, of many students in one query. */
import type { StaffField } from '../../contract/students/staff-values.ts';
import type { Guardian } from '../../contract/students/students.ts';
import type { Status } from '../../contract/values.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { isCompleted, selectLastRun } from '../../database/import-runs.ts';
import { prepared } from '../../database/prepared-statement.ts';
import { demographicsOf, guardianOf } from './details.ts';
import { recordColumns, type StoredGuardian, type StudentRecord } from './rows.ts';

/** The Details of a student that documents copy (R5). */
export interface StudentDetails extends ReturnType<typeof demographicsOf> {
  readonly guardians: readonly Guardian[];
  readonly status: Status;
  /** School year of the enrollment that determines the status. */
  readonly schoolYear: number | null;
  /** Import date of the record's data; null for a manual student. */
  readonly importDate: string | null;
  /** Staff values; fields never saved are absent. */
  readonly staffValues: Partial<Readonly<Record<StaffField, string | null>>>;
}

interface Row extends StudentRecord {
  readonly guardians: readonly StoredGuardian[] | null;
  readonly schoolYear: number | null;
  readonly importDate: string | null;
  readonly staffValues: StudentDetails['staffValues'] | null;
}

/*
 * The import date is that of the last completed import. For a student who is missing from Skyward or was skipped, it is
 * that of the last import that changed the record.
 */
const detailsOfStudents = `
  with
    read as (
      select id, today from import_runs
      where district_id = $1 and id = ${selectLastRun(isCompleted)})
  select ${recordColumns},
    (select jsonb_agg(to_jsonb(g) order by g.position, g.skyward_id) from guardians g
      where g.district_id = s.district_id and g.student_id = s.id) as guardians,
    (select e.school_year from enrollments e
      where e.district_id = s.district_id and e.student_id = s.id and e.skyward_id = s.status_decided_by
      limit 1) as "schoolYear",
    (select jsonb_object_agg(v.field, v.value) from student_staff_values v
      where v.district_id = s.district_id and v.student_id = s.id) as "staffValues",
    case
      when s.skyward_id is null then null
      when s.missing_since_run_id is null and not exists (
        select from import_problems p where p.district_id = $1 and p.run_id = (select id from read)
          and p.skyward_student_id = s.skyward_id) then (select today from read)
      else coalesce(
        (select r.today from student_changes c
          join import_runs r on r.district_id = c.district_id and r.id = c.run_id
          where c.district_id = s.district_id and c.student_id = s.id and c.record = 'student'
          order by c.run_id desc limit 1),
        (select r.today from import_runs r where r.district_id = $1 and r.id = s.first_run_id))
    end as "importDate"
  from students s where s.district_id = $1 and s.id = any($2)`;

/** Reads the Details of these students by id, without those whom the caller may not see. */
export async function findDetailsOfStudents(
  database: DistrictDatabase,
  studentIds: readonly number[],
): Promise<ReadonlyMap<number, StudentDetails>> {
  const rows = await database.rows<Row>(prepared(detailsOfStudents), studentIds);
  return new Map(rows.map((row) => [row.id, toDetails(row)]));
}

function toDetails({
  guardians,
  schoolYear,
  importDate,
  staffValues,
  ...record
}: Row): StudentDetails {
  return {
    ...demographicsOf(record),
    guardians: (guardians ?? []).map(guardianOf),
    status: record.status,
    schoolYear,
    importDate,
    staffValues: staffValues ?? {},
  };
}
