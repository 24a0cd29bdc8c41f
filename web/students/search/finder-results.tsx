/**
 * The results below the search for students.
 *
 * This folder finds one student from anywhere.
 */
import { Link } from '@tanstack/react-router';
import { type MouseEvent, useEffect, useRef } from 'react';

import type { StudentRow } from '../../../src/contract/students/student-list.ts';
import { MatchLine } from '../list/match-line.tsx';
import { gradeName, listName } from '../person-name.ts';

/** What is shown of a student; those viewed before have no more. */
export type FoundStudent = Pick<StudentRow, 'id' | 'name' | 'grade' | 'schoolName'> &
  Partial<Pick<StudentRow, 'studentNumber' | 'match'>>;

interface FinderResultsProps {
  /** Of the list; each result has this and its number. */
  readonly id: string;
  readonly domain: string;
  readonly isOpen: boolean;
  /** Undefined while they load. */
  readonly rows: readonly FoundStudent[] | undefined;
  /** There are more students than rows. */
  readonly hasMore: boolean;
  readonly hasFailed: boolean;
  /** Empty: the rows are those that the user viewed last. */
  readonly search: string;
  /** Number of the result that Enter opens. */
  readonly active: number;
  readonly onOpen: () => void;
}

export function FinderResults({
  id,
  domain,
  isOpen,
  rows,
  hasMore,
  hasFailed,
  search,
  active,
  onOpen,
}: FinderResultsProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const option = (number: number) => ({
    role: 'option',
    id: `${id}-${number}`,
    'aria-selected': number === active,
    tabIndex: -1,
    className: 'finder-option',
    // The field keeps the focus.
    onMouseDown: (event: MouseEvent) => event.preventDefault(),
    onClick: onOpen,
  });
  return (
    <div className="finder-results" hidden={!isOpen}>
      <output className="finder-state">{isOpen && formatState(rows, hasFailed)}</output>
      {isOpen && search === '' && <p className="finder-heading">Recently viewed</p>}
      {/* A `select` can’t have several lines in an option, nor links. */}
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role */}
      <div role="listbox" aria-label="Students" id={id} ref={list}>
        {isOpen &&
          rows?.map((row, number) => (
            <Link
              key={row.id}
              {...option(number)}
              to="/a/$domain/students/$studentId"
              params={{ domain, studentId: `${row.id}` }}
            >
              <span className="finder-name">{listName(row.name)}</span>
              <span className="finder-line">{describe(row)}</span>
              <MatchLine match={row.match ?? null} />
            </Link>
          ))}
        {isOpen && rows !== undefined && hasMore && (
          <Link
            {...option(rows.length)}
            to="/a/$domain/students"
            params={{ domain }}
            search={{ search }}
          >
            <span className="finder-all">See all results for “{search}”</span>
          </Link>
        )}
      </div>
    </div>
  );
}

/** Announced to screen readers; visible without results. */
function formatState(rows: readonly FoundStudent[] | undefined, hasFailed: boolean) {
  if (hasFailed) return 'The search failed. Keep typing to try again.';
  if (rows === undefined) return 'Searching …';
  if (rows.length === 0)
    return 'No students found. You can search by name, student number, guardian or phone.';
  return (
    <span className="visually-hidden">
      {rows.length === 1 ? '1 student' : `${rows.length} students`}
    </span>
  );
}

/** `Grade 7 · Cedar Creek Middle · 104200`. */
const describe = ({ grade, schoolName, studentNumber }: FoundStudent): string =>
  [grade === null ? null : gradeName(grade), schoolName, studentNumber]
    .filter((part) => part != null)
    .join(' · ');
