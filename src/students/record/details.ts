/** One student's whole record: demographics, guardians, status with its reason, enrollments. */
import type { ExpressionBuilder, Selectable } from 'kysely';
import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/postgres';

import type { Guardian, Student } from '../../contract/students.ts';
import type { DistrictDatabase } from '../../database/district-scope.ts';
import { placementColumns, studentColumns } from '../../roster/student-record.ts';
import { type JsonRun, toRunReference } from './run-reference.ts';
import { toEnrollmentRows, enrollmentsOf } from './enrollments.ts';
import { type LastChanges, readLastChanges } from '../history/pages.ts';
import { readLastImport } from './last-import.ts';
import { formatStatusReason } from './status-reason.ts';
import { studentReader } from '../student-reading.ts';
import type { StudentTables } from '../student-tables.ts';

/** What the record is made of. Named one by one: the import keeps columns here that are not for reading. */
export const recordColumns = [
  'district_id',
  'id',
  'skyward_id',
  ...studentColumns,
  ...placementColumns,
  'status',
  'status_rule',
  'status_decided_by',
  'status_left_out',
  'status_changes_on',
  'status_decided_under',
  'first_run_id',
  'missing_since_run_id',
] as const satisfies readonly (keyof StudentTables['students'])[];

export type StudentRecord = Pick<
  Selectable<StudentTables['students']>,
  (typeof recordColumns)[number]
>;

/** The student of this number in this district; `undefined` when there is none, another district's included. */
export async function findStudent(
  database: DistrictDatabase,
  districtId: number,
  studentId: number,
): Promise<Student | undefined> {
  const reader = studentReader(database);
  // All in one question: each way to the server costs more than what it reads.
  const found = await reader
    .selectFrom('students')
    .where('district_id', '=', districtId)
    .where('id', '=', studentId)
    .select(recordColumns)
    .select((query) => [
      jsonArrayFrom(guardiansOf(query)).as('guardians'),
      jsonArrayFrom(enrollmentsOf(query)).as('enrollments'),
      jsonObjectFrom(runOf(query, 'first_run_id')).as('firstRun'),
      jsonObjectFrom(runOf(query, 'missing_since_run_id')).as('missingSince'),
    ])
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { guardians, enrollments, firstRun, missingSince, ...record } = found;
  return {
    ...demographicsOf(record),
    status: {
      value: record.status,
      rule: record.status_rule,
      reason: formatStatusReason(record.status, record.status_rule),
      decidedBy: record.status_decided_by,
      changesOn: record.status_changes_on,
    },
    guardians: guardians.map(guardianOf),
    enrollments: toEnrollmentRows(enrollments, record),
    ...changesOf(await readLastChanges(database, districtId, studentId), firstRun),
    missingSince: toRunReference(missingSince),
    ...(await readLastImport(database, districtId, record.skyward_id)),
  };
}

type Query = ExpressionBuilder<StudentTables, 'students'>;

/** Guardians in Skyward's order. */
const guardiansOf = (query: Query) =>
  query
    .selectFrom('guardians')
    .whereRef('guardians.district_id', '=', 'students.district_id')
    .whereRef('guardians.student_id', '=', 'students.id')
    .selectAll('guardians')
    .orderBy('position')
    .orderBy('skyward_id');

const runOf = (query: Query, column: 'first_run_id' | 'missing_since_run_id') =>
  query
    .selectFrom('import_runs')
    .whereRef('import_runs.district_id', '=', 'students.district_id')
    .whereRef('import_runs.id', '=', `students.${column}`)
    .select(['import_runs.id', 'import_runs.today', 'import_runs.started_at']);

/** Who the student is, how to reach the family, and where the enrollment places. */
export function demographicsOf(record: StudentRecord) {
  return {
    id: record.id,
    name: {
      first: record.first_name ?? record.legal_first_name,
      middle: record.middle_name ?? record.legal_middle_name,
      last: record.last_name ?? record.legal_last_name,
      suffix: record.suffix ?? record.legal_suffix,
    },
    legalName: {
      first: record.legal_first_name,
      middle: record.legal_middle_name,
      last: record.legal_last_name,
      suffix: record.legal_suffix,
    },
    otherNames: [...record.other_names],
    studentNumber: record.student_number,
    stateId: record.state_id,
    skywardId: record.skyward_id,
    birthDate: record.birth_date,
    gender: record.gender,
    race: record.race,
    ethnicity: record.ethnicity,
    nativeLanguage: record.native_language,
    homeLanguage: record.home_language,
    graduationYear: record.graduation_year,
    ...contactOf(record),
    placement: {
      grade: record.grade,
      schoolName: record.school_name,
      schoolStateId: record.school_state_id,
      entityName: record.entity_name,
      homeroom: record.homeroom,
      homeroomTeacher: record.homeroom_teacher,
      advisor: record.advisor,
    },
  };
}

const contactOf = (
  record: Pick<Selectable<StudentTables['guardians']>, 'addresses' | 'phones' | 'emails'>,
) => ({
  addresses: [...record.addresses],
  phones: record.phones.toSorted((a, b) => a.rank - b.rank),
  emails: record.emails.toSorted((a, b) => a.rank - b.rank),
});

/** A guardian as the contract has one. */
export const guardianOf = (row: Selectable<StudentTables['guardians']>): Guardian => ({
  id: row.skyward_id,
  position: row.position,
  name: {
    first: row.first_name,
    middle: row.middle_name,
    last: row.last_name,
    suffix: row.suffix,
  },
  relationship: row.relationship,
  isCustodial: row.is_custodial,
  livesWith: row.lives_with,
  isEmergencyContact: row.is_emergency_contact,
  allowsPickup: row.allows_pickup,
  hasFamilyAccess: row.has_family_access,
  hasRestrictedAccess: row.has_restricted_access,
  language: row.language,
  ...contactOf(row),
});

/** Which runs last touched each part; a part without a change is as the first run brought it. */
function changesOf(
  { fields, runs }: LastChanges,
  firstRun: JsonRun | null,
): Pick<Student, 'lastChanges' | 'fieldChanges'> {
  const lastChange = (record: StudentTables['student_changes']['record']) =>
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
