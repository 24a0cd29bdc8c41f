/** The review of a held run: approved or discarded by a user. */
import type { Queryable } from '../../database/queryable.ts';

/**
 * Records the review of a held run. Returns false if it has been reviewed already, or if a later run has
 * superseded it.
 */
export async function reviewHeldRun(
  db: Queryable,
  districtId: number,
  runId: number,
  review: {
    readonly outcome: 'approved' | 'discarded';
    readonly by: string;
    readonly reason: string;
  },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update import_runs r
     set decision = $3, decided_at = now(), decided_by = $4, decision_reason = $5
     where r.district_id = $1 and r.id = $2 and r.state = 'held' and r.decision is null
       and not exists (select from import_runs later where later.district_id = $1
         and not later.is_dry_run and later.id > r.id
         and later.state in ('published', 'unchanged', 'held', 'undone'))`,
    [districtId, runId, review.outcome, review.by, review.reason],
  );
  return rowCount === 1;
}
