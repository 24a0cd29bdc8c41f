/** The status of a listed student as a sentence: the same as on the student's page. */
import { changeSentence, statusReason } from '../../contract/students/status-sentence.ts';
import { parseDecisionSettings } from '../../enrollment/decision-settings.ts';
import type { DecisionColumns, StoredEnrollment } from '../record/rows.ts';
import { type JsonManualStatus, manualStatusOf, toStatusEnrollment } from '../record/status.ts';

/**
 * Columns of `students s` that explain the status. The enrollment is looked up by its key, except for the many students
 * with a current one, whose badge is not shown.
 */
export const statusColumns = `s.status, s.status_rule, s.status_left_out, s.status_changes_on,
  s.status_decided_on, s.status_decided_under, (
    select to_jsonb(e) from enrollments e
    where e.district_id = s.district_id and e.student_id = s.id
      and e.skyward_id = s.status_decided_by and s.status_rule <> 'current-enrollment') as decided_by,
  ${manualStatusOf} as manual`;

/** A row of `statusColumns`. */
export interface ListedStatus extends Omit<DecisionColumns, 'status_decided_by'> {
  readonly status_decided_on: string | null;
  readonly decided_by: StoredEnrollment | null;
  readonly manual: JsonManualStatus | null;
}

/** Returns the reason, and for every status but Enrolled the next change. */
export function listedStatusReason(row: ListedStatus): string {
  const settings = parseDecisionSettings(row.status_decided_under);
  const reason = statusReason({
    status: row.status,
    rule: row.status_rule,
    enrollment: row.decided_by && toStatusEnrollment(row.decided_by, settings?.schoolYear),
    uncounted: row.status_left_out.map((entry) => entry.reason),
    manual: row.manual,
    decidedOn: row.status_decided_on,
  });
  // Whether an enrolled student's status changes depends on all enrollments, which a list does not read.
  if (row.status === 'ENROLLED' || row.status_rule === null) return reason;
  const on = row.status_changes_on;
  // Only the start of an enrollment ends another status.
  return `${reason} ${changeSentence(on === null ? null : { from: row.status, to: 'ENROLLED', on })}`;
}
