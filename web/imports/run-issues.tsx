/** The import issues of a run by kind, with advice and students. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import {
  type ProblemKindCount,
  problemsPerPage,
} from '../../src/contract/imports/import-issues.ts';
import { useDomain } from '../districts/district-query.ts';
import { Pager } from '../shell/pager.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { problemsQuery } from './import-queries.ts';
import { IssueList } from './issue-list.tsx';
import { formatCount } from './run-labels.ts';

interface RunIssuesProps {
  readonly runId: string;
  readonly kinds: readonly ProblemKindCount[];
}

export function RunIssues({ runId, kinds }: RunIssuesProps) {
  return (
    <section aria-labelledby="issues-title">
      <h2 className="section-title" id="issues-title">
        Import issues
      </h2>
      <div className="issue-kinds">
        {kinds.map((kind) => (
          <IssueKind key={kind.kind} runId={runId} kind={kind} />
        ))}
      </div>
    </section>
  );
}

/** Loads its students when it is opened. */
function IssueKind({ runId, kind }: { readonly runId: string; readonly kind: ProblemKindCount }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="issue-kind" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <strong>{formatCount(kind.count)}</strong> {kind.title}
      </summary>
      {kind.advice !== null && <p className="issue-advice">{kind.advice}</p>}
      {isOpen && <Issues runId={runId} kind={kind} />}
    </details>
  );
}

function Issues({ runId, kind }: { readonly runId: string; readonly kind: ProblemKindCount }) {
  const domain = useDomain();
  const [page, setPage] = useState(1);
  const { data, error, refetch } = useQuery(problemsQuery(domain, runId, kind.kind, page));
  if (error && data === undefined) {
    return (
      <ProblemNotice
        title="Couldn’t load the import issues"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  if (data === undefined) return <Skeleton height={80} radius="sm" />;
  const { rows, total, others } = data;
  return (
    <>
      <IssueList issues={rows} />
      {others > 0 && (
        <p className="quiet">
          {total > 0 ? 'And ' : ''}
          {formatCount(others)} {total > 0 ? 'more ' : ''}
          about students of other schools or not yet matched.
        </p>
      )}
      {others === 0 && kind.count > total && (
        <p className="quiet">Only the first {formatCount(total)} are listed.</p>
      )}
      <Pager
        page={page}
        pages={Math.ceil(total / problemsPerPage)}
        onPage={setPage}
        label={`Pages of ${kind.title}`}
      />
    </>
  );
}
