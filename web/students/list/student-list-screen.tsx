/** The list of students: search, filters, order, columns, views, pages. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type RefObject, useRef } from 'react';

import { exportStudents, type StudentPage } from '../../../src/contract/student-list.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { apiAddress } from '../../api/api-client.ts';
import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { EmptyState } from '../../shell/list-state.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { NewStudentButton } from '../hand-kept/new-student-button.tsx';
import { ColumnChoice } from './column-choice.tsx';
import { columnsOf, isNarrowed, statusesOf, type StudentListSearch } from './list-address.ts';
import { ListFilters } from './list-filters.tsx';
import { ListPages } from './list-pages.tsx';
import { pageSize, studentCountsQuery, studentListQuery } from './list-queries.ts';
import './list.css';
import { SavedViews } from './saved-views.tsx';
import { StatusFilter } from './status-filter.tsx';
import { ChoiceBar, type StudentChoice, useStudentChoice } from './student-choice.tsx';
import { StudentSearch } from './student-search.tsx';
import { focusFirst, StudentTable, StudentTableSkeleton } from './student-table.tsx';

const number = new Intl.NumberFormat('en-US');

type Ask = (next: StudentListSearch) => void;

/** Everything that is asked for stands in the address, so that a list can be kept and sent. */
export function StudentListScreen() {
  const asked = useSearch({ from: '/signed-in/a/$domain/students' });
  const domain = useDomain();
  const navigate = useNavigate();
  const table = useRef<HTMLTableElement>(null);
  const { data: session } = useQuery(sessionQuery);
  const mayWrite = session != null && session.account.role !== 'read-only';
  const choice = useStudentChoice();
  const { data, error, isPlaceholderData, refetch } = useQuery(studentListQuery(domain, asked));
  const ask: Ask = (search) =>
    void navigate({
      to: '/a/$domain/students',
      params: { domain },
      search,
      replace: true,
      resetScroll: false,
    });
  return (
    <div className="screen">
      <div className="screen-head">
        <ScreenTitle name="Students">Students</ScreenTitle>
        <NewStudentButton />
      </div>
      <ListTools asked={asked} onAsk={ask} table={table} />
      <output className="list-count">{data ? countSentence(data) : 'Loading …'}</output>
      {error && data === undefined ? (
        <ProblemNotice
          title="The list could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      ) : (
        <ListBody
          page={data}
          asked={asked}
          isStale={isPlaceholderData}
          onAsk={ask}
          table={table}
          choice={mayWrite ? choice : undefined}
        />
      )}
    </div>
  );
}

interface ListToolsProps {
  readonly asked: StudentListSearch;
  readonly onAsk: Ask;
  readonly table: RefObject<HTMLTableElement | null>;
}

function ListTools({ asked, onAsk, table }: ListToolsProps) {
  const domain = useDomain();
  const { today } = useDistrict();
  const { data: facets } = useQuery(studentCountsQuery(domain, asked));
  // Another question begins on its first page.
  const narrow: Ask = (next) => onAsk({ ...next, page: undefined });
  const { page: _page, ...list } = asked;
  return (
    <div className="list-tools student-tools">
      <StudentSearch
        value={asked.search ?? ''}
        onSearch={(search) => narrow({ ...asked, search: search.trim() || undefined })}
        onLeave={() => focusFirst(table.current)}
      />
      <div className="list-actions">
        <SavedViews asked={asked} onAsk={onAsk} />
        <ColumnChoice asked={asked} onAsk={onAsk} />
        <Button
          component="a"
          variant="default"
          size="sm"
          href={apiAddress(
            exportStudents.path,
            { domain },
            {
              ...list,
              columns: columnsOf(asked).join(','),
            },
          )}
          download
        >
          Export
        </Button>
      </div>
      <StatusFilter
        facets={facets}
        chosen={statusesOf(asked)}
        onChoose={(statuses) => narrow({ ...asked, status: statuses.join(',') || undefined })}
      />
      <div className="choices">
        <ListFilters asked={asked} facets={facets} today={today} onAsk={narrow} />
        {isNarrowed(asked) && (
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => onAsk({ sort: asked.sort, columns: asked.columns })}
          >
            Clear filters
          </Button>
        )}
      </div>
    </div>
  );
}

interface ListBodyProps {
  readonly page: StudentPage | undefined;
  readonly asked: StudentListSearch;
  readonly isStale: boolean;
  readonly onAsk: Ask;
  readonly table: RefObject<HTMLTableElement | null>;
  /** Absent: the person changes nothing. */
  readonly choice: StudentChoice | undefined;
}

function ListBody({ page, asked, isStale, onAsk, table, choice }: ListBodyProps) {
  if (page === undefined) return <StudentTableSkeleton />;
  if (page.rows.length === 0) return <EmptyList page={page} asked={asked} onAsk={onAsk} />;
  return (
    <>
      <StudentTable
        ref={table}
        rows={page.rows}
        columns={columnsOf(asked)}
        sort={asked.sort}
        isSearch={asked.search !== undefined}
        isStale={isStale}
        choice={choice}
        onSort={(sort) => onAsk({ ...asked, sort, page: undefined })}
      />
      <ListPages
        page={asked.page ?? 1}
        pages={Math.ceil(page.total / pageSize)}
        isMore={page.isMore && page.rows.length === pageSize}
        onPage={(next) => onAsk({ ...asked, page: next > 1 ? next : undefined })}
      />
      {choice && <ChoiceBar choice={choice} asked={asked} page={page} />}
    </>
  );
}

function EmptyList({
  page,
  asked,
  onAsk,
}: Pick<ListBodyProps, 'asked' | 'onAsk'> & { readonly page: StudentPage }) {
  if (page.total > 0) {
    return (
      <EmptyState
        title="This page is past the end of the list"
        action={
          <Button variant="default" size="xs" onClick={() => onAsk({ ...asked, page: undefined })}>
            Show the first page
          </Button>
        }
      >
        There are fewer students than when the address was made.
      </EmptyState>
    );
  }
  return isNarrowed(asked) ? (
    <EmptyState
      title="No student fits"
      action={
        <Button variant="default" size="xs" onClick={() => onAsk({})}>
          Show all students
        </Button>
      }
    >
      {asked.search === undefined
        ? 'Take a filter back to see more.'
        : 'The beginning of a name or number is enough; accents, capitals and small slips do not matter.'}
    </EmptyState>
  ) : (
    <EmptyState title="No students yet">
      They appear here after the first nightly import.
    </EmptyState>
  );
}

/** `1–25 of 64 students`; when not all were counted, `more than 5,000`. */
function countSentence({ total, isMore, page, rows }: StudentPage): string {
  if (total === 0) return 'No students';
  const all = `${isMore ? 'more than ' : ''}${number.format(total)}`;
  if (rows.length === 0) return `${all} students, none on this page`;
  const first = (page - 1) * pageSize + 1;
  const last = first + rows.length - 1;
  return total === rows.length && !isMore
    ? `${all} ${total === 1 ? 'student' : 'students'}`
    : `${number.format(first)}–${number.format(last)} of ${all} students`;
}
