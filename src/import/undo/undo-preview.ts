/** The last preview of an undo: a dry run of it, with what it would change. */
import { z } from 'zod';
import type { ImportUndo, UndoPreview } from '../../contract/imports/import-undo.ts';
import type { Queryable } from '../../database/queryable.ts';
import { summaryColumns, summaryOf, type SummaryRow } from '../runs/run-summary.ts';
import { findUndoTarget } from './undo-target.ts';

const number = z.number();
const Report = z
  .object({
    changed: number,
    statusMoves: z.array(z.object({ from: z.string(), to: z.string(), count: number })),
    undo: z.object({
      imports: z.array(number),
      guardians: number,
      enrollments: number,
      created: number,
      missingMarks: number,
      documents: number,
      keptIds: number,
    }),
  })
  .nullable()
  .catch(null);

interface PreviewRow extends SummaryRow {
  readonly report: unknown;
}

const lastPreview = `
  select ${summaryColumns}, r.report from import_runs r
  where r.district_id = $1 and r.undoes_run_id = $2 and r.is_dry_run order by r.id desc limit 1`;

/** Returns whether an import can be undone, and what that would change; `undefined` if there is no such import. */
export async function findUndo(
  db: Queryable,
  districtId: number,
  runId: number,
  now: Temporal.Instant,
): Promise<ImportUndo | undefined> {
  const target = await findUndoTarget(db, districtId, runId, now);
  if (target === undefined) return undefined;
  if (target.state === 'blocked') {
    const { message, advice } = target.block;
    return { block: { message, advice }, imports: [], preview: null };
  }
  const imports = target.imports.map(({ id, importDate }) => ({ id, importDate }));
  const { rows } = await db.query<PreviewRow>(lastPreview, [districtId, runId]);
  const [row] = rows;
  return { block: null, imports, preview: row === undefined ? null : toPreview(row, imports) };
}

function toPreview(row: PreviewRow, imports: readonly { readonly id: number }[]): UndoPreview {
  const { id, state, finishedAt, failure } = summaryOf(row);
  const report = Report.parse(row.report);
  const isFinished = state === 'planned' && report !== null;
  const { imports: previewed, ...counts } = report?.undo ?? { imports: [] };
  return {
    runId: id,
    state: state === 'running' ? 'running' : isFinished ? 'finished' : 'failed',
    finishedAt,
    failure: failure && { message: failure.message, advice: failure.advice },
    isCurrent: isFinished && previewed.at(-1) === imports.at(-1)?.id,
    counts:
      isFinished && 'guardians' in counts
        ? { ...counts, students: report.changed, statusMoves: report.statusMoves }
        : null,
  };
}
