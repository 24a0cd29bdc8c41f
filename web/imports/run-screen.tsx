/** One import run: its report, its failure or hold, and the actions on it. */
import './imports.css';
import './run.css';

import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';

import { formatDay, formatSchoolYear } from '../../src/contract/day-format.ts';
import { administers } from '../../src/contract/endpoint.ts';
import type { ImportRunDetail } from '../../src/contract/imports/import-report.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import { ApiError } from '../api/api-client.ts';
import { useDistrict } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { runQuery } from './import-queries.ts';
import { RetainedFields } from './retained-fields.tsx';
import { RunChanges } from './run-changes.tsx';
import { RunCounts } from './run-counts.tsx';
import { RunDetails } from './run-details.tsx';
import { OtherRun, RunFailure } from './run-failure.tsx';
import { RunIssues } from './run-issues.tsx';
import { formatOrigin, formatSeconds } from './run-labels.ts';
import { RunPermissions } from './run-permissions.tsx';
import { RunProgress } from './run-progress.tsx';
import { formatResult } from './run-result.ts';
import { RunStatuses } from './run-statuses.tsx';
import { UndoFacts } from './undo-wait.tsx';
import { UndoImport } from './undo-import.tsx';
import { StateMark } from './state-mark.tsx';

export function RunScreen() {
  const { domain, runId } = useParams({ from: '/signed-in/a/$domain/imports/$runId' });
  const { data: run, error, refetch } = useQuery(runQuery(domain, runId));
  return (
    <div className="screen run">
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link to="/a/$domain/imports" params={{ domain }}>
          Import history
        </Link>
      </nav>
      {run !== undefined && <Run run={run} />}
      {run === undefined && error !== null && (
        <RunError error={error} onRetry={() => void refetch()} />
      )}
      {run === undefined && error === null && (
        <div aria-busy="true">
          <output className="visually-hidden">Loading …</output>
          <Skeleton height={36} width="40%" mb="md" />
          <Skeleton height={320} radius="md" />
        </div>
      )}
    </div>
  );
}

function Run({ run }: { readonly run: ImportRunDetail }) {
  const { data: session } = useQuery(sessionQuery);
  const mayManage = session ? administers(session.account.role) : false;
  const { report, progress, failure } = run;
  const isPlan = run.state === 'planned' || run.state === 'held';
  return (
    <>
      <div className="run-head">
        <ScreenTitle name={formatTitle(run)}>{formatTitle(run)}</ScreenTitle>
        <StateMark run={run} />
      </div>
      {progress === null && <p className="run-result">{formatResult(run)}</p>}
      <RunFacts run={run} />
      {progress !== null && (
        <RunProgress
          runId={run.id}
          isDryRun={run.isDryRun}
          known={progress}
          mayCancel={mayManage}
        />
      )}
      {mayManage && run.state === 'published' && <UndoImport run={run} />}
      <UndoFacts run={run} />
      {failure !== null && <RunFailure run={run} failure={failure} mayManage={mayManage} />}
      {run.state === 'recalculated' && (
        <p>
          Enrollments started or ended with the date. Skyward was not read; statuses were determined
          from the enrollments of the last import.
        </p>
      )}
      <Changes run={run} />
      {report !== null && run.undo === null && <RunCounts run={run} report={report} />}
      {report !== null && report.problems.length > 0 && (
        <RunIssues runId={`${run.id}`} kinds={report.problems} />
      )}
      {report !== null && <RunPermissions fields={report.missingFields} />}
      {run.retainedFields.length > 0 && <RetainedFields run={run} mayAccept={mayManage} />}
      {report !== null && run.state !== 'recalculated' && run.undo === null && (
        <>
          <RunStatuses report={report} isPlan={isPlan} />
          <RunDetails run={run} report={report} />
        </>
      )}
    </>
  );
}

function formatTitle({ state, isDryRun, importDate, undo }: ImportRunDetail): string {
  if (undo !== null) {
    return `${isDryRun ? 'Preview of undoing' : 'Undo of'} the import of ${formatDay(undo.importDate)}`;
  }
  if (state === 'recalculated') return `Daily status update, ${formatDay(importDate)}`;
  return `${isDryRun ? 'Dry run' : 'Import'}, ${formatDay(importDate)}`;
}

function RunFacts({ run }: { readonly run: ImportRunDetail }) {
  const { timeZone } = useDistrict();
  return (
    <p className="run-facts">
      Started <time dateTime={run.startedAt}>{formatInstant(run.startedAt, timeZone)}</time>{' '}
      {formatOrigin(run)}
      {run.seconds !== null && `, took ${formatSeconds(run.seconds)}`}
      {run.schoolYear !== null && `, school year ${formatSchoolYear(run.schoolYear)}`}.
      {run.approvedRunId !== null && (
        <>
          {' '}
          It repeats an <OtherRun id={run.approvedRunId}>import that was on hold</OtherRun>.
        </>
      )}
    </p>
  );
}

/** The students whom the run changed, or would change. */
function Changes({ run }: { readonly run: ImportRunDetail }) {
  const isPlan = run.state === 'planned' || run.state === 'held';
  if (run.plan !== null) {
    const count = Object.values(run.plan).reduce((sum, each) => sum + each, 0);
    return count === 0 && !isPlan ? null : (
      <RunChanges runId={`${run.id}`} counts={run.plan} isPlan={isPlan} />
    );
  }
  const wouldChange = (run.counts.added ?? 0) + (run.counts.changed ?? 0);
  if (!isPlan || wouldChange + (run.report?.newlyMissing ?? 0) === 0) return null;
  return (
    <section>
      <h2 className="section-title">Preview of changes</h2>
      <p className="nothing">This preview has been deleted. Previews are kept for 30 days.</p>
    </section>
  );
}

function RunError({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const isUnknown =
    error instanceof ApiError && (error.code === 'not-found' || error.code === 'bad-request');
  return isUnknown ? (
    <>
      <ScreenTitle name="Not found">Import not found</ScreenTitle>
      <p>All imports are listed under Import history.</p>
    </>
  ) : (
    <>
      <ScreenTitle name="Import">Import</ScreenTitle>
      <ProblemNotice title="Couldn’t load the import" error={error} onRetry={onRetry} />
    </>
  );
}
