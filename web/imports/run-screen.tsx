/** One import run: its report, its failure or hold, and the actions on it. */
import './imports.css';

import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';

import { formatDay, formatSchoolYear } from '../../src/contract/day-format.ts';
import { administers } from '../../src/contract/endpoint.ts';
import type { ImportRunDetail } from '../../src/contract/imports.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import { ApiError } from '../api/api-client.ts';
import { useDistrict } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { HeldReview } from './held-review.tsx';
import { runQuery } from './import-queries.ts';
import { RetainedFields } from './retained-fields.tsx';
import { RunPlan } from './run-plan.tsx';
import { RunProblems } from './run-problems.tsx';
import { RunProgress } from './run-progress.tsx';
import { RunReport } from './run-report.tsx';
import { formatCount, formatSeconds, formatOrigin } from './run-labels.ts';
import { StateMark } from './state-mark.tsx';

export function RunScreen() {
  const { domain, runId } = useParams({ from: '/signed-in/a/$domain/imports/$runId' });
  const { data: run, error, refetch } = useQuery(runQuery(domain, runId));
  return (
    <div className="screen">
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link to="/a/$domain/imports" params={{ domain }}>
          Imports
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
  return (
    <>
      <div className="run-head">
        <ScreenTitle name={formatTitle(run)}>{formatTitle(run)}</ScreenTitle>
        <StateMark run={run} />
      </div>
      <RunFacts run={run} />
      {run.progress !== null && (
        <RunProgress
          runId={run.id}
          isDryRun={run.isDryRun}
          known={run.progress}
          mayCancel={mayManage}
        />
      )}
      {run.failure !== null && <Failure run={run} failure={run.failure} />}
      {run.needsReview && mayManage && <HeldReview run={run} />}
      {run.retainedFields.length > 0 && <RetainedFields run={run} mayAccept={mayManage} />}
      {run.state === 'recalculated' && (
        <p>
          The date changed, so enrollments started or ended: the status of{' '}
          {formatCount(run.counts.changed ?? 0)} {run.counts.changed === 1 ? 'student' : 'students'}
          , or the reason for it, changed. Skyward was not read; statuses were determined from the
          enrollments of the last import.
        </p>
      )}
      {run.report !== null && run.state !== 'recalculated' && (
        <RunReport run={run} report={run.report}>
          {run.report.problems.length > 0 && (
            <RunProblems runId={`${run.id}`} report={run.report} />
          )}
        </RunReport>
      )}
      <PlanPart run={run} />
    </>
  );
}

function formatTitle({ state, isDryRun, importDate }: ImportRunDetail): string {
  if (state === 'recalculated') return `Daily status update, ${formatDay(importDate)}`;
  return `${isDryRun ? 'Dry run' : 'Import'}, ${formatDay(importDate)}`;
}

function RunFacts({ run }: { readonly run: ImportRunDetail }) {
  const { timeZone } = useDistrict();
  return (
    <p className="run-facts">
      Started <time dateTime={run.startedAt}>{formatInstant(run.startedAt, timeZone)}</time>{' '}
      {formatOrigin(run)}
      {run.seconds !== null && `, import time ${formatSeconds(run.seconds)}`}
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

function OtherRun({ id, children }: { readonly id: number; readonly children: string }) {
  const { domain } = useDistrict();
  return (
    <Link to="/a/$domain/imports/$runId" params={{ domain, runId: `${id}` }}>
      {children}
    </Link>
  );
}

/** Why the run failed or is on hold, what to do, and its review. */
function Failure({
  run,
  failure,
}: {
  readonly run: ImportRunDetail;
  readonly failure: NonNullable<ImportRunDetail['failure']>;
}) {
  const { timeZone } = useDistrict();
  const { review } = run;
  const isHold = run.state === 'held' || run.state === 'planned';
  return (
    <section className="run-failure" data-tone={isHold ? 'held' : 'failed'} aria-label="Why">
      <p>
        {run.state === 'planned' && <strong>An import would be put on hold. </strong>}
        <strong>{failure.message}</strong>
      </p>
      {failure.advice !== null && <p>{failure.advice}</p>}
      <p className="quiet">
        <Link to="/help/$page" params={{ page: 'problems' }} hash={failure.code}>
          More about this error
        </Link>
      </p>
      {run.report?.recalculated !== null && run.report !== null && (
        <p className="quiet">Statuses were still updated for the date.</p>
      )}
      {review !== null && (
        <p className="run-review">
          {review.outcome === 'approved' ? 'Approved' : 'Discarded'} by {review.by} on{' '}
          <time dateTime={review.at}>{formatInstant(review.at, timeZone)}</time>: “{review.reason}”
          {run.repeatedByRunId !== null && (
            <>
              {' '}
              <OtherRun id={run.repeatedByRunId}>View the repeated import</OtherRun>
            </>
          )}
        </p>
      )}
      {run.state === 'held' && review === null && !run.needsReview && (
        <p className="quiet">A later import has superseded this one. No review is needed.</p>
      )}
    </section>
  );
}

/** The preview of changes of a dry run or held import. */
function PlanPart({ run }: { readonly run: ImportRunDetail }) {
  if (run.state !== 'planned' && run.state !== 'held') return null;
  if (run.plan !== null) return <RunPlan runId={`${run.id}`} counts={run.plan} />;
  const isEmpty = run.counts.added === 0 && run.counts.changed === 0;
  return (
    <section>
      <h2 className="section-title">Preview of changes</h2>
      <p className="nothing">
        {isEmpty && !run.report?.newlyMissing
          ? 'No students would change.'
          : 'This preview has been deleted. Previews are kept for 30 days.'}
      </p>
    </section>
  );
}

function RunError({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const isUnknown =
    error instanceof ApiError && (error.code === 'not-found' || error.code === 'bad-request');
  return isUnknown ? (
    <>
      <ScreenTitle name="Not found">Import not found</ScreenTitle>
      <p>All imports are listed under Imports.</p>
    </>
  ) : (
    <>
      <ScreenTitle name="Import">Import</ScreenTitle>
      <ProblemNotice title="Couldn’t load the import" error={error} onRetry={onRetry} />
    </>
  );
}
