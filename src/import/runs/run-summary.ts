/** The summary of an import run that lists and screens show. */
import { z } from 'zod';

import type { ImportRun } from '../../contract/imports/import-runs.ts';
import { describeFailure } from './failure-text.ts';
import { isImportAlive } from './import-session.ts';
import { interrupted } from './run-store.ts';

const count = z.int().nonnegative().nullable().catch(null);

/** Counts from a run's report; null where the run stopped early or an older version stored another form. */
const ReportCounts = z
  .object({ received: count, added: count, changed: count, unchanged: count })
  .catch({ received: null, added: null, changed: null, unchanged: null });

const Failure = z
  .object({
    code: z.string(),
    message: z.string(),
    advice: z.string().nullable().default(null),
    details: z.string().optional(),
  })
  .transform(describeFailure)
  .nullable()
  .catch(null);

export interface SummaryRow {
  readonly id: number;
  readonly state: ImportRun['state'];
  readonly isDryRun: boolean;
  readonly isAlive: boolean | null;
  readonly importDate: string;
  readonly startedAt: Temporal.Instant;
  readonly finishedAt: Temporal.Instant | null;
  readonly progressAt: Temporal.Instant | null;
  readonly counts: unknown;
  readonly failure: unknown;
  readonly origin: ImportRun['origin'];
  readonly requestedBy: string | null;
  readonly reviewOutcome: NonNullable<ImportRun['review']>['outcome'] | null;
  readonly reviewedAt: Temporal.Instant | null;
  readonly reviewedBy: string | null;
  readonly reviewReason: string | null;
  readonly undo: ImportRun['undo'];
  readonly undoneBy: ImportRun['undoneBy'];
}

/** The columns of a `SummaryRow`, with `import_runs` aliased as `r`. */
export const summaryColumns = `r.id, r.state, r.is_dry_run as "isDryRun", r.today as "importDate",
  case when r.state = 'running' then ${isImportAlive('r.district_id')} end as "isAlive",
  r.started_at as "startedAt", r.finished_at as "finishedAt", r.progress_at as "progressAt",
  jsonb_build_object('received', r.report -> 'received', 'added', r.report -> 'added',
    'changed', r.report -> 'changed', 'unchanged', r.report -> 'unchanged') as counts,
  r.failure, r.origin, r.requested_by as "requestedBy", 
  r.decision as "reviewOutcome", r.decided_at as "reviewedAt", r.decided_by as "reviewedBy",
  r.decision_reason as "reviewReason",
  (select jsonb_build_object('importId', u.id, 'importDate', u.today, 'reason', r.undo_reason)
    from import_runs u where u.district_id = r.district_id and u.id = r.undoes_run_id) as undo,
  (select jsonb_build_object('runId', u.id, 'at', to_char(u.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'by', u.requested_by)
    from import_runs u where u.district_id = r.district_id and u.id = r.undone_by_run_id) as "undoneBy"`;

/**
 * Converts a row. A run that is marked as running while nobody holds the import lock has died; it is returned as
 * failed, although the table says so only after the next run starts.
 */
export function summaryOf(row: SummaryRow): ImportRun {
  const hasDied = row.state === 'running' && row.isAlive === false;
  const finishedAt = hasDied ? (row.progressAt ?? row.startedAt) : row.finishedAt;
  return {
    id: row.id,
    state: hasDied ? 'failed' : row.state,
    isDryRun: row.isDryRun,
    importDate: row.importDate,
    startedAt: row.startedAt.toString(),
    finishedAt: finishedAt?.toString() ?? null,
    seconds:
      finishedAt === null ? null : Math.max(0, finishedAt.since(row.startedAt).total('seconds')),
    counts: ReportCounts.parse(row.counts),
    failure: Failure.parse(hasDied ? interrupted : row.failure),
    origin: row.origin,
    requestedBy: row.requestedBy,
    review: toReview(row),
    undo: row.undo,
    undoneBy: row.undoneBy,
  };
}

function toReview({ reviewOutcome: outcome, reviewedAt, reviewedBy, reviewReason }: SummaryRow) {
  if (outcome === null || reviewedAt === null || reviewedBy === null) return null;
  return { outcome, at: reviewedAt.toString(), by: reviewedBy, reason: reviewReason ?? '' };
}
