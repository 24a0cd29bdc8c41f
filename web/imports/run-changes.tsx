/** The students whom a run changed or would change, with their old and new values; numbers of each kind filter them. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';

import {
  type ImportPlanPage,
  type PlannedStudent,
  planRowsPerPage,
} from '../../src/contract/imports/import-changes.ts';
import type { ImportRunDetail } from '../../src/contract/imports/import-report.ts';
import type { PlanKind } from '../../src/contract/values.ts';
import { statusLabels } from '../../src/enrollment/enrollment-status.ts';
import { useDomain } from '../districts/district-query.ts';
import { SearchField } from '../shell/fields/search-field.tsx';
import { EmptyState } from '../shell/list-state.tsx';
import { Pager } from '../shell/pager.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { gradeName, listName } from '../students/person-name.ts';
import { planQuery, type PlanSearch } from './import-queries.ts';
import { formatCount } from './run-labels.ts';
import { listShownChanges } from './shown-changes.ts';

const kindLabels: Readonly<Record<PlanKind, string>> = {
  status: 'Status changes',
  missing: 'No longer in Skyward',
  added: 'Added',
  changed: 'Updated',
};
const kinds = Object.keys(kindLabels) as readonly PlanKind[];

interface RunChangesProps {
  readonly runId: string;
  /** Counts of all changes. */
  readonly counts: NonNullable<ImportRunDetail['plan']>;
  /** A dry run or held import: nothing was changed. */
  readonly isPlan: boolean;
}

