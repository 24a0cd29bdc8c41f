/** One line in the header: how the last night went, and when; leads to the run. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import type { ImportRun } from '../../src/contract/imports.ts';
import { districtQuery } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { latestImportQuery } from './latest-import-query.ts';

const stateLabels: Readonly<Record<ImportRun['state'], string>> = {
  running: 'import under way since',
  published: 'imported',
  unchanged: 'imported, nothing had changed,',
  planned: 'planned',
  held: 'held for a decision',
  failed: 'failed',
  recalculated: 'statuses by the date',
};

function formatState({ state, review, failure }: ImportRun): string {
  if (review !== null) return `held and ${review.outcome}`;
  return failure?.code === 'import-cancelled' ? 'stopped' : stateLabels[state];
}

const needsAttention = (run: ImportRun): boolean =>
  run.review === null && (run.state === 'held' || run.state === 'failed');

/** `Last night: imported Nov 23, 2026, 2:05 AM CST`. */
export function LastImport({ domain }: { readonly domain: string }) {
  const { data, isPending, isError, refetch } = useQuery(latestImportQuery(domain));
  const { data: district } = useQuery(districtQuery(domain));
  if (isPending) return <p className="last-night">Last night: …</p>;
  if (isError) {
    return (
      <p className="last-night">
        Last night: unknown.{' '}
        <button type="button" className="text-button" onClick={() => void refetch()}>
          Ask again
        </button>
      </p>
    );
  }
  const { run } = data;
  if (run === null) return <p className="last-night">Last night: no import yet</p>;
  const moment = run.finishedAt ?? run.startedAt;
  return (
    <p className="last-night" data-trouble={needsAttention(run) || undefined}>
      <Link
        to="/a/$domain/imports/$runId"
        params={{ domain, runId: `${run.id}` }}
        className="text-button last-night-state"
      >
        Last night: {formatState(run)}
      </Link>{' '}
      <time dateTime={moment}>{formatInstant(moment, district?.timeZone ?? 'UTC')}</time>
      {needsAttention(run) && run.failure !== null && (
        <span className="last-night-failure">{run.failure.message}</span>
      )}
    </p>
  );
}
