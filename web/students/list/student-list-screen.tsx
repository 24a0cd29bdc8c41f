/** The student list: search, filters, order, columns, views, pages. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, type RefObject, Suspense, useRef } from 'react';

import { type StudentPage, studentListApi } from '../../../src/contract/students/student-list.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { apiAddress } from '../../api/api-client.ts';
import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { focusFirst } from '../../shell/data-table.tsx';
import { SearchField } from '../../shell/fields/search-field.tsx';
import { EmptyState } from '../../shell/list-state.tsx';
import { ListToolbar } from '../../shell/list-toolbar.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import {
  type TableSelection,
  useTableSelection,
  useWasSelected,
} from '../../shell/table-selection.tsx';
import { NewStudentButton } from '../manual/new-student-button.tsx';
import { useCaseload } from './caseload.ts';
import { ColumnPicker } from './column-picker.tsx';
import { hasFilters, listColumns, shownView, type StudentListSearch } from './list-address.ts';
import { ListFilters } from './list-filters.tsx';
import { ListPages } from './list-pages.tsx';
import { NoStudentsYet } from './no-students-yet.tsx';
import { pageSize, studentCountsQuery, studentListQuery, toFilter } from './list-queries.ts';
import './list.css';
import { SavedViews } from './saved-views.tsx';
import { StudentTable } from './student-table.tsx';
import { StudentViews, useScope } from './student-views.tsx';

const number = new Intl.NumberFormat('en-US');

/** Loaded with the first selection. */
const StudentSelectionBar = lazy(async () => ({
  default: (await import('./student-selection.tsx')).StudentSelectionBar,
}));

type ChangeQuery = (next: StudentListSearch) => void;

/** Keeps the whole query in the address, so a list can be bookmarked and shared. */
export function StudentListScreen() {
  const asked = useSearch({ from: '/signed-in/a/$domain/students' });
  const caseload = useCaseload();
  const query = { ...asked, view: shownView(asked, caseload?.size ?? 0) };
  const scope = useScope();
  const domain = useDomain();
  const navigate = useNavigate();
  const table = useRef<HTMLTableElement>(null);
  const { data: session } = useQuery(sessionQuery);
  const mayWrite = session != null && session.account.role !== 'read-only';
  const selection = useTableSelection();
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...studentListQuery(domain, query),
    // Until it is known whether there are own students.
    enabled: caseload !== undefined || asked.view !== undefined || hasFilters(asked),
  });
  const setQuery: ChangeQuery = (search) =>
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
        <div>
          <ScreenTitle name="Students">Students</ScreenTitle>
          <p className="list-scope">
            {scope !== '' && `${scope} · `}
            <output>{data ? formatCount(data) : 'Loading …'}</output>
          </p>
        </div>
        <NewStudentButton />
      </div>
      <StudentToolbar query={query} onQueryChange={setQuery} table={table} />
      {error && data === undefined ? (
        <ProblemNotice
          title="The list could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      ) : (
        <ListBody
          page={data}
          query={query}
          isStale={isPlaceholderData}
          onQueryChange={setQuery}
          table={table}
          selection={selection}
          mayWrite={mayWrite}
        />
      )}
    </div>
  );
}

interface StudentToolbarProps {
  readonly query: StudentListSearch;
  readonly onQueryChange: ChangeQuery;
  readonly table: RefObject<HTMLTableElement | null>;
}

function StudentToolbar({ query, onQueryChange, table }: StudentToolbarProps) {
  const domain = useDomain();
  const { today } = useDistrict();
  const { data: facets } = useQuery(studentCountsQuery(domain, query));
  // A changed query starts on its first page.
  const setFilters: ChangeQuery = (next) => onQueryChange({ ...next, page: undefined });
  const { page: _page, ...list } = toFilter(query);
  const columns = listColumns(query).join(',');
  const exportAddress = apiAddress(
    studentListApi.exportStudents.path,
    { domain },
    { ...list, columns },
  );
  const clear = () => onQueryChange({ view: query.view, sort: query.sort, columns: query.columns });
  return (
    <ListToolbar
      views={<StudentViews query={query} />}
      actions={
        <>
          <SavedViews query={query} onQueryChange={onQueryChange} />
          <ColumnPicker query={query} onQueryChange={onQueryChange} />
          <Button component="a" variant="default" size="sm" href={exportAddress} download>
            Export
          </Button>
        </>
      }
      search={
        <SearchField
          label="Search students by name, number, guardian, phone, e-mail, address, school or grade"
          placeholder="Name, number, guardian, phone, address …"
          value={query.search ?? ''}
          hasShortcut
          onSearch={(search) => setFilters({ ...query, search: search.trim() || undefined })}
          onLeave={() => focusFirst(table.current)}
        />
      }
      filters={
        <ListFilters query={query} facets={facets} today={today} onQueryChange={setFilters} />
      }
      onClear={hasFilters(query) ? clear : undefined}
    />
  );
}