/** Kind, search and page are in the page's address. */
export function RunChanges({ runId, counts, isPlan }: RunChangesProps) {
  const domain = useDomain();
  const navigate = useNavigate();
  const query = useSearch({ from: '/signed-in/a/$domain/imports/$runId' });
  const { data, error, isPlaceholderData, refetch } = useQuery(planQuery(domain, runId, query));
  const onQueryChange = (next: PlanSearch) =>
    void navigate({
      to: '/a/$domain/imports/$runId',
      params: { domain, runId },
      search: next,
      replace: true,
      resetScroll: false,
    });
  return (
    <section aria-labelledby="changes-title">
      <h2 className="section-title" id="changes-title" tabIndex={-1}>
        {isPlan ? 'Preview of changes' : 'Changes'}
      </h2>
      <KindFilter
        of={counts}
        counts={data?.counts ?? counts}
        chosen={query.kind}
        onChoose={(kind) => onQueryChange({ kind, search: query.search })}
      />
      <SearchField
        placeholder="Name or student number"
        label="Search the changes by name or student number"
        value={query.search ?? ''}
        onSearch={(search) =>
          onQueryChange({ kind: query.kind, search: search.trim() || undefined })
        }
      />
      {error && data === undefined && (
        <ProblemNotice
          title="Couldn’t load the changes"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && data === undefined && <Skeleton height={200} radius="md" />}
      {data && (
        <div aria-busy={isPlaceholderData}>
          <ChangeRows page={data} query={query} isPlan={isPlan} onQueryChange={onQueryChange} />
        </div>
      )}
    </section>
  );
}

interface KindFilterProps {
  /** Counts of all changes: a kind without any is not offered. */
  readonly of: Readonly<Record<PlanKind, number>>;
  /** Counts of the students that match the search. */
  readonly counts: Readonly<Record<PlanKind, number>>;
  readonly chosen: PlanKind | undefined;
  readonly onChoose: (kind: PlanKind | undefined) => void;
}

function KindFilter({ of, counts, chosen, onChoose }: KindFilterProps) {
  const all = kinds.reduce((sum, kind) => sum + counts[kind], 0);
  const isOffered = (kind: PlanKind) => of[kind] > 0 || kind === chosen;
  return (
    <fieldset className="run-numbers">
      <legend className="visually-hidden">Show</legend>
      <button
        type="button"
        className="run-number"
        aria-pressed={chosen === undefined}
        onClick={() => onChoose(undefined)}
      >
        <span className="run-number-count">{formatCount(all)}</span> All
      </button>
      {kinds.filter(isOffered).map((kind) => (
        <button
          key={kind}
          type="button"
          className="run-number"
          aria-pressed={chosen === kind}
          onClick={() => onChoose(chosen === kind ? undefined : kind)}
        >
          <span className="run-number-count">{formatCount(counts[kind])}</span> {kindLabels[kind]}
        </button>
      ))}
    </fieldset>
  );
}

interface ChangeRowsProps {
  readonly page: ImportPlanPage;
  readonly query: PlanSearch;
  readonly isPlan: boolean;
  readonly onQueryChange: (next: PlanSearch) => void;
}

function ChangeRows({ page, query, isPlan, onQueryChange }: ChangeRowsProps) {
  const total = query.kind
    ? page.counts[query.kind]
    : kinds.reduce((sum, kind) => sum + page.counts[kind], 0);
  const pages = Math.ceil(total / planRowsPerPage);
  if (page.rows.length === 0) {
    return (
      <EmptyState title="No matching students">
        {query.search === undefined && query.kind === undefined
          ? 'No student would change.'
          : 'You can search for part of a name or number. Remove a filter to see more.'}
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="plan-rows">
        {page.rows.map((student) => (
          <li key={student.position}>
            <ChangedStudent student={student} isPlan={isPlan} />
          </li>
        ))}
      </ul>
      <Pager
        page={page.page}
        pages={pages}
        onPage={(next) => onQueryChange({ ...query, page: next > 1 ? next : undefined })}
      />
    </>
  );
}

interface ChangedStudentProps {
  readonly student: PlannedStudent;
  readonly isPlan: boolean;
}

function ChangedStudent({ student, isPlan }: ChangedStudentProps) {
  const domain = useDomain();
  const { firstName, lastName, suffix } = student;
  const name = listName({ first: firstName, middle: null, last: lastName, suffix });
  const { first, more, isOnlyReason } = listShownChanges(student);
  const about = [
    student.studentNumber && `Student ID ${student.studentNumber}`,
    student.grade && gradeName(student.grade),
    student.schoolName,
  ].filter(Boolean);
  return (
    <>
      <p className="plan-head">
        {student.isKnown ? (
          <Link
            to="/a/$domain/students/$studentId"
            params={{ domain, studentId: `${student.studentId}` }}
          >
            {name}
          </Link>
        ) : (
          <strong>{name}</strong>
        )}{' '}
        <span className="quiet">{about.join(' · ')}</span>
      </p>
      <ChangeSummary student={student} isPlan={isPlan} />
      {isOnlyReason && <p>Status stays the same; another enrollment determines it.</p>}
      {first.length > 0 && <FieldChanges changes={first} />}
      {more.length > 0 && (
        <details className="plan-more">
          <summary>Show {more.length} more</summary>
          <FieldChanges changes={more} />
        </details>
      )}
    </>
  );
}

const FieldChanges = ({ changes }: { readonly changes: PlannedStudent['changes'] }) => (
  <dl className="plan-changes">
    {changes.map((change, index) => (
      <div key={`${change.record}-${change.recordId}-${change.field}-${index}`}>
        <dt>{change.label}</dt>
        <dd>
          <FromTo from={change.from ?? '–'} to={change.to ?? '–'} />
        </dd>
      </div>
    ))}
  </dl>
);

const FromTo = ({ from, to }: { readonly from: string; readonly to: string }) => (
  <>
    <span className="visually-hidden">from </span>
    <span className="plan-from">{from}</span>{' '}
    <span className="plan-arrow">
      <span aria-hidden>→</span>
      <span className="visually-hidden">to</span>
    </span>{' '}
    <span className="plan-to">{to}</span>
  </>
);

function ChangeSummary({ student, isPlan }: ChangedStudentProps) {
  const { kind, statusBefore, statusAfter } = student;
  const after = statusAfter === null ? '–' : statusLabels[statusAfter];
  switch (kind) {
    case 'added':
      return <p>{isPlan ? `Would be added as ${after}.` : `Added as ${after}.`}</p>;
    case 'missing':
      return (
        <p>
          No longer in Skyward.{' '}
          {statusBefore === statusAfter ? (
            `Status stays ${after}.`
          ) : (
            <StatusChange before={statusBefore} after={after} />
          )}
        </p>
      );
    case 'status':
      return (
        <p>
          <StatusChange before={statusBefore} after={after} />
        </p>
      );
    case 'changed':
    default:
      return null;
  }
}

const StatusChange = ({
  before,
  after,
}: {
  readonly before: PlannedStudent['statusBefore'];
  readonly after: string;
}) => (
  <>
    Status: <FromTo from={before === null ? '–' : statusLabels[before]} to={after} />
  </>
);
