/** The manual status of a student who is not in Skyward: any of the eight values (R42). */
import { sinceProblem, type ManualStatus } from '../../contract/students/manual-students.ts';
import type { Status } from '../../contract/values.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { recordManualChanges, type Editor } from '../history/manual-changes.ts';
import { versionColumn } from '../record/version.ts';

/** A manual status as entered. */
export interface ManualStatusInput {
  readonly value: Status;
  readonly reason: string | null;
  /** The first day of the status. */
  readonly since: string;
}

export type StatusOutcome =
  | { readonly state: 'set'; readonly status: ManualStatus }
  | { readonly state: 'invalid'; readonly field: string; readonly message: string }
  | { readonly state: 'covered'; readonly blockedReason: string }
  | { readonly state: 'conflict' }
  | { readonly state: 'missing' };

/** Returns a student's manual status and whether it can be set; `undefined` if the student does not exist. */
export async function findManualStatus(
  database: DistrictDatabase,
  studentId: number,
): Promise<ManualStatus | undefined> {
  const row = await database.one<StoredStatus>(
    `select ${versionColumn('s')} as version, s.status, s.skyward_id, s.missing_since_run_id,
       s.status_rule, h.reason, h.since, h.set_by_name, h.set_at, a.run_id, r.today as "importDate"
     from students s
     left join hand_set_statuses h on h.district_id = s.district_id and h.student_id = s.id
     left join lateral (
       select c.run_id from student_changes c
       where c.district_id = s.district_id and c.student_id = s.id and c.record = 'student'
         and c.field = 'skyward_id' and c.old_value is null
       order by c.run_id desc limit 1) a on true
     left join import_runs r on r.district_id = s.district_id and r.id = a.run_id
     where s.district_id = $1 and s.id = $2`,
    studentId,
  );
  if (row === undefined) return undefined;
  const blockedReason = findBlockedReason(row);
  const { reason, since, set_by_name: setBy, set_at: setAt } = row;
  return {
    version: row.version,
    canBeSet: blockedReason === null,
    blockedReason,
    isManualStudent: row.skyward_id === null,
    current:
      row.status_rule === null && since !== null && setBy !== null && setAt !== null
        ? { value: row.status, reason, since, setBy, setAt: setAt.toString() }
        : null,
    matchedBy:
      row.run_id === null || row.importDate === null
        ? null
        : { runId: row.run_id, importDate: row.importDate },
  };
}

/** Sets the status if the version is still current. The caller has blocked imports. */
export async function setManualStatus(
  database: DistrictDatabase,
  context: {
    readonly today: Temporal.PlainDate;
    readonly editor: Editor;
  },
  studentId: number,
  version: string,
  status: ManualStatusInput,
): Promise<StatusOutcome> {
  const { today, editor } = context;
  const before = await findManualStatus(database, studentId);
  if (before === undefined) return { state: 'missing' };
  if (before.blockedReason !== null)
    return { state: 'covered', blockedReason: before.blockedReason };
  if (before.version !== version) return { state: 'conflict' };
  const since = sinceProblem(status.since, today.toString());
  if (since !== undefined) return { state: 'invalid', field: 'status.since', message: since };
  const value = await readStatus(database, studentId);
  await database.client.query('select set_status_by_hand($1, $2)', [studentId, status.value]);
  await saveManualStatus(database, studentId, status, editor);
  await recordManualChanges(database, studentId, editor, 'manual-status-set', [
    {
      field: 'status',
      before: before.current === null ? { value } : toInput(before.current),
      after: status,
    },
  ]);
  return readOutcome(database, studentId);
}

/** Removes the manual status of a student missing from Skyward, so the next import uses the last enrollments received. */
export async function clearManualStatus(
  database: DistrictDatabase,
  studentId: number,
  editor: Editor,
): Promise<StatusOutcome> {
  const before = await findManualStatus(database, studentId);
  if (before === undefined) return { state: 'missing' };
  if (before.blockedReason !== null)
    return { state: 'covered', blockedReason: before.blockedReason };
  if (before.isManualStudent) {
    return {
      state: 'covered',
      blockedReason: 'This student is not in Skyward, so the status can only be set manually.',
    };
  }
  const rowCount = await database.execute(
    'delete from hand_set_statuses where district_id = $1 and student_id = $2',
    studentId,
  );
  if (rowCount) {
    await recordManualChanges(database, studentId, editor, 'manual-status-cleared', [
      { field: 'status', before: before.current === null ? null : toInput(before.current) },
    ]);
  }
  return readOutcome(database, studentId);
}

/** Stores reason, first day and user of the status. */
export async function saveManualStatus(
  database: DistrictDatabase,
  studentId: number,
  { reason, since }: ManualStatusInput,
  editor: Editor,
): Promise<void> {
  await database.execute(
    `insert into hand_set_statuses
       (district_id, student_id, reason, since, set_by, set_by_name)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (district_id, student_id) do update set reason = excluded.reason,
       since = excluded.since, set_at = now(), set_by = excluded.set_by,
       set_by_name = excluded.set_by_name`,
    studentId,
    reason,
    since,
    editor.accountId,
    editor.name,
  );
}

interface StoredStatus {
  readonly version: string;
  readonly status: Status;
  readonly skyward_id: number | null;
  readonly missing_since_run_id: number | null;
  readonly status_rule: string | null;
  readonly reason: string | null;
  readonly since: string | null;
  readonly set_by_name: string | null;
  readonly set_at: Temporal.Instant | null;
  readonly run_id: number | null;
  readonly importDate: string | null;
}

const findBlockedReason = (row: StoredStatus): string | null =>
  row.skyward_id === null || row.missing_since_run_id !== null
    ? null
    : 'This student is in Skyward, so the status is recalculated every night from the enrollments there. To change it, change the enrollment in Skyward.';

const toInput = ({ value, reason, since }: ManualStatusInput): ManualStatusInput => ({
  value,
  reason,
  since,
});

async function readStatus(
  database: DistrictDatabase,
  studentId: number,
): Promise<Status | undefined> {
  const row = await database.one<{ status: Status }>(
    'select status from students where district_id = $1 and id = $2',
    studentId,
  );
  return row?.status;
}

async function readOutcome(database: DistrictDatabase, studentId: number): Promise<StatusOutcome> {
  const status = await findManualStatus(database, studentId);
  return status === undefined ? { state: 'missing' } : { state: 'set', status };
}
