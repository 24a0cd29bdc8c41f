/** Finds out whether a run can be undone, and which later ones are undone with it. */
import type { Queryable } from '../../database/queryable.ts';

/** Days after which a run can't be undone any more. */
const undoDays = 30;

/** Why a run can't be undone. */
export interface UndoBlock {
  readonly code: 'undo-not-possible';
  readonly message: string;
  readonly advice: string;
}

/** An import that an undo would undo. */
export interface UndoneImport {
  readonly id: number;
  readonly importDate: string;
  readonly startedAt: Temporal.Instant;
}

export type UndoTarget =
  | {
      readonly state: 'possible';
      /** The import itself and later ones that published something, oldest first. */
      readonly imports: readonly UndoneImport[];
    }
  | { readonly state: 'blocked'; readonly block: UndoBlock };

interface TargetRow {
  readonly state: string;
  readonly isDryRun: boolean;
  readonly isUndo: boolean;
  readonly isUndoable: boolean;
  readonly startedAt: Temporal.Instant;
  readonly isInitial: boolean;
  readonly undoneBy: string | null;
  readonly undoneAt: Temporal.Instant | null;
}

const target = `
  select r.state, r.is_dry_run as "isDryRun", r.undoes_run_id is not null as "isUndo",
    r.is_undoable as "isUndoable", r.started_at as "startedAt",
    not exists (select from import_runs e where e.district_id = $1 and e.id < r.id and not e.is_dry_run
      and e.state in ('published', 'unchanged')) as "isInitial",
    coalesce(u.requested_by, 'a command on the server') as "undoneBy", u.finished_at as "undoneAt"
  from import_runs r
  left join import_runs u on u.district_id = $1 and u.id = r.undone_by_run_id
  where r.district_id = $1 and r.id = $2`;

const importsSince = `
  select id, today as "importDate", started_at as "startedAt" from import_runs
  where district_id = $1 and id >= $2 and not is_dry_run and state = 'published' order by id`;

/** Returns what undoing this run would undo, or why it can't be undone; `undefined` if there is no such run. */
export async function findUndoTarget(
  db: Queryable,
  districtId: number,
  runId: number,
  now: Temporal.Instant,
): Promise<UndoTarget | undefined> {
  const { rows } = await db.query<TargetRow>(target, [districtId, runId]);
  const [row] = rows;
  if (row === undefined) return undefined;
  const block = findBlock(row, now);
  if (block !== undefined) return { state: 'blocked', block };
  const { rows: imports } = await db.query<UndoneImport>(importsSince, [districtId, runId]);
  return { state: 'possible', imports };
}

const blocked = (message: string, advice: string): UndoBlock => ({
  code: 'undo-not-possible',
  message,
  advice,
});

/** Returns why a run can't be undone. */
function findBlock(row: TargetRow, now: Temporal.Instant): UndoBlock | undefined {
  if (row.state === 'undone') {
    return blocked(
      'This import has already been undone.',
      'Import history shows when and by whom. To undo more, choose an earlier import.',
    );
  }
  if (row.state === 'restored' || row.isUndo) {
    return blocked(
      'An undo of an import can’t be undone itself.',
      'Let imports continue: the next import imports the data from Skyward again.',
    );
  }
  if (row.isDryRun || row.state !== 'published') {
    return blocked(
      'This run changed no data from Skyward, so there is nothing to undo.',
      'Only completed imports that changed something can be undone.',
    );
  }
  if (row.isInitial) {
    return blocked(
      'The initial import can’t be undone: there was no data from Skyward before it.',
      'Correct the data in Skyward and import again.',
    );
  }
  if (!row.isUndoable) {
    return blocked(
      'This import was made by an earlier version of Daybreak, which did not keep all that an undo needs.',
      'Correct the data in Skyward and import again.',
    );
  }
  if (Temporal.Instant.compare(row.startedAt, now.subtract({ hours: 24 * undoDays })) < 0) {
    return blocked(
      `This import is more than ${undoDays} days old, so it can’t be undone any more.`,
      'Correct the data in Skyward and import again.',
    );
  }
  return undefined;
}
