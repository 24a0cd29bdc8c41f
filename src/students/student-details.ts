/** One student's whole record: demographics, guardians, status with its reason, enrollments. */
import type { Selectable } from 'kysely';

import type { Guardian, Student } from '../contract/students.ts';
import type { DistrictDatabase } from '../database/district-scope.ts';
import { placementColumns, studentColumns } from '../roster/student-record.ts';
import { readRuns } from './run-reference.ts';
import { enrollmentRows, readStoredEnrollments } from './student-enrollments.ts';
import { readLastChanges } from './student-history.ts';
import { findLastReading, readProblems } from './student-problems.ts';
import { reasonOfStatus } from './status-reason-text.ts';
import { type StudentReader, studentReader } from './student-reading.ts';
import type { StudentTables } from './student-tables.ts';

/** What the record is made of. Named one by one: the import keeps columns here that are not for reading. */
const recordColumns = [
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

type StudentRecord = Pick<Selectable<StudentTables['students']>, (typeof recordColumns)[number]>;

/** The student of this number in this district; `undefined` when there is none, another district's included. */
export async function findStudent(
  database: DistrictDatabase,
  districtId: number,
  studentId: number,
): Promise<Student | undefined> {
  const reader = studentReader(database);
  const record = await reader
    .selectFrom('students')
    .where('district_id', '=', districtId)
    .where('id', '=', studentId)
    .select(recordColumns)
    .executeTakeFirst();
  if (record === undefined) return undefined;
  return {
    ...demographicsOf(record),
    status: {
      value: record.status,
      rule: record.status_rule,
      reason: reasonOfStatus(record.status, record.status_rule),
      decidedBy: record.status_decided_by,
      changesOn: record.status_changes_on,
    },
    guardians: await readGuardians(reader, districtId, studentId),
    enrollments: enrollmentRows(await readStoredEnrollments(reader, districtId, studentId), record),
    ...(await readRunsOf(reader, record)),
    fieldChanges: await readLastChanges(database, districtId, studentId),
    problems: await readProblems(database, districtId, record.skyward_id),
    dataOf: await findLastReading(database, districtId),
  };
}

function demographicsOf(record: StudentRecord) {
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

/** Guardians in Skyward's order. */
async function readGuardians(
  reader: StudentReader,
  districtId: number,
  studentId: number,
): Promise<Guardian[]> {
  const rows = await reader
    .selectFrom('guardians')
    .where('district_id', '=', districtId)
    .where('student_id', '=', studentId)
    .selectAll()
    .orderBy('position')
    .orderBy('skyward_id')
    .execute();
  return rows.map((row) => ({
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
  }));
}

/** Which runs last touched each part; a part without a change is as the first run brought it. */
async function readRunsOf(
  reader: StudentReader,
  student: StudentRecord,
): Promise<Pick<Student, 'lastChanges' | 'missingSince'>> {
  const changes = await reader
    .selectFrom('student_changes')
    .where('district_id', '=', student.district_id)
    .where('student_id', '=', student.id)
    .select(['record', (builder) => builder.fn.max('run_id').as('runId')])
    .groupBy('record')
    .execute();
  const lastRun = new Map(changes.map(({ record, runId }) => [record, runId]));
  const runs = await readRuns(reader, student.district_id, [
    ...lastRun.values(),
    student.first_run_id,
    student.missing_since_run_id,
  ]);
  const lastChange = (record: StudentTables['student_changes']['record']) =>
    runs.get(lastRun.get(record) ?? student.first_run_id) ?? null;
  return {
    lastChanges: {
      student: lastChange('student'),
      guardians: lastChange('guardian'),
      enrollments: lastChange('enrollment'),
    },
    missingSince: runs.get(student.missing_since_run_id) ?? null,
  };
}
