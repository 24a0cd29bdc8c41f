/** The page of one student: name, status and the tabs of the record, each with its own address. */
import '@mantine/core/styles/Tabs.css';

import { Skeleton, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useChildMatches, useNavigate, useParams } from '@tanstack/react-router';

import type { Student } from '../../../src/contract/students/students.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { ApiError } from '../../api/api-client.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { studentQuery } from './record-queries.ts';
import { listTabs } from './record-tabs.ts';
import { StudentHeader } from './student-header.tsx';
import './record.css';

export function StudentScreen() {
  const { domain, studentId } = useParams({ from: '/signed-in/a/$domain/students/$studentId' });
  const { data: student, error, refetch } = useQuery(studentQuery(domain, studentId));
  return (
    <div className="screen">
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link to="/a/$domain/students" params={{ domain }}>
          Students
        </Link>
      </nav>
      {student !== undefined && <StudentRecord student={student} />}
      {student === undefined && error !== null && (
        <StudentProblem error={error} onRetry={() => void refetch()} />
      )}
      {student === undefined && error === null && <StudentSkeleton />}
    </div>
  );
}

const StudentRecord = ({ student }: { readonly student: Student }) => (
  <>
    <StudentHeader student={student} />
    <RecordTabs />
  </>
);

/** Arrow keys, Home and End move between the tabs, which replaces the address in the browser's history. */
function RecordTabs() {
  const { domain, studentId } = useParams({ from: '/signed-in/a/$domain/students/$studentId' });
  const { data: session } = useQuery(sessionQuery);
  const navigate = useNavigate();
  const open = useChildMatches({
    select: (matches) => matches[0]?.pathname.split('/').at(-1) ?? 'details',
  });
  if (!session) return null;
  const tabs = listTabs(session.account.role);
  const show = (path: string | null) => {
    const tab = tabs.find((one) => one.path === path);
    if (tab === undefined) return;
    void navigate({
      to: `/a/$domain/students/$studentId/${tab.path}`,
      params: { domain, studentId },
      replace: true,
      resetScroll: false,
    });
  };
  return (
    <Tabs value={open} onChange={show} className="record-tabs">
      <Tabs.List aria-label="Parts of the record">
        {tabs.map(({ path, name }) => (
          <Tabs.Tab key={path} value={path}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={open} pt="md">
        <Outlet />
      </Tabs.Panel>
    </Tabs>
  );
}
interface StudentProblemProps {
  readonly error: Error;
  readonly onRetry: () => void;
}

function StudentProblem({ error, onRetry }: StudentProblemProps) {
  const isUnknown =
    error instanceof ApiError && (error.code === 'not-found' || error.code === 'bad-request');
  if (!isUnknown) {
    return (
      <>
        <ScreenTitle name="Student">Student</ScreenTitle>
        <ProblemNotice title="The record could not be loaded" error={error} onRetry={onRetry} />
      </>
    );
  }
  return (
    <>
      <ScreenTitle name="Not found">Student not found</ScreenTitle>
      <Text my="md">
        This student does not exist, or is at a school you’re not assigned to. Search for the
        student by name.
      </Text>
    </>
  );
}

function StudentSkeleton() {
  return (
    <div aria-busy="true">
      <output className="visually-hidden">Loading …</output>
      <Skeleton height={36} width="40%" mb="md" />
      <Skeleton height={18} width="25%" mb="xl" />
      <div className="record">
        <Skeleton height={380} radius="md" />
        <Skeleton height={380} radius="md" />
      </div>
    </div>
  );
}
