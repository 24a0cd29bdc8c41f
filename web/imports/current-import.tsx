/**
 * The import that is queued, runs or has just ended, in one place from the request to the result.
 *
 * This folder has the screens of imports: history, runs, held imports, changes, issues.
 */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import type { ImportPage } from '../../src/contract/imports/import-runs.ts';
import { useDomain } from '../districts/district-query.ts';
import { CancelButton } from './import-buttons.tsx';
import { runQuery } from './import-queries.ts';
import { RunProgress } from './run-progress.tsx';
import { formatResult } from './run-result.ts';

interface CurrentImportProps {
  readonly page: ImportPage;
  readonly mayCancel: boolean;
}

/** The import that this screen follows from its request on. */
interface FollowedImport {
  readonly requestedAt: string | null;
  /** The latest run before the request; a short run starts and ends between two updates of the screen. */
  readonly runBefore: number;
  readonly runId: number | null;
}

/** Returns the import to follow after an update of the screen: the same, or one that was requested or started since. */
function follow(
  followed: FollowedImport | undefined,
  { running, waiting, runs }: ImportPage,
): FollowedImport | undefined {
  const requestedAt = waiting?.requestedAt ?? null;
  const latest = runs.find(({ state }) => state !== 'recalculated')?.id ?? 0;
  if (running !== null) {
    return followed?.runId === running.id
      ? followed
      : { requestedAt, runBefore: running.id - 1, runId: running.id };
  }
  if (waiting !== null && followed?.requestedAt !== requestedAt) {
    return { requestedAt, runBefore: latest, runId: null };
  }
  if (followed?.runId === null && latest > followed.runBefore) {
    return { ...followed, runId: latest };
  }
  return followed;
}

export function CurrentImport({ page, mayCancel }: CurrentImportProps) {
  const { running, waiting } = page;
  const [before, setFollowed] = useState<FollowedImport>();
  const followed = page.page === 1 ? follow(before, page) : before;
  if (followed !== before) setFollowed(followed);
  if (running !== null) {
    return (
      <>
        <RunProgress
          key={running.id}
          runId={running.id}
          isDryRun={running.isDryRun}
          known={null}
          mayCancel={mayCancel}
        />
        <RunLink id={running.id}>View progress</RunLink>
      </>
    );
  }
  const endedId = followed?.runId ?? null;
  // The job of a run ends shortly after the run.
  const hasEnded = waiting?.isTaken === true && endedId !== null;
  if (waiting !== null && !hasEnded) {
    return <WaitingImport waiting={waiting} mayCancel={mayCancel} />;
  }
  return endedId === null ? null : <EndedImport id={endedId} />;
}

interface WaitingImportProps {
  readonly waiting: NonNullable<ImportPage['waiting']>;
  readonly mayCancel: boolean;
}

function WaitingImport({ waiting, mayCancel }: WaitingImportProps) {
  const { isDryRun, isTaken, requestedBy } = waiting;
  return (
    <section className="run-progress" aria-label="Queued import">
      <div className="run-progress-head">
        <p>
          <strong>
            {isDryRun ? 'Dry run' : 'Import'} {isTaken ? 'starting' : 'queued'}
          </strong>
          {requestedBy !== null && ` by ${requestedBy}`}
        </p>
        {mayCancel && <CancelButton />}
      </div>
    </section>
  );
}

/** The result of the run that has just ended, with a link to what it changed or would change. */
function EndedImport({ id }: { readonly id: number }) {
  const { data: run } = useQuery(runQuery(useDomain(), `${id}`));
  if (run === undefined || run.state === 'running') return null;
  const hasPreview = run.plan !== null && (run.state === 'planned' || run.state === 'held');
  return (
    <output className="run-progress ended-import" data-tone={run.state}>
      <strong>{formatResult(run)}</strong>{' '}
      <RunLink id={id}>{hasPreview ? 'Preview of changes' : 'View import report'}</RunLink>
    </output>
  );
}

function RunLink({ id, children }: { readonly id: number; readonly children: string }) {
  return (
    <Link
      to="/a/$domain/imports/$runId"
      params={{ domain: useDomain(), runId: `${id}` }}
      className="run-more"
    >
      {children}
    </Link>
  );
}
