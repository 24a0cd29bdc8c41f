/** The students on a user's list ("My students"), for administrators: add and remove them. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';

import type { ListedUser } from '../../../src/contract/accounts/users.ts';
import { focusFirst } from '../../shell/data-table.tsx';
import { SearchField } from '../../shell/fields/search-field.tsx';
import { EmptyState } from '../../shell/list-state.tsx';
import { NotFoundScreen } from '../../shell/not-found-screen.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { SelectionBar, useTableSelection } from '../../shell/table-selection.tsx';
import { useCaseloadChange } from '../../students/list/caseload.ts';
import { defaultColumns, type StudentListSearch } from '../../students/list/list-address.ts';
import { ListPages } from '../../students/list/list-pages.tsx';
import { pageSize, studentListQuery } from '../../students/list/list-queries.ts';
import '../../students/list/list.css';
import { StudentTable } from '../../students/list/student-table.tsx';
import { StudentPicker } from '../../students/student-picker.tsx';
import { usersQuery } from '../account-queries.ts';
import '../accounts.css';

export function UserStudentsScreen() {
  const { domain, accountId } = useParams({
    from: '/signed-in/a/$domain/users/$accountId/students',
  });
  const { data, error, refetch } = useQuery(usersQuery(domain));
  const user = data?.users.find(({ id }) => id === accountId);
  if (data !== undefined && user === undefined) return <NotFoundScreen />;
  return (
    <div className="screen">
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link to="/a/$domain/users" params={{ domain }}>
          Users
        </Link>
      </nav>
      {user !== undefined && <UserStudents user={user} />}
      {user === undefined && error !== null && (
        <ProblemNotice
          title="Couldn’t load the user"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
    </div>
  );
}

/** Fewer students than these are found by looking. */
const searchFrom = 10;

function UserStudents({ user }: { readonly user: ListedUser }) {
  const { domain } = useParams({ from: '/signed-in/a/$domain/users/$accountId/students' });
  const query = useSearch({ from: '/signed-in/a/$domain/users/$accountId/students' });
  const navigate = useNavigate();
  const table = useRef<HTMLTableElement>(null);
  const selection = useTableSelection();
  const change = useCaseloadChange();
  const owner = { id: user.id, name: user.name };
  const { data, error, isPlaceholderData, refetch } = useQuery(
    studentListQuery(domain, query, user.id),
  );
  const setQuery = (search: StudentListSearch) =>
    void navigate({
      to: '/a/$domain/users/$accountId/students',
      params: { domain, accountId: user.id },
      search,
      replace: true,
      resetScroll: false,
    });
  const remove = () =>
    change.mutate(
      { students: [...selection.selected], isAdded: false, owner },
      { onSuccess: selection.clear },
    );
  const title = `Students of ${user.name}`;
  return (
    <>
      <ScreenTitle name={title}>{title}</ScreenTitle>
      <p className="list-scope">
        <output>{data ? formatCount(data.total) : 'Loading …'}</output> · {user.name} sees them
        under My students.
      </p>
      <div className="user-students-tools">
        <StudentPicker
          label="Add a student"
          placeholder="Name or number"
          schools={user.role === 'administrator' ? null : user.schools}
          isEmptiedByChoice
          onChoose={(id) => {
            if (id !== null) change.mutate({ students: [id], isAdded: true, owner });
          }}
        />
        {((data?.total ?? 0) > searchFrom || query.search !== undefined) && (
          <SearchField
            label="Search students by name, number, guardian, phone, e-mail, address, school or grade"
            placeholder="Name, number, guardian, phone, address …"
            hasShortcut
            value={query.search ?? ''}
            onSearch={(search) =>
              setQuery({ ...query, search: search.trim() || undefined, page: undefined })
            }
            onLeave={() => focusFirst(table.current)}
          />
        )}
      </div>
      {error && data === undefined ? (
        <ProblemNotice
          title="The list could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      ) : data?.rows.length === 0 ? (
        <NoStudents query={query} onQueryChange={setQuery} />
      ) : (
        <>
          <StudentTable
            ref={table}
            rows={data?.rows}
            columns={defaultColumns}
            sort={query.sort}
            isSearch={query.search !== undefined}
            isStale={isPlaceholderData}
            selection={selection}
            onSort={(sort) => setQuery({ ...query, sort, page: undefined })}
          />
          {data && (
            <ListPages
              page={query.page ?? 1}
              pages={Math.ceil(data.total / pageSize)}
              hasMore={data.hasMore && data.rows.length === pageSize}
              onPage={(next) => setQuery({ ...query, page: next > 1 ? next : undefined })}
            />
          )}
        </>
      )}
      <SelectionBar label="Selected students" selection={selection}>
        <Button size="sm" loading={change.isPending} onClick={remove}>
          Remove from the list
        </Button>
      </SelectionBar>
    </>
  );
}

interface NoStudentsProps {
  readonly query: StudentListSearch;
  readonly onQueryChange: (query: StudentListSearch) => void;
}

function NoStudents({ query, onQueryChange }: NoStudentsProps) {
  if (query.search === undefined && query.page === undefined) {
    return (
      <EmptyState title="No students on this list yet">
        Add them above, or select students on the Students page and choose Student lists.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No students found"
      action={
        <Button variant="default" size="xs" onClick={() => onQueryChange({})}>
          Show the whole list
        </Button>
      }
    >
      Only students on this list are searched.
    </EmptyState>
  );
}

const formatCount = (total: number): string =>
  total === 1 ? '1 student' : `${total.toLocaleString('en-US')} students`;
