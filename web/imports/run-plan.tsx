/** The plan of a dry or held run to look through: who would change, from what to what. */
import { CloseButton, Pagination, Skeleton, TextInput } from '@mantine/core';
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
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { planQuery, type PlanSearch } from './import-queries.ts';
import { formatCount } from './run-labels.ts';

const kindLabels: Readonly<Record<PlanKind, string>> = {
  status: 'Status changes',
  missing: 'No longer delivered',
  added: 'Added',
  changed: 'Other values',
};
const kinds = Object.keys(kindLabels) as readonly PlanKind[];

interface RunPlanProps {
  readonly runId: string;
  /** Of the whole plan. */
  readonly counts: NonNullable<ImportRunDetail['plan']>;
}

/** Kind, search and page stand in the address. */
export function RunPlan({ runId, counts }: RunPlanProps) {
  const domain = useDomain();
  const navigate = useNavigate();
  const asked = useSearch({ from: '/signed-in/a/$domain/imports/$runId' });
  const { data, error, isPlaceholderData, refetch } = useQuery(planQuery(domain, runId, asked));
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
        The plan
      </h2>
      <div className="list-tools">
        <PlanSearchField
          value={asked.search ?? ''}
          onSearch={(search) =>
            onQueryChange({ kind: asked.kind, search: search.trim() || undefined })
          }
        />
        <KindFilter
          counts={data?.counts ?? counts}
          chosen={asked.kind}
          onChoose={(kind) => onQueryChange({ kind, search: asked.search })}
        />
      </div>
      {error && data === undefined && (
        <ProblemNotice
          title="The plan could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && data === undefined && <Skeleton height={200} radius="md" />}
      {data && (
        <div aria-busy={isPlaceholderData}>
          <PlanRows page={data} asked={asked} onAsk={onQueryChange} />
        </div>
      )}
    </section>
  );
}

/** Long enough for the next letter of a fast typist, short enough to seem immediate. */
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
        aria-label="Search the plan by name or student number"
        placeholder="Name or student number"
        leftSection={<SearchIcon />}
        rightSection={
          text !== '' && <CloseButton aria-label="Clear the search" onClick={() => change('')} />
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
      <legend className="visually-hidden">What would happen</legend>
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
  readonly asked: PlanSearch;
  readonly onAsk: (next: PlanSearch) => void;
}

function PlanRows({ page, asked, onAsk }: PlanRowsProps) {
  const total = asked.kind
    ? page.counts[asked.kind]
    : kinds.reduce((sum, kind) => sum + page.counts[kind], 0);
  const pages = Math.ceil(total / planRowsPerPage);
  if (page.rows.length === 0) {
    return (
      <div className="empty">
        <strong>Nobody of the plan fits</strong>
        <p className="quiet">Part of a name or number is enough.</p>
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
      {pages > 1 && (
        <nav aria-label="Pages" className="pages">
          <Pagination
            total={pages}
            value={page.page}
            onChange={(next) => onAsk({ ...asked, page: next > 1 ? next : undefined })}
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

function PlannedStudentRow({ student }: { readonly student: PlannedStudent }) {
  const domain = useDomain();
  const name =
    [student.lastName, student.firstName].filter(Boolean).join(', ') || 'Unnamed student';
  const about = [
    student.studentNumber && `No. ${student.studentNumber}`,
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
      return <p className="plan-verdict">No longer delivered; the record would stay, {after}.</p>;
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
