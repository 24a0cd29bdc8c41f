/** The line in the header with the last import's result and time, linked to its report. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import type { ImportRun } from '../../src/contract/imports.ts';
import { districtQuery } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { latestImportQuery } from './latest-import-query.ts';

const stateLabels: Readonly<Record<ImportRun['state'], string>> = {
  running: 'Import running since',
  published: 'Last import:',
  unchanged: 'Last import:',
  planned: 'Dry run:',
  held: 'Import on hold: needs review',
  failed: 'Import failed',
  recalculated: 'Daily status update:',
};

function formatState({ state, review, failure }: ImportRun): string {
  if (review !== null) return `Import ${review.outcome}`;
  return failure?.code === 'import-cancelled' ? 'Import canceled' : stateLabels[state];
}

const needsAttention = (run: ImportRun): boolean =>
  run.review === null && (run.state === 'held' || run.state === 'failed');

/** `Last import: Nov 23, 2026, 2:05 AM CST`. */
export function LastImport({ domain }: { readonly domain: string }) {
  const { data, isPending, isError, refetch } = useQuery(latestImportQuery(domain));
  const { data: district } = useQuery(districtQuery(domain));
  if (isPending) return <p className="last-import">Last import: …</p>;
  if (isError) {
    return (
      <p className="last-import">
        Last import: unknown.{' '}
        <button type="button" className="text-button" onClick={() => void refetch()}>
          Try again
        </button>
      </p>
    );
  }
  const { run } = data;
  if (run === null) return <p className="last-import">No imports yet</p>;
  const moment = run.finishedAt ?? run.startedAt;
  return (
    <p className="last-import" data-trouble={needsAttention(run) || undefined}>
      <Link
        to="/a/$domain/imports/$runId"
        params={{ domain, runId: `${run.id}` }}
        className="text-button last-import-state"
      >
        {formatState(run)}
      </Link>{' '}
      <time dateTime={moment}>{formatInstant(moment, district?.timeZone ?? 'UTC')}</time>
      {needsAttention(run) && run.failure !== null && (
        <span className="last-import-failure">{run.failure.message}</span>
      )}
    </p>
  );
}
