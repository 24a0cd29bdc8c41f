/**
 * The Basics tab of a student: status, school and identifiers, for administrators.
 *
 * This folder reads one student's record for its tabs and for documents.
 */
import type { StudentBasics } from '../../contract/students/student-basics.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { prepared } from '../../database/prepared-statement.ts';
import { fieldValues, placementFields } from '../../roster/fields/columns.ts';
import { parseDecisionSettings } from '../../enrollment/decision-settings.ts';
import { readRuns } from './run-reference.ts';
import { statusReason } from '../../enrollment/status-reason.ts';
import { recordColumns, type StudentRecord } from './rows.ts';

/** Returns the Basics of a student; `undefined` if the student does not exist. */
export async function findStudentBasics(
  database: DistrictDatabase,
  studentId: number,
): Promise<StudentBasics | undefined> {
  const record = await database.one<StudentRecord & { readonly status_decided_on: string | null }>(
    prepared(
      `select ${recordColumns}, s.status_decided_on from students s
       where s.district_id = $1 and s.id = $2`,
    ),
    studentId,
  );
  if (record === undefined) return undefined;
  const runs = await readRuns(database, [record.first_run_id, record.missing_since_run_id]);
  const settings = parseDecisionSettings(record.status_decided_under);
  const { entityId, ...placement } = fieldValues(placementFields, record);
  return {
    id: record.id,
    isFromSkyward: record.skyward_id !== null,
    status: {
      value: record.status,
      rule: record.status_rule,
      reason: statusReason(record.status, record.status_rule),
      decidedBy: record.status_decided_by,
      changesOn: record.status_changes_on,
    },
    decidedOn: record.status_decided_on,
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
