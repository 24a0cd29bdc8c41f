/** Cancels a running import for a user. */
import type { Queryable } from '../../database/queryable.ts';

/** Requests that a running import be canceled; its process notices within a second or two. Returns false if it has ended. */
export async function requestCancel(
  db: Queryable,
  districtId: number,
  runId: number,
  person: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update import_runs set cancel_requested_at = now(), cancel_requested_by = $3
     where district_id = $1 and id = $2 and state = 'running' and cancel_requested_at is null`,
    [districtId, runId, person],
  );
  return rowCount === 1;
}
