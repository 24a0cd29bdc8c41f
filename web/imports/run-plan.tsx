/** The preview of changes of a dry run or held import: the students and their old and new values. */
import { CloseButton, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';

import {
  type ImportPlanPage,
  type ImportRunDetail,
  type PlanKind,
  type PlannedStudent,
  planRowsPerPage,
} from '../../src/contract/imports.ts';
import { statusLabels } from '../../src/enrollment/enrollment-status.ts';
import { useDomain } from '../districts/district-query.ts';
import { SearchIcon } from '../shell/icons.tsx';
import { Pager } from '../shell/pager.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { planQuery, type PlanSearch } from './import-queries.ts';
import { formatCount } from './run-labels.ts';

const kindLabels: Readonly<Record<PlanKind, string>> = {
  status: 'Status changes',
  missing: 'No longer in Skyward',
  added: 'Added',
  changed: 'Updated',
};
const kinds = Object.keys(kindLabels) as readonly PlanKind[];

interface RunPlanProps {
  readonly runId: string;
  /** Counts of the whole plan. */
  readonly counts: NonNullable<ImportRunDetail['plan']>;
}

/** Kind, search and page are in the page's address. */
export function RunPlan({ runId, counts }: RunPlanProps) {
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
    <section aria-labelledby="plan-title">
      <h2 className="section-title" id="plan-title">
        Preview of changes
      </h2>
      <div className="list-tools">
        <PlanSearchField
          value={query.search ?? ''}
          onSearch={(search) =>
            onQueryChange({ kind: query.kind, search: search.trim() || undefined })
          }
        />
        <KindFilter
          counts={data?.counts ?? counts}
          chosen={query.kind}
          onChoose={(kind) => onQueryChange({ kind, search: query.search })}
        />
      </div>
      {error && data === undefined && (
        <ProblemNotice
          title="Couldn’t load the preview"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && data === undefined && <Skeleton height={200} radius="md" />}
      {data && (
        <div aria-busy={isPlaceholderData}>
          <PlanRows page={data} query={query} onQueryChange={onQueryChange} />
        </div>
      )}
    </section>
  );
}

/** Long enough to wait for the next letter, short enough to seem immediate. */
const debounceMs = 250;

interface PlanSearchFieldProps {
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

function PlanSearchField({ value, onSearch }: PlanSearchFieldProps) {
  const [text, setText] = useState(value);
  const search = useDebouncedCallback(onSearch, debounceMs);
  const change = (typed: string) => {
    setText(typed);
    search(typed);
  };
  return (
    <search className="student-search">
      <TextInput
        type="text"
        inputMode="search"
        maxLength={100}
        aria-label="Search the preview by name or student number"
        placeholder="Name or student number"
        leftSection={<SearchIcon />}
        rightSection={
          text !== '' && <CloseButton aria-label="Clear search" onClick={() => change('')} />
        }
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && change('')}
      />
    </search>
  );
}

interface KindFilterProps {
  readonly counts: Readonly<Record<PlanKind, number>>;
  readonly chosen: PlanKind | undefined;
  readonly onChoose: (kind: PlanKind | undefined) => void;
}

function KindFilter({ counts, chosen, onChoose }: KindFilterProps) {
  const all = kinds.reduce((sum, kind) => sum + counts[kind], 0);
  return (
    <fieldset className="status-filter">
      <legend className="visually-hidden">Show</legend>
      <button
        type="button"
        className="filter"
        aria-pressed={chosen === undefined}
        onClick={() => onChoose(undefined)}
      >
        All <span className="filter-count">{formatCount(all)}</span>
      </button>
      {kinds.map((kind) => (
        <button
          key={kind}
          type="button"
          className="filter"
          aria-pressed={chosen === kind}
          onClick={() => onChoose(kind)}
        >
          {kindLabels[kind]} <span className="filter-count">{formatCount(counts[kind])}</span>
        </button>
      ))}
    </fieldset>
  );
}

interface PlanRowsProps {
  readonly page: ImportPlanPage;
  readonly query: PlanSearch;
  readonly onQueryChange: (next: PlanSearch) => void;
}

function PlanRows({ page, query, onQueryChange }: PlanRowsProps) {
  const total = query.kind
    ? page.counts[query.kind]
    : kinds.reduce((sum, kind) => sum + page.counts[kind], 0);
  const pages = Math.ceil(total / planRowsPerPage);
  if (page.rows.length === 0) {
    return (
      <div className="empty">
        <strong>No matching students</strong>
        <p className="quiet">You can search for part of a name or number.</p>
      </div>
    );
  }
  return (
    <>
      <ul className="plan-rows">
        {page.rows.map((student) => (
          <li key={student.position}>
            <PlannedStudentRow student={student} />
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

function PlannedStudentRow({ student }: { readonly student: PlannedStudent }) {
  const domain = useDomain();
  const name =
    [student.lastName, student.firstName].filter(Boolean).join(', ') || 'Unnamed student';
  const about = [
    student.studentNumber && `Student ID ${student.studentNumber}`,
    student.grade && `grade ${student.grade}`,
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
      <PlanVerdict student={student} />
      {student.changes.length > 0 && (
        <dl className="plan-changes">
          {student.changes.map((change, index) => (
            <div key={`${change.record}-${change.recordId}-${change.field}-${index}`}>
              <dt>{change.label}</dt>
              <dd>
                <FromTo from={change.from ?? '–'} to={change.to ?? '–'} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

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

function PlanVerdict({ student }: { readonly student: PlannedStudent }) {
  const { kind, statusBefore, statusAfter } = student;
  const after = statusAfter === null ? '–' : statusLabels[statusAfter];
  switch (kind) {
    case 'added':
      return <p className="plan-verdict">Would be added as {after}.</p>;
    case 'missing':
      return <p className="plan-verdict">No longer in Skyward. Status stays {after}.</p>;
    case 'status':
      return (
        <p className="plan-verdict">
          Status:{' '}
          <FromTo from={statusBefore === null ? '–' : statusLabels[statusBefore]} to={after} />
        </p>
      );
    case 'changed':
    default:
      return null;
  }
}
