/** The district's imports: the running one, the calendar and the list of all. */
import './imports.css';

import { Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';

import { formatDay } from '../../src/contract/day-format.ts';
import { administers } from '../../src/contract/endpoint.ts';
import {
  type ImportPage,
  type ImportRun,
  runsPerPage,
} from '../../src/contract/imports/import-runs.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { type DataColumn, DataTable } from '../shell/data-table.tsx';
import { EmptyState } from '../shell/list-state.tsx';
import { Pager } from '../shell/pager.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { CurrentImport } from './current-import.tsx';
import { StartButtons } from './import-buttons.tsx';
import { formatTime } from './import-state.ts';
import { importsQuery, importDaysQuery, invalidateImports } from './import-queries.ts';
import { DateHold } from './date-hold.tsx';
import { ImportCalendar } from './import-calendar.tsx';
import { formatCount, formatSeconds, formatOrigin } from './run-labels.ts';
import { StateMark } from './state-mark.tsx';

/** Loaded only while imports wait after an undo. */
const UndoWaitNotice = lazy(async () => ({
  default: (await import('./undo-wait.tsx')).UndoWaitNotice,
}));

export function ImportsScreen() {
  const domain = useDomain();
  const { page = 1 } = useSearch({ from: '/signed-in/a/$domain/imports' });
  const { data: session } = useQuery(sessionQuery);
  const { data, error, refetch } = useQuery(importsQuery(domain, page));
  const mayStart = session ? administers(session.account.role) : false;
  const isBusy = data !== undefined && (data.running !== null || data.waiting !== null);
  useRefreshAfterRun(domain, page === 1 && !isBusy ? data : undefined);
  return (
    <div className="screen">
      <div className="imports-head">
        <ScreenTitle name="Import history">Import history</ScreenTitle>
        {mayStart && <StartButtons isBusy={isBusy} isWaiting={data?.undoWait != null} />}
      </div>
      {mayStart && <DateHold />}
      {data?.undoWait && (
        <Suspense fallback={null}>
          <UndoWaitNotice wait={data.undoWait} mayContinue={mayStart} />
        </Suspense>
      )}
      {data && <CurrentImport page={data} mayCancel={mayStart} />}
      <ImportDays />
      <h2 className="section-title">All imports</h2>
      {error && data === undefined ? (
        <ProblemNotice
          title="Couldn’t load the imports"
          error={error}
          onRetry={() => void refetch()}
        />
      ) : (
        <RunList page={data} />
      )}
    </div>
  );
}

/** A short run starts and ends between two updates of the list: the calendar and the header follow the list. */
function useRefreshAfterRun(domain: string, list: ImportPage | undefined) {
  const queries = useQueryClient();
  const latest = list && `${list.runs[0]?.id} ${list.undoWait?.runId}`;
  const known = useRef(latest);
  useEffect(() => {
    if (latest === undefined) return;
    if (known.current !== undefined && known.current !== latest)
      void invalidateImports(queries, domain);
    known.current = latest;
  }, [latest, queries, domain]);
}

function ImportDays() {
  const domain = useDomain();
  const { data, error, refetch } = useQuery(importDaysQuery(domain));
  if (data === undefined) {
    return error ? (
      <ProblemNotice
        title="Couldn’t load the calendar"
        error={error}
        onRetry={() => void refetch()}
      />
    ) : (
      <Skeleton height={260} radius="md" mt="md" />
    );
  }
  // The list below says that there are no imports yet.
  return data.days.length > 0 && <ImportCalendar days={data.days} />;
}

function RunList({ page }: { readonly page: ImportPage | undefined }) {
  const domain = useDomain();
  const { timeZone } = useDistrict();
  const navigate = useNavigate();
  return (
    <div className="run-table">
      <DataTable
        caption="Imports, latest first"
        columns={listRunColumns(domain, timeZone)}
        rows={page?.runs}
        rowId={({ id }) => id}
        secondLine={(run) => formatSecondLine(run, timeZone)}
        empty={
          <EmptyState title={page?.total === 0 ? 'No imports yet' : 'No older imports'}>
            Imports are listed here as soon as they start.
          </EmptyState>
        }
      />
      {page && (
        <Pager
          page={page.page}
          pages={Math.ceil(page.total / runsPerPage)}
          onPage={(next) =>
            void navigate({
              to: '/a/$domain/imports',
              params: { domain },
              search: next > 1 ? { page: next } : {},
              resetScroll: false,
            })
          }
        />
      )}
    </div>
  );
}

const orDash = (count: number | null): string => (count === null ? '–' : formatCount(count));

const listRunColumns = (domain: string, timeZone: string): readonly DataColumn<ImportRun>[] => [
  {
    key: 'date',
    label: 'Date',
    cell: (run) => (
      <Link
        to="/a/$domain/imports/$runId"
        params={{ domain, runId: `${run.id}` }}
        className="row-link"
      >
        {formatDay(run.importDate)}
      </Link>
    ),
  },
  {
    key: 'result',
    label: 'Result',
    staysOnPhone: true,
    cell: (run) => (
      <>
        <StateMark run={run} />
        {run.isDryRun && run.state !== 'planned' && <span className="quiet"> dry run</span>}
      </>
    ),
  },
  { key: 'added', label: 'Added', align: 'end', cell: ({ counts }) => orDash(counts.added) },
  { key: 'updated', label: 'Updated', align: 'end', cell: ({ counts }) => orDash(counts.changed) },
  {
    key: 'duration',
    label: 'Duration',
    align: 'end',
    cell: ({ seconds }) => (seconds === null ? '…' : formatSeconds(seconds)),
  },
  {
    key: 'started',
    label: 'Started',
    cell: (run) => (
      <>
        <time dateTime={run.startedAt}>{formatInstant(run.startedAt, timeZone)}</time>{' '}
        <span className="quiet">{formatOrigin(run)}</span>
      </>
    ),
  },
];

/** The other columns as one text, for a narrow screen. */
function formatSecondLine({ counts, seconds, startedAt }: ImportRun, timeZone: string): string {
  const parts = [
    formatTime(new Date(startedAt), timeZone),
    counts.added ? `${formatCount(counts.added)} added` : '',
    counts.changed ? `${formatCount(counts.changed)} updated` : '',
    seconds === null ? '' : formatSeconds(seconds),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
