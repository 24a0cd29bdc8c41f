/** One student's record: demographics, guardians, status, enrollments, for the tabs and for documents. */
import type { Guardian, Student } from '../../contract/students/students.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { prepared } from '../../database/prepared-statement.ts';
import {
  fieldValues,
  placementFields,
  plainGuardianFields,
  plainStudentFields,
} from '../../roster/fields/columns.ts';
import { displayName, legalName } from './display-name.ts';
import { type JsonRun, toRunReference } from './run-reference.ts';
import { enrollmentOrder, toEnrollmentRows } from './enrollments.ts';
import { type LastChanges, readLastChanges } from '../history/pages.ts';
import { readLastImport } from './last-import.ts';
import {
  recordColumns,
  type StoredEnrollment,
  type StoredGuardian,
  type StudentRecord,
} from './rows.ts';
import { manualStatusOf, type StoredStatus, toStudentStatus } from './status.ts';

const runOf = (column: 'first_run_id' | 'missing_since_run_id') => `(
  select to_jsonb(r) from (
    select id, today, started_at from import_runs
    where district_id = s.district_id and id = s.${column}) r)`;

/** Guardians are in Skyward's order. */
const wholeRecord = `
  select ${recordColumns}, s.status_decided_on, s.status_same_through, s.status_on_hold, s.status_on_hold_since, ${manualStatusOf} as manual, (
      select value from student_staff_values v
      where v.district_id = s.district_id and v.student_id = s.id and v.field = 'pronouns') as pronouns,
    (select coalesce(jsonb_agg(to_jsonb(g) order by g.position, g.skyward_id), '[]') from guardians g
      where g.district_id = s.district_id and g.student_id = s.id) as guardians,
    (select coalesce(jsonb_agg(to_jsonb(e) order by ${enrollmentOrder}), '[]') from enrollments e
      where e.district_id = s.district_id and e.student_id = s.id) as enrollments,
    ${runOf('first_run_id')} as "firstRun", ${runOf('missing_since_run_id')} as "missingSince"
  from students s where s.district_id = $1 and s.id = $2`;

interface WholeRecord extends StudentRecord, StoredStatus {
  readonly guardians: readonly StoredGuardian[];
  readonly enrollments: readonly StoredEnrollment[];
  readonly pronouns: string | null;
  readonly firstRun: JsonRun | null;
  readonly missingSince: JsonRun | null;
}

/** Returns the student with this id as of the district's date; `undefined` if the district has none. */
export async function findStudent(
  database: DistrictDatabase,
  studentId: number,
  today: Temporal.PlainDate,
): Promise<Student | undefined> {
  // Sent together, because a round trip takes longer than the queries.
  const found = await database.one<WholeRecord>(prepared(wholeRecord), studentId);
  if (found === undefined) return undefined;
  const { guardians, enrollments, firstRun, missingSince, pronouns, ...record } = found;
  return {
    ...demographicsOf(record),
    status: toStudentStatus(record, enrollments, today),
    guardians: guardians.map(guardianOf),
    enrollments: toEnrollmentRows(enrollments, record),
    ...changesOf(await readLastChanges(database, studentId), firstRun),
    firstImport: toRunReference(firstRun),
    missingSince: toRunReference(missingSince),
    pronouns,
    ...(await readLastImport(database, record.skyward_id)),
  };
}

/** Converts a record to demographics: identity, contacts and school. */
export function demographicsOf(record: StudentRecord) {
  const { entityId: _, ...placement } = fieldValues(placementFields, record);
  return {
    id: record.id,
    name: displayName(record),
    legalName: legalName(record),
    otherNames: record.other_names,
    sisStudentId: record.skyward_id,
    ...fieldValues(plainStudentFields, record),
    addresses: record.addresses,
    phones: record.phones,
    emails: record.emails,
    placement,
  };
}

/** Converts a stored guardian to the contract's form. */
export const guardianOf = (row: StoredGuardian): Guardian => ({
  id: row.skyward_id,
  name: { first: row.first_name, middle: row.middle_name, last: row.last_name, suffix: row.suffix },
  ...fieldValues(plainGuardianFields, row),
  addresses: row.addresses,
  phones: row.phones,
  emails: row.emails,
});

/** Returns the run that last changed each part, or the first run if it never changed. */
function changesOf(
  { fields, runs }: LastChanges,
  firstRun: JsonRun | null,
): Pick<Student, 'lastChanges' | 'fieldChanges'> {
  const lastChange = (record: 'student' | 'guardian' | 'enrollment') =>
    runs.get(record) ?? toRunReference(firstRun);
  return {
    lastChanges: {
      student: lastChange('student'),
      guardians: lastChange('guardian'),
      enrollments: lastChange('enrollment'),
    },
    fieldChanges: [...fields],
  };
}
