/** Reads and saves staff values of a student; every save is recorded in the history (migration 0007). */
import { StaffField, type StaffValue } from '../../contract/students/staff-values.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';

/** The current user. */
export interface StaffMember {
  readonly accountId: string;
  readonly name: string;
}

interface Row {
  readonly field: StaffField;
  readonly value: string | null;
  readonly version: number;
  readonly changedAt: Temporal.Instant;
  readonly changedBy: string;
  readonly changedByName: string;
  readonly oldValue: string | null;
}

const columns = `v.field, v.value, v.version, v.changed_at as "changedAt", v.changed_by as "changedBy",
  v.changed_by_name as "changedByName", (
    select c.old_value from student_staff_changes c
    where c.district_id = v.district_id and c.student_id = v.student_id and c.field = v.field
    order by c.id desc limit 1) as "oldValue"`;

/** Returns all staff fields of a student, including those never saved; `undefined` if the student does not exist. */
export async function findStaffValues(
  database: DistrictDatabase,
  studentId: number,
  person: StaffMember,
): Promise<StaffValue[] | undefined> {
  if (!(await hasStudent(database, studentId))) return undefined;
  const rows = await database.rows<Row>(
    `select ${columns} from student_staff_values v where v.district_id = $1 and v.student_id = $2`,
    studentId,
  );
  const saved = new Map(rows.map((row) => [row.field, row]));
  return StaffField.options.map((field) => toStaffValue(field, saved.get(field), person));
}

/** Result of a save: saved, already equal, or in conflict with a newer version. */
export type StaffSave =
  | { readonly outcome: 'saved' | 'unchanged'; readonly saved: StaffValue }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'student-not-found' };

/**
 * Saves a value (`null` for none) if the version that the user saw is still current. Otherwise writes nothing; a newer
 * version with the same value is not a conflict.
 */
export async function storeStaffValue(
  database: DistrictDatabase,
  studentId: number,
  change: {
    readonly field: StaffField;
    readonly value: string | null;
    readonly version: number;
    readonly person: StaffMember;
  },
): Promise<StaffSave> {
  const { field, value, version, person } = change;
  if (!(await hasStudent(database, studentId))) return { outcome: 'student-not-found' };
  const before = await readValue(database, studentId, field);
  if ((before?.value ?? null) === value) {
    return { outcome: 'unchanged', saved: toStaffValue(field, before, person) };
  }
  const values = [studentId, field, value, person.accountId, person.name];
  const saved =
    version === 0
      ? await database.execute(
          `insert into student_staff_values (district_id, student_id, field, value, changed_by, changed_by_name)
           values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
          ...values,
        )
      : await database.execute(
          `update student_staff_values set value = $4, changed_by = $5, changed_by_name = $6,
             changed_at = now(), version = version + 1
           where district_id = $1 and student_id = $2 and field = $3 and version = $7`,
          ...values,
          version,
        );
  if (saved !== 1) return { outcome: 'conflict' };
  const after = await readValue(database, studentId, field);
  return { outcome: 'saved', saved: toStaffValue(field, after, person) };
}

async function readValue(
  database: DistrictDatabase,
  studentId: number,
  field: StaffField,
): Promise<Row | undefined> {
  return database.one<Row>(
    `select ${columns} from student_staff_values v
     where v.district_id = $1 and v.student_id = $2 and v.field = $3`,
    studentId,
    field,
  );
}

async function hasStudent(database: DistrictDatabase, studentId: number): Promise<boolean> {
  return (
    (await database.one('select from students where district_id = $1 and id = $2', studentId)) !==
    undefined
  );
}

const toStaffValue = (
  field: StaffField,
  row: Row | undefined,
  person: StaffMember,
): StaffValue => ({
  field,
  value: row?.value ?? null,
  version: row?.version ?? 0,
  lastChange:
    row === undefined
      ? null
      : {
          at: row.changedAt.toString(),
          by: row.changedByName,
          isOwn: row.changedBy === person.accountId,
          from: row.oldValue,
        },
});
