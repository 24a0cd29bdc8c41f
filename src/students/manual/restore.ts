/** Restores students deleted, and undoes merges made, within the last 30 days. */
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { type Editor, recordManualChanges } from '../history/manual-changes.ts';

/**
 * Undoes a removal; returns `undefined` if there is nothing this user can undo. Staff undo their own deletions,
 * administrators everything. The caller has blocked imports. Fails on the constraint `students_number_once` if another
 * student has the number now.
 */
export async function restoreRemoved(
  database: DistrictDatabase,
  removalId: number,
  by: { readonly editor: Editor; readonly isAdministrator: boolean },
): Promise<{ studentId: number; mergedInto: number | null } | undefined> {
  const removal = await database.one<{
    merged_into: number | null;
    removed_by: string | null;
  }>(
    'select merged_into, removed_by from removed_students where district_id = $1 and id = $2',
    removalId,
  );
  if (removal === undefined) return undefined;
  const isOwn = removal.merged_into === null && removal.removed_by === by.editor.accountId;
  if (!by.isAdministrator && !isOwn) return undefined;
  const { rows: restored } = await database.client.query<{ id: number | null }>(
    'select restore_student($1) as id',
    [removalId],
  );
  const studentId = restored[0]?.id ?? null;
  if (studentId === null) return undefined;
  await recordManualChanges(database, studentId, by.editor, 'restored');
  if (removal.merged_into !== null) {
    await recordManualChanges(database, removal.merged_into, by.editor, 'merge-undone', [
      { after: { studentId } },
    ]);
  }
  return { studentId, mergedInto: removal.merged_into };
}
