/** Records manual changes, value by value, as history next to the import's. */
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';

/** The user who makes a change; the name is stored, because the account may be deleted. */
export interface Editor {
  readonly accountId: string;
  readonly name: string;
}

export type ManualAction =
  | 'created'
  | 'edited'
  | 'manual-status-set'
  | 'manual-status-cleared'
  | 'restored'
  | 'merged'
  | 'merge-undone'
  | 'number-match-undone';

/** One changed value; without `field`, an event of the whole record. */
export interface ManualChange {
  readonly field?: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Records the changes of one action. */
export async function recordManualChanges(
  database: DistrictDatabase,
  studentId: number,
  editor: Editor,
  action: ManualAction,
  changes: readonly ManualChange[] = [{}],
): Promise<void> {
  for (const { field, before, after } of changes) {
    await database.execute(
      `insert into hand_changes
         (district_id, student_id, account_id, account_name, action, field, old_value, new_value)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      studentId,
      editor.accountId,
      editor.name,
      action,
      field ?? null,
      json(before),
      json(after),
    );
  }
}

const json = (value: unknown): string | null =>
  value === undefined || value === null ? null : JSON.stringify(value);
