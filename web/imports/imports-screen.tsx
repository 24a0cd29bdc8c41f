/** The district's imports: the running one, the last one, the calendar and the list of all. */
import './imports.css';

import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';

import { formatDay } from '../../src/contract/day-format.ts';
import { administers } from '../../src/contract/endpoint.ts';
import { type ImportPage, type ImportRun, runsPerPage } from '../../src/contract/imports.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { Pager } from '../shell/pager.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { CurrentImport } from './current-import.tsx';
import { StartButtons } from './import-buttons.tsx';
import { importsQuery, importDaysQuery } from './import-queries.ts';
import { ImportCalendar } from './import-calendar.tsx';
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
      {data && <CurrentImport page={data} mayCancel={mayStart} />}
      <ImportDays />
      <h2 className="section-title">All imports</h2>
      {error && data === undefined && (
        <ProblemNotice
          title="Couldn’t load the imports"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && data === undefined && <Skeleton height={240} radius="md" />}
      {data && <RunList page={data} />}
    </div>
  );
}

function ImportDays() {
  const domain = useDomain();
  const { data, error, refetch } = useQuery(importDaysQuery(domain));
  const last = data?.days.findLast(({ run }) => run !== null)?.run ?? null;
  return (
    <section aria-labelledby="history-title">
      <h2 className="section-title" id="history-title">
        Import history
      </h2>
      {error && data === undefined && (
        <ProblemNotice
          title="Couldn’t load the import history"
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

/** The last import in one line, with a link to its report. */
function LastRun({ run }: { readonly run: ImportRun }) {
  return (
    <p className="last-run" data-tone={run.state}>
      <time dateTime={run.importDate}>{formatDay(run.importDate)}</time>: {formatRun(run)}{' '}
      {run.failure !== null && <span className="block">{run.failure.message}</span>}
      <RunLink run={run}>View import report</RunLink>
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
        <strong>{page.total === 0 ? 'No imports yet' : 'No older imports'}</strong>
        <p className="quiet">Imports are listed here as soon as they start.</p>
      </div>
    );
  }
  return (
    <>
      <table className="run-table">
        <caption className="visually-hidden">Imports, latest first</caption>
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col">Result</th>
            <th scope="col" className="number">
              Added
            </th>
            <th scope="col" className="number">
              Updated
            </th>
            <th scope="col" className="number">
              Duration
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
      <Pager
        page={page.page}
        pages={pages}
        onPage={(next) =>
          void navigate({
            to: '/a/$domain/imports',
            params: { domain },
            search: next > 1 ? { page: next } : {},
            resetScroll: false,
          })
        }
      />
    </>
  );
}

const orDash = (count: number | null): string => (count === null ? '–' : formatCount(count));

/** The other columns as one text, for a narrow screen. */
function formatCounts({ counts, seconds }: ImportRun): string {
  const parts = [
    counts.added ? `${formatCount(counts.added)} added` : '',
    counts.changed ? `${formatCount(counts.changed)} updated` : '',
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
