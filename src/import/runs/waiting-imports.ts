/** After an undo, imports wait until someone lets them continue. */
import type { Queryable } from '../../database/queryable.ts';

/** SQL condition: imports of the district in `column` wait after an undo. */
export const importsWait = (column: string): string => `exists (select from import_runs undo
  where undo.district_id = ${column} and undo.undoes_run_id is not null and undo.state = 'restored'
    and undo.continued_at is null)`;

/** Who undid an import, when and why. `by` is null for a command on the server. */
export interface WaitingSince {
  readonly runId: number;
  readonly undoneRunId: number;
  readonly since: Temporal.Instant;
  readonly by: string | null;
  readonly reason: string;
}

/** Returns why imports wait; `undefined` if they don't. */
export async function findWaitingSince(
  db: Queryable,
  districtId: number,
): Promise<WaitingSince | undefined> {
  const { rows } = await db.query<WaitingSince>(
    `select id as "runId", undoes_run_id as "undoneRunId", finished_at as since, requested_by as by,
       undo_reason as reason
     from import_runs where district_id = $1 and undoes_run_id is not null and state = 'restored'
       and continued_at is null
     order by id desc limit 1`,
    [districtId],
  );
  return rows[0];
}

/** Lets imports continue. Returns false if they did not wait. */
export async function letImportsContinue(
  db: Queryable,
  districtId: number,
  by: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update import_runs set continued_at = now(), continued_by = $2
     where district_id = $1 and undoes_run_id is not null and state = 'restored' and continued_at is null`,
    [districtId, by],
  );
  return (rowCount ?? 0) > 0;
}
