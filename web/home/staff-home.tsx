/** The home page for staff: documents that are due, and what has changed about the students of their schools. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { formatDay } from '../../src/contract/day-format.ts';
import type {
  EnrollmentMove,
  HomeDocument,
  HomeStudent,
  StaffHome as Home,
} from '../../src/contract/home.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import type { DocumentListSearch } from '../documents/document-queries.ts';
import { daysUntil } from '../shell/dates.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { gradeName, listName } from '../students/person-name.ts';
import { HomeCard, HomeItem, HomeList } from './home-card.tsx';
import { staffHomeQuery } from './home-queries.ts';
import { UpdateAll } from './update-all.tsx';

export function StaffHome() {
  const { data, error, refetch } = useQuery(staffHomeQuery(useDomain()));
  if (data === undefined) {
    return error ? (
      <ProblemNotice
        title="Couldn’t load the home page"
        error={error}
        onRetry={() => void refetch()}
      />
    ) : (
      <div className="home-grid" aria-busy>
        <Skeleton height={230} radius="md" />
        <Skeleton height={230} radius="md" />
      </div>
    );
  }
  return (
    <>
      <Scope />
      <div className="home-grid">
        <div className="home-column">
          <Documents home={data} />
          <ChangedStudents home={data} />
        </div>
        <div className="home-column">
          <Moves home={data} />
          <RecentStudents students={data.recentStudents} />
        </div>
      </div>
    </>
  );
}

const shownSchools = 3;

/** Whose students the page is about. */
function Scope() {
  const { schools } = useDistrict();
  const names = schools.map(({ name }) => name);
  if (names.length === 0) return null;
  return (
    <p className="home-scope">
      {names.length > shownSchools ? `${names.length} schools` : names.join(', ')}
    </p>
  );
}

function Documents({ home }: { readonly home: Home }) {
  const { overdue, dueThisWeek, infoChanged, ownsDocuments } = home;
  const owner = ownsDocuments ? { owner: 'me' } : {};
  const count = overdue.total + dueThisWeek.total + infoChanged.total;
  if (count === 0) {
    return (
      <HomeCard
        title={ownsDocuments ? 'My documents' : 'Documents'}
        aside={<AllDocuments search={owner} />}
      >
        <p className="quiet">No documents are due, and no student information has changed.</p>
      </HomeCard>
    );
  }
  return (
    <>
      <DocumentCard
        title="Overdue"
        tone="bad"
        list={overdue}
        search={{ ...owner, due: 'overdue' }}
      />
      <DocumentCard title="Due this week" list={dueThisWeek} search={{ ...owner, due: 'week' }} />
      <DocumentCard
        title="Student information changed"
        list={infoChanged}
        search={{ ...owner, changed: 'yes' }}
        action={ownsDocuments && <UpdateAll />}
      />
    </>
  );
}

function AllDocuments({ search }: { readonly search: DocumentListSearch }) {
  const domain = useDomain();
  return (
    <Link to="/a/$domain/documents" params={{ domain }} search={search}>
      All documents
    </Link>
  );
}

interface DocumentCardProps {
  readonly title: string;
  readonly tone?: 'bad';
  readonly list: Home['overdue'];
  readonly search: DocumentListSearch;
  readonly action?: ReactNode;
}

function DocumentCard({ title, tone, list, search, action }: DocumentCardProps) {
  const domain = useDomain();
  if (list.total === 0) return null;
  return (
    <HomeCard
      title={title}
      count={list.total}
      {...(tone && { tone })}
      aside={
        <>
          {list.total > list.rows.length && (
            <Link to="/a/$domain/documents" params={{ domain }} search={search}>
              See all
            </Link>
          )}
          {action}
        </>
      }
    >
      <HomeList empty="">
        {list.rows.map((document) => (
          <DocumentItem key={document.id} document={document} />
        ))}
      </HomeList>
    </HomeCard>
  );
}

