/** The Basics of a student: what administrators look at to understand the status and the identity. */
import type { StudentBasics } from '../../contract/student-basics.ts';
import type { DistrictDatabase } from '../../database/district-scope.ts';
import { parseDecisionSettings } from './decision-settings.ts';
import { readRuns } from './run-reference.ts';
import { formatStatusReason } from './status-reason.ts';
import { studentReader } from '../student-reading.ts';

/** Status with its reason, school and numbers; `undefined` when the district has no such student. */
export async function findStudentBasics(
  database: DistrictDatabase,
  districtId: number,
  studentId: number,
): Promise<StudentBasics | undefined> {
  const reader = studentReader(database);
  const record = await reader
    .selectFrom('students')
    .where('district_id', '=', districtId)
    .where('id', '=', studentId)
    .select([
      'id',
      'skyward_id',
      'student_number',
      'state_id',
      'grade',
      'entity_id',
      'entity_name',
      'school_name',
      'school_state_id',
      'homeroom',
      'homeroom_teacher',
      'advisor',
      'status',
      'status_rule',
      'status_decided_by',
      'status_changes_on',
      'status_decided_on',
      'status_decided_under',
      'first_run_id',
      'missing_since_run_id',
    ])
    .executeTakeFirst();
  if (record === undefined) return undefined;
  const runs = await readRuns(reader, districtId, [
    record.first_run_id,
    record.missing_since_run_id,
  ]);
  const settings = parseDecisionSettings(record.status_decided_under);
  return {
    id: record.id,
    isFromSkyward: record.skyward_id !== null,
    status: {
      value: record.status,
      rule: record.status_rule,
      reason: formatStatusReason(record.status, record.status_rule),
      decidedBy: record.status_decided_by,
      changesOn: record.status_changes_on,
    },
    decidedOn: record.status_decided_on,
    decidedUnder:
      settings === undefined
        ? null
        : {
            schoolYear: settings.schoolYear,
            graduationCode: settings.rules.graduationCode,
            ignoredCode: settings.rules.ignoredCode,
            nextSchoolYear: settings.rules.nextSchoolYear,
          },
    placement: {
      grade: record.grade,
      schoolName: record.school_name,
      schoolStateId: record.school_state_id,
      entityName: record.entity_name,
      homeroom: record.homeroom,
      homeroomTeacher: record.homeroom_teacher,
      advisor: record.advisor,
    },
    entityId: record.entity_id,
    studentNumber: record.student_number,
    stateId: record.state_id,
    skywardId: record.skyward_id,
    firstSeen: runs.get(record.first_run_id) ?? null,
    missingSince: runs.get(record.missing_since_run_id) ?? null,
  };
}