interface ListBodyProps {
  readonly page: StudentPage | undefined;
  readonly query: StudentListSearch;
  readonly isStale: boolean;
  readonly onQueryChange: ChangeQuery;
  readonly table: RefObject<HTMLTableElement | null>;
  readonly selection: TableSelection;
  readonly mayWrite: boolean;
}

function ListBody(props: ListBodyProps) {
  const { page, query, isStale, onQueryChange, table, selection, mayWrite } = props;
  const wasSelected = useWasSelected(selection);
  if (page?.rows.length === 0)
    return <EmptyList page={page} query={query} onQueryChange={onQueryChange} />;
  return (
    <>
      <StudentTable
        ref={table}
        rows={page?.rows}
        columns={listColumns(query)}
        sort={query.sort}
        isSearch={query.search !== undefined}
        isStale={isStale}
        selection={selection}
        onSort={(sort) => onQueryChange({ ...query, sort, page: undefined })}
      />
      {page && (
        <ListPages
          page={query.page ?? 1}
          pages={Math.ceil(page.total / pageSize)}
          hasMore={page.hasMore && page.rows.length === pageSize}
          onPage={(next) => onQueryChange({ ...query, page: next > 1 ? next : undefined })}
        />
      )}
      {wasSelected && (
        <Suspense fallback={null}>
          <StudentSelectionBar
            selection={selection}
            query={query}
            page={page}
            mayWrite={mayWrite}
          />
        </Suspense>
      )}
    </>
  );
}

function EmptyList({
  page,
  query,
  onQueryChange,
}: Pick<ListBodyProps, 'query' | 'onQueryChange'> & { readonly page: StudentPage }) {
  if (page.total > 0) {
    return (
      <EmptyState
        title="This page is past the end of the list"
        action={
          <Button
            variant="default"
            size="xs"
            onClick={() => onQueryChange({ ...query, page: undefined })}
          >
            Show the first page
          </Button>
        }
      >
        There are fewer students than when this link was created.
      </EmptyState>
    );
  }
  if (query.view === 'mine' && !hasFilters(query)) {
    return (
      <EmptyState
        title="No students of your own yet"
        action={
          <Button variant="default" size="xs" onClick={() => onQueryChange({ view: 'all' })}>
            Show all students
          </Button>
        }
      >
        Select students in the list, and choose Add to My students. The list then opens with them.
      </EmptyState>
    );
  }
  return hasFilters(query) ? (
    <EmptyState
      title="No students found"
      action={
        <Button variant="default" size="xs" onClick={() => onQueryChange({ view: 'all' })}>
          Show all students
        </Button>
      }
    >
      {query.search === undefined
        ? 'Remove a filter to see more.'
        : 'Searched: names, student number, state ID, guardians, phones, e-mails, addresses, schools and grade (“grade 2”). Each word must match one of them; the beginning of a word is enough, and small typos in names are OK.'}
    </EmptyState>
  ) : (
    <NoStudentsYet />
  );
}

/** `1–25 of 64 students`; when not all were counted, `more than 5,000`. */
function formatCount({ total, hasMore, page, rows }: StudentPage): string {
  if (total === 0) return 'No students';
  const all = `${hasMore ? 'more than ' : ''}${number.format(total)}`;
  if (rows.length === 0) return `${all} students, none on this page`;
  const first = (page - 1) * pageSize + 1;
  const last = first + rows.length - 1;
  return total === rows.length && !hasMore
    ? `${all} ${total === 1 ? 'student' : 'students'}`
    : `${number.format(first)}–${number.format(last)} of ${all} students`;
}