function DocumentItem({
  document: { id, title, dueOn, student },
}: {
  readonly document: HomeDocument;
}) {
  const domain = useDomain();
  const { today } = useDistrict();
  return (
    <HomeItem
      link={
        <Link
          to="/a/$domain/documents/$documentId"
          params={{ domain, documentId: `${id}` }}
          className="home-item"
        >
          {listName(student.name)}: {title}
        </Link>
      }
    >
      {[formatPlace(student), dueOn === null ? '' : formatDue(today, dueOn)]
        .filter((part) => part !== '')
        .join(' · ')}
    </HomeItem>
  );
}

function formatDue(today: string, dueOn: string): string {
  const days = daysUntil(today, dueOn);
  const name = days === 0 ? 'today' : days === 1 ? 'tomorrow' : formatDay(dueOn);
  return days < 0 ? `Was due ${formatDay(dueOn)}` : `Due ${name}`;
}

const formatPlace = ({ grade, schoolName }: HomeStudent): string =>
  [grade === null ? '' : gradeName(grade), schoolName ?? '']
    .filter((part) => part !== '')
    .join(' · ');

function ChangedStudents({ home }: { readonly home: Home }) {
  const domain = useDomain();
  const { changedSince, changedStudents, ownStudents } = home;
  const { rows, total } = changedStudents;
  return (
    <HomeCard
      title={`${ownStudents > 0 ? 'My students' : 'Students'} changed since ${formatDay(changedSince)}`}
      count={total}
      aside={
        total > rows.length && (
          <Link
            to="/a/$domain/students"
            params={{ domain }}
            search={{
              changedSince: dayAfter(changedSince),
              view: ownStudents > 0 ? 'mine' : 'all',
            }}
          >
            See all
          </Link>
        )
      }
    >
      <HomeList
        empty={
          ownStudents > 0
            ? 'None of your students was updated.'
            : 'No student of your schools was updated.'
        }
      >
        {rows.map(({ student, labels, importDate }) => (
          <StudentItem key={student.id} student={student}>
            {formatLabels(labels)} · {formatDay(importDate)}
          </StudentItem>
        ))}
      </HomeList>
    </HomeCard>
  );
}

/** The list of students includes the day of its filter. */
function dayAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

const shownLabels = 3;

/** `Grade, Homeroom and 2 more`. */
function formatLabels(labels: readonly string[]): string {
  const more = labels.length - shownLabels;
  return more > 0
    ? `${labels.slice(0, shownLabels).join(', ')} and ${more} more`
    : labels.join(', ');
}

const moveLabels: Readonly<Record<EnrollmentMove, string>> = {
  new: 'New',
  returning: 'Returning',
  leaving: 'Leaving',
};

function Moves({ home: { moves } }: { readonly home: Home }) {
  return (
    <HomeCard title="New, returning and leaving students" count={moves.total}>
      <HomeList empty="No students came or left in the last two weeks.">
        {moves.rows.map(({ student, move, importDate }) => (
          <StudentItem key={student.id} student={student}>
            <span className="home-move" data-move={move}>
              {moveLabels[move]}
            </span>{' '}
            {formatPlace(student)} · {formatDay(importDate)}
          </StudentItem>
        ))}
      </HomeList>
    </HomeCard>
  );
}

function RecentStudents({ students }: { readonly students: readonly HomeStudent[] }) {
  const domain = useDomain();
  return (
    <HomeCard
      title="Recent students"
      aside={
        <Link to="/a/$domain/students" params={{ domain }} search={{ view: 'all' }}>
          All students
        </Link>
      }
    >
      <HomeList empty="Students whom you open are listed here.">
        {students.map((student) => (
          <StudentItem key={student.id} student={student}>
            {formatPlace(student)}
          </StudentItem>
        ))}
      </HomeList>
    </HomeCard>
  );
}

interface StudentItemProps {
  readonly student: HomeStudent;
  readonly children: ReactNode;
}

function StudentItem({ student, children }: StudentItemProps) {
  const domain = useDomain();
  return (
    <HomeItem
      link={
        <Link
          to="/a/$domain/students/$studentId"
          params={{ domain, studentId: `${student.id}` }}
          className="home-item"
        >
          {listName(student.name)}
        </Link>
      }
    >
      {children}
    </HomeItem>
  );
}
