/** The numbers of a run that are no changes: students received, unchanged, not updated, not imported. */
import type { ImportRunDetail } from '../../src/contract/imports/import-report.ts';
import { formatCount, formatNotImportedReason } from './run-labels.ts';

interface RunCountsProps {
  readonly run: ImportRunDetail;
  readonly report: NonNullable<ImportRunDetail['report']>;
}

export function RunCounts({ run: { counts }, report }: RunCountsProps) {
  const notImported = Object.entries(report.notImported).filter(([, count]) => count > 0);
  const facts = [
    [counts.received, 'students in Skyward'],
    [counts.unchanged, 'unchanged'],
    [report.onHold, 'with a status change on hold'],
    [report.skipped, 'not updated (data problem)'],
    [(report.missing ?? 0) - (report.newlyMissing ?? 0), 'no longer in Skyward since earlier'],
  ] as const;
  const shown = facts.filter(([count]) => count !== null && count > 0);
  if (shown.length === 0 && notImported.length === 0) return null;
  return (
    <section aria-label="Students" className="run-counts">
      {shown.length > 0 && (
        <p>{shown.map(([count, what]) => `${formatCount(count ?? 0)} ${what}`).join(' · ')}</p>
      )}
      {notImported.length > 0 && (
        <p>
          Not imported:{' '}
          {notImported
            .map(([reason, count]) => `${formatCount(count)} ${formatNotImportedReason(reason)}`)
            .join('; ')}
          .
        </p>
      )}
    </section>
  );
}
