/** The list of students: search, status, pages. */
import { Button, Pagination, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';

import type { StudentPage } from '../../src/contract/students.ts';
import { useDomain } from '../districts/district-query.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { NewStudentButton } from './hand-kept/new-student-button.tsx';
import { StatusFilter } from './status-filter.tsx';
import { pageSize, type StudentListSearch, studentListQuery } from './student-queries.ts';
import { StudentSearch } from './student-search.tsx';
import { StudentTable, StudentTableSkeleton } from './student-table.tsx';

const number = new Intl.NumberFormat('en-US');

/** Search, status and page stand in the address, so that a list can be kept and sent. */
export function StudentListScreen() {
  const asked = useSearch({ from: '/signed-in/a/$domain/students' });
  const domain = useDomain();
  const navigate = useNavigate();
  const { data, error, isPlaceholderData, refetch } = useQuery(studentListQuery(domain, asked));
  const ask = (next: StudentListSearch) =>
    void navigate({
      to: '/a/$domain/students',
      params: { domain },
      search: next,
      replace: true,
      resetScroll: false,
    });
  return (
    <div className="screen">
      <ScreenTitle name="Students">Students</ScreenTitle>
      <div className="list-tools">
        <StudentSearch
          value={asked.search ?? ''}
          onSearch={(search) => ask({ search: search.trim() || undefined, status: asked.status })}
        />
        <StatusFilter
          counts={data?.counts}
          chosen={asked.status}
          onChoose={(status) => ask({ search: asked.search, status })}
        />
        <NewStudentButton />
      </div>
      <output className="list-count">{data ? countSentence(data) : 'Loading …'}</output>
      {error && data === undefined ? (
        <ProblemNotice
          title="The list could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      ) : (
        <ListBody page={data} asked={asked} isStale={isPlaceholderData} onAsk={ask} />
      )}
    </div>
  );
}

interface ListBodyProps {
  readonly page: StudentPage | undefined;
  readonly asked: StudentListSearch;
  readonly isStale: boolean;
  readonly onAsk: (next: StudentListSearch) => void;
}

function ListBody({ page, asked, isStale, onAsk }: ListBodyProps) {
  if (page === undefined) return <StudentTableSkeleton />;
  if (page.rows.length === 0) return <EmptyList asked={asked} onAsk={onAsk} />;
  const pages = Math.ceil(page.total / pageSize);
  return (
    <>
      <StudentTable rows={page.rows} isStale={isStale} />
      {pages > 1 && (
        <nav aria-label="Pages" className="pages">
          <Pagination
            total={pages}
            value={asked.page ?? 1}
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

function EmptyList({ asked, onAsk }: Pick<ListBodyProps, 'asked' | 'onAsk'>) {
  const isNarrowed = asked.search !== undefined || asked.status !== undefined;
  return (
    <div className="empty">
      <Text fw={600}>{isNarrowed ? 'No student fits' : 'No students yet'}</Text>
      <Text size="sm" className="quiet">
        {isNarrowed
          ? 'Part of a name or number is enough; accents and capitals do not matter.'
          : 'They appear here after the first nightly import.'}
      </Text>
      {isNarrowed && (
        <Button variant="default" size="xs" onClick={() => onAsk({})}>
          Show all students
        </Button>
      )}
    </div>
  );
}

function countSentence({ total, page, rows }: StudentPage): string {
  if (total === 0) return 'No students';
  if (rows.length === 0) return `${number.format(total)} students, none on this page`;
  const first = (page - 1) * pageSize + 1;
  const last = first + rows.length - 1;
  return total === rows.length
    ? `${number.format(total)} ${total === 1 ? 'student' : 'students'}`
    : `${number.format(first)}–${number.format(last)} of ${number.format(total)} students`;
}
