/** The data problems of a run by kind, with advice, students and places in Skyward. */
import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import {
  type ImportProblem,
  type ImportRunDetail,
  problemsPerPage,
} from '../../src/contract/imports.ts';
import { useDomain } from '../districts/district-query.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { problemsQuery } from './import-queries.ts';
import { formatCount, formatProblemKind } from './run-labels.ts';

interface RunProblemsProps {
  readonly runId: string;
  readonly report: NonNullable<ImportRunDetail['report']>;
}

type Kind = RunProblemsProps['report']['problems'][number];

export function RunProblems({ runId, report }: RunProblemsProps) {
  return (
    <section aria-labelledby="problems-title">
      <h2 className="section-title" id="problems-title">
        Import issues
      </h2>
      <div className="problem-kinds">
        {report.problems
          .toSorted((a, b) => b.count - a.count)
          .map((problem) => (
            <ProblemKind key={problem.kind} runId={runId} problem={problem} />
          ))}
      </div>
    </section>
  );
}

/** Loads its rows when it is opened. */
function ProblemKind({ runId, problem }: { readonly runId: string; readonly problem: Kind }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="problem-kind" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <strong>{formatCount(problem.count)}</strong>
        <span>{formatProblemKind(problem.kind)}</span>
      </summary>
      {problem.advice !== null && <p className="problem-advice">{problem.advice}</p>}
      {isOpen && <Places runId={runId} problem={problem} />}
    </details>
  );
}

function Places({ runId, problem }: { readonly runId: string; readonly problem: Kind }) {
  const domain = useDomain();
  const [page, setPage] = useState(1);
  const { data, error, refetch } = useQuery(problemsQuery(domain, runId, problem.kind, page));
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
  const pages = Math.ceil(data.total / problemsPerPage);
  return (
    <>
      <ul className="problem-places">
        {data.rows.map((row, index) => (
          // Rows of a run never change and have no other key than their position.
          <li key={`${page}-${index}`}>
            <Place row={row} />
          </li>
        ))}
      </ul>
      {data.others > 0 && (
        <p className="quiet">
          {data.total > 0 ? 'And ' : ''}
          {formatCount(data.others)} {data.total > 0 ? 'more ' : ''}
          about students of other schools or not yet matched.
        </p>
      )}
      {data.others === 0 && problem.count > data.total && (
        <p className="quiet">Only the first {formatCount(data.total)} are listed.</p>
      )}
      {pages > 1 && (
        <div className="problem-pages">
          <Button
            size="xs"
            variant="default"
            disabled={page === 1}
            onClick={() => setPage(page - 1)}
          >
            Previous
          </Button>
          <span>
            Page {page} of {pages}
          </span>
          <Button
            size="xs"
            variant="default"
            disabled={page >= pages}
            onClick={() => setPage(page + 1)}
          >
            Next
          </Button>
        </div>
      )}
    </>
  );
}

function Place({ row }: { readonly row: ImportProblem }) {
  const domain = useDomain();
  const { student } = row;
  const place = [
    row.object,
    row.field !== null && `field ${row.field}`,
    row.page !== null && `page ${row.page}`,
    row.row !== null && `row ${row.row}`,
    row.key !== null && `record ${row.key}`,
  ].filter((part) => part !== null && part !== false);
  return (
    <>
      {student !== null && (
        <Link
          to="/a/$domain/students/$studentId"
          params={{ domain, studentId: `${student.id}` }}
          className="problem-student"
        >
          {[student.lastName, student.firstName].filter(Boolean).join(', ') || 'Unnamed student'}
          {student.suffix !== null && ` ${student.suffix}`}
        </Link>
      )}
      <span className="problem-place">{place.join(', ')}</span>
      {/* For other kinds the advice above says the same. */}
      {row.page !== null && <span className="quiet">{row.message}</span>}
    </>
  );
}
