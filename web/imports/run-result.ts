/** The result of a run in a sentence. */
import type { ImportRunDetail } from '../../src/contract/imports/import-report.ts';
import { formatCount } from './run-labels.ts';

type Result = Pick<
  ImportRunDetail,
  'state' | 'isDryRun' | 'counts' | 'failure' | 'plan' | 'report' | 'review' | 'undo'
>;

/** `1 student`, `1,204 students`. */
const formatStudents = (count: number): string =>
  `${formatCount(count)} ${count === 1 ? 'student' : 'students'}`;

/** Returns what a run did, or would have done: `Completed: 3 students added, 1,204 updated.` */
export function formatResult(run: Result): string {
  const { state, failure, isDryRun } = run;
  if (run.undo !== null) {
    const changed = formatStudents(run.counts.changed ?? 0);
    if (state === 'planned')
      return `${changed} would get earlier values back. Nothing was changed.`;
    if (state === 'restored')
      return `Data is as it was before: ${changed} got earlier values back.`;
    if (state === 'running') return isDryRun ? 'Preview in progress.' : 'Undo in progress.';
  }
  switch (state) {
    case 'running':
      return isDryRun ? 'Dry run in progress.' : 'Import in progress.';
    case 'unchanged':
      return 'Completed: no changes.';
    case 'published':
      return `Completed: ${listChanges(run, '') || 'no student records changed'}.`;
    case 'planned':
      return failure === null
        ? `Dry run finished: ${listChanges(run, 'would be ') || 'no students would change'}. Nothing was changed.`
        : 'Dry run finished: an import would be put on hold. Nothing was changed.';
    case 'held':
      return run.review === null
        ? 'On hold: student data was not changed.'
        : `${run.review.outcome === 'approved' ? 'Approved, and imported again' : 'Discarded'}: this import changed no student data.`;
    case 'recalculated':
      return `The status of ${formatStudents(run.counts.changed ?? 0)} changed with the date.`;
    case 'undone':
      return `Undone. Until then: ${listChanges(run, '') || 'no student records changed'}.`;
    case 'restored':
    case 'failed':
    default:
      return failure?.code === 'import-cancelled'
        ? 'Canceled: student data was not changed.'
        : 'Failed: student data was not changed.';
  }
}

function listChanges({ counts, report }: Result, would: string): string {
  const parts = [
    [counts.added, `${would}added`],
    [counts.changed, `${would}updated`],
    [report?.newlyMissing ?? 0, 'no longer in Skyward'],
  ] as const;
  return parts
    .filter(([count]) => count !== null && count > 0)
    .map(([count, what], index) =>
      index === 0 ? `${formatStudents(count ?? 0)} ${what}` : `${formatCount(count ?? 0)} ${what}`,
    )
    .join(', ');
}
