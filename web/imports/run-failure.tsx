/** Why a run failed or is on hold, what to do about it, and the review. */
import { Alert, List } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { ImportRunDetail } from '../../src/contract/imports/import-report.ts';
import { useDistrict } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { HeldReview } from './held-review.tsx';
import { SupportDetails } from '../shell/support-details.tsx';

interface RunFailureProps {
  readonly run: ImportRunDetail;
  readonly failure: NonNullable<ImportRunDetail['failure']>;
  /** Administrators and technicians. */
  readonly mayManage: boolean;
}

export function RunFailure({ run, failure, mayManage }: RunFailureProps) {
  const isHold = run.state === 'held' || run.state === 'planned';
  const reasons = run.holdReasons;
  return (
    <Alert
      component="section"
      aria-label="Why"
      role={undefined}
      className="run-failure"
      color={isHold ? 'orange' : 'red'}
      variant="light"
      title={
        <span className="run-failure-title">
          {reasons.length > 1
            ? `There are ${reasons.length} reasons to review this import.`
            : failure.message}
        </span>
      }
    >
      {reasons.length > 1 && <Reasons reasons={reasons} />}
      {failure.advice !== null && <p>{failure.advice}</p>}
      {run.report !== null && run.report.recalculated !== null && (
        <p>Statuses were still updated for the date.</p>
      )}
      <Review run={run} />
      {run.needsReview && mayManage && <HeldReview run={run} />}
      {mayManage && (
        <SupportDetails>
          {failure.details !== null && <p>{failure.details}</p>}
          <p>
            Error code: {failure.code}.{' '}
            <Link to="/help/$page" params={{ page: 'problems' }} hash={failure.code}>
              More about this error
            </Link>
          </p>
        </SupportDetails>
      )}
    </Alert>
  );
}

/** Reasons shown before the rest is opened. */
const reasonsShown = 5;

/** The reasons of a hold, the worst first. */
function Reasons({ reasons }: { readonly reasons: readonly string[] }) {
  const others = reasons.slice(reasonsShown);
  return (
    <>
      <List spacing={4} size="sm">
        {reasons.slice(0, reasonsShown).map((reason) => (
          <List.Item key={reason}>{reason}</List.Item>
        ))}
      </List>
      {others.length > 0 && (
        <details>
          <summary>{others.length} more</summary>
          <List spacing={4} size="sm">
            {others.map((reason) => (
              <List.Item key={reason}>{reason}</List.Item>
            ))}
          </List>
        </details>
      )}
    </>
  );
}

function Review({ run }: { readonly run: ImportRunDetail }) {
  const { timeZone } = useDistrict();
  const { review, repeatedByRunId } = run;
  if (review === null) {
    return run.state === 'held' && !run.needsReview ? (
      <p>A later import has superseded this one. No review is needed.</p>
    ) : null;
  }
  return (
    <p>
      {review.outcome === 'approved' ? 'Approved' : 'Discarded'} by {review.by} on{' '}
      <time dateTime={review.at}>{formatInstant(review.at, timeZone)}</time>: “{review.reason}”
      {repeatedByRunId !== null && (
        <>
          {' '}
          <OtherRun id={repeatedByRunId}>View the repeated import</OtherRun>
        </>
      )}
    </p>
  );
}

export function OtherRun({ id, children }: { readonly id: number; readonly children: ReactNode }) {
  const { domain } = useDistrict();
  return (
    <Link to="/a/$domain/imports/$runId" params={{ domain, runId: `${id}` }}>
      {children}
    </Link>
  );
}
