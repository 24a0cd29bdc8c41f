/**
 * The Basics tab of a student: status, school and identifiers, for administrators.
 *
 * This folder reads one student's record for its tabs and for documents.
 */
import type { StudentBasics } from '../../contract/students/student-basics.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { prepared } from '../../database/prepared-statement.ts';
import { fieldValues, placementFields } from '../../roster/fields/columns.ts';
import { readRuns } from './run-reference.ts';
import { readStoredEnrollments } from './enrollments.ts';
import { manualStatusOf, settingsOf, type StoredStatus, toStudentStatus } from './status.ts';
import { recordColumns, type StudentRecord } from './rows.ts';

/** Returns the Basics of a student; `undefined` if the student does not exist. */
export async function findStudentBasics(
  database: DistrictDatabase,
  studentId: number,
  today: Temporal.PlainDate,
): Promise<StudentBasics | undefined> {
  const record = await database.one<StudentRecord & StoredStatus>(
    prepared(
      `select ${recordColumns}, s.status_decided_on, s.status_same_through, s.status_on_hold, s.status_on_hold_since, ${manualStatusOf} as manual from students s
       where s.district_id = $1 and s.id = $2`,
    ),
    studentId,
  );
  if (record === undefined) return undefined;
  const runs = await readRuns(database, [record.first_run_id, record.missing_since_run_id]);
  const enrollments = await readStoredEnrollments(database, studentId);
  const settings = settingsOf(record);
  const { entityId, ...placement } = fieldValues(placementFields, record);
  return {
    id: record.id,
    isFromSkyward: record.skyward_id !== null,
    status: toStudentStatus(record, enrollments, today),
    decisionSettings:
      settings === undefined
        ? null
        : {
            schoolYear: settings.schoolYear,
            graduationCode: settings.rules.graduationCode,
            ignoredCode: settings.rules.ignoredCode,
            nextSchoolYear: settings.rules.nextSchoolYear,
          },
    placement,
    entityId,
    studentNumber: record.student_number,
    stateId: record.state_id,
    sisStudentId: record.skyward_id,
    firstImport: runs.get(record.first_run_id) ?? null,
    missingSince: runs.get(record.missing_since_run_id) ?? null,
  };
}
