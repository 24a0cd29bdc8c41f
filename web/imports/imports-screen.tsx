/** Imports of the district: what runs now, how the last night went, the last 90 nights, every run. */
import './imports.css';

import { Pagination, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';

import { formatDay } from '../../src/contract/day-format.ts';
import { administers } from '../../src/contract/endpoint.ts';
import { type ImportPage, type ImportRun, runsPerPage } from '../../src/contract/imports.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { StartButtons, StopButton } from './import-buttons.tsx';
import { importsQuery, importDaysQuery } from './import-queries.ts';
import { ImportCalendar } from './import-calendar.tsx';
import { RunProgress } from './run-progress.tsx';
import { formatCount, formatSeconds, formatOrigin, formatRun } from './run-labels.ts';
import { StateMark } from './state-mark.tsx';

export function ImportsScreen() {
  const domain = useDomain();
  const { page = 1 } = useSearch({ from: '/signed-in/a/$domain/imports' });
  const { data: session } = useQuery(sessionQuery);
  const { data, error, refetch } = useQuery(importsQuery(domain, page));
  const mayStart = session ? administers(session.account.role) : false;
  const isBusy = data !== undefined && (data.running !== null || data.waiting !== null);
  return (
    <div className="screen">
      <div className="imports-head">
        <ScreenTitle name="Imports">Imports</ScreenTitle>
        {mayStart && <StartButtons isBusy={isBusy} />}
      </div>
      {data && <Now page={data} mayStop={mayStart} />}
      <ImportDays />
      <h2 className="section-title">Every run</h2>
      {error && data === undefined && (
        <ProblemNotice
          title="The runs could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && data === undefined && <Skeleton height={240} radius="md" />}
      {data && <RunList page={data} />}
    </div>
  );
}

/** What waits or runs at this moment; nothing otherwise. */
function Now({ page, mayStop }: { readonly page: ImportPage; readonly mayStop: boolean }) {
  const { running, waiting } = page;
  if (running !== null) {
    return (
      <>
        <RunProgress
          key={running.id}
          runId={running.id}
          isDryRun={running.isDryRun}
          known={null}
          mayStop={mayStop}
        />
        <RunLink run={running}>Look at this run</RunLink>
      </>
    );
  }
  if (waiting === null) return null;
  return (
    <section className="run-progress" aria-label="The import that waits">
      <div className="run-progress-head">
        <p>
          <strong>{waiting.isDryRun ? 'A dry run waits' : 'An import waits'}</strong> for a free
          worker{waiting.requestedBy !== null && `, asked for by ${waiting.requestedBy}`} …
        </p>
        {mayStop && <StopButton />}
      </div>
    </section>
  );
}

function ImportDays() {
  const domain = useDomain();
  const { data, error, refetch } = useQuery(importDaysQuery(domain));
  const last = data?.days.findLast(({ run }) => run !== null)?.run ?? null;
  return (
    <section aria-labelledby="nights-title">
      <h2 className="section-title" id="nights-title">
        The last 90 nights
      </h2>
      {error && data === undefined && (
        <ProblemNotice
          title="The nights could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && data === undefined && <Skeleton height={260} radius="md" />}
      {data && (
        <>
          {last && <LastRun run={last} />}
          <ImportCalendar days={data.days} />
        </>
      )}
    </section>
  );
}

/** The last night in one line, with the way to all about it. */
function LastRun({ run }: { readonly run: ImportRun }) {
  return (
    <p className="last-run" data-tone={run.state}>
      The night of <time dateTime={run.importDate}>{formatDay(run.importDate)}</time> –{' '}
      {formatRun(run)}.{' '}
      {run.failure !== null && <span className="block">{run.failure.message}</span>}
      <RunLink run={run}>What happened that night</RunLink>
    </p>
  );
}

const RunLink = ({ run, children }: { readonly run: ImportRun; readonly children: string }) => {
  const domain = useDomain();
  return (
    <Link
      to="/a/$domain/imports/$runId"
      params={{ domain, runId: `${run.id}` }}
      className="run-more"
    >
      {children}
    </Link>
  );
};

function RunList({ page }: { readonly page: ImportPage }) {
  const domain = useDomain();
  const navigate = useNavigate();
  const pages = Math.ceil(page.total / runsPerPage);
  if (page.runs.length === 0) {
    return (
      <div className="empty">
        <strong>{page.total === 0 ? 'No import yet' : 'No older run'}</strong>
        <p className="quiet">Runs appear here as soon as they begin.</p>
      </div>
    );
  }
  return (
    <>
      <table className="run-table">
        <caption className="visually-hidden">Import runs, the latest first</caption>
        <thead>
          <tr>
            <th scope="col">Night</th>
            <th scope="col">How it ended</th>
            <th scope="col" className="number">
              Added
            </th>
            <th scope="col" className="number">
              Changed
            </th>
            <th scope="col" className="number">
              Took
            </th>
            <th scope="col">Started</th>
          </tr>
        </thead>
        <tbody>
          {page.runs.map((run) => (
            <RunRow key={run.id} run={run} />
          ))}
        </tbody>
      </table>
      {pages > 1 && (
        <nav aria-label="Pages" className="pages">
          <Pagination
            total={pages}
            value={page.page}
            onChange={(next) =>
              void navigate({
                to: '/a/$domain/imports',
                params: { domain },
                search: next > 1 ? { page: next } : {},
                resetScroll: false,
              })
            }
            getItemProps={(item) => ({ 'aria-label': `Page ${item}` })}
            getControlProps={(control) => ({ 'aria-label': `${control} page` })}
            size="sm"
            siblings={1}
          />
        </nav>
      )}
    </>
  );
}

const orDash = (count: number | null): string => (count === null ? '–' : formatCount(count));

/** What the other columns say, for a narrow screen. */
function formatCounts({ counts, seconds }: ImportRun): string {
  const parts = [
    counts.added ? `${formatCount(counts.added)} added` : '',
    counts.changed ? `${formatCount(counts.changed)} changed` : '',
    seconds === null ? '' : formatSeconds(seconds),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function RunRow({ run }: { readonly run: ImportRun }) {
  const domain = useDomain();
  const { timeZone } = useDistrict();
  const started = formatInstant(run.startedAt, timeZone);
  return (
    <tr>
      <th scope="row">
        <Link
          to="/a/$domain/imports/$runId"
          params={{ domain, runId: `${run.id}` }}
          className="row-link"
        >
          {formatDay(run.importDate)}
        </Link>
      </th>
      <td>
        <StateMark run={run} />
        {run.isDryRun && run.state !== 'planned' && <span className="quiet"> dry run</span>}
        <span className="run-row-more">
          {started}
          <span className="block">{formatCounts(run)}</span>
        </span>
      </td>
      <td className="number">{orDash(run.counts.added)}</td>
      <td className="number">{orDash(run.counts.changed)}</td>
      <td className="number">{run.seconds === null ? '…' : formatSeconds(run.seconds)}</td>
      <td className="run-row-started">
        <time dateTime={run.startedAt}>{started}</time>{' '}
        <span className="quiet">{formatOrigin(run)}</span>
      </td>
    </tr>
  );
}
