/** The list as a table; on a phone, each row is a card. */
import { Checkbox, Skeleton, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { KeyboardEvent, ReactNode, Ref } from 'react';

import { formatDay } from '../../../src/contract/day-format.ts';
import type { StudentColumn, StudentRow } from '../../../src/contract/students/student-list.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { useDomain } from '../../districts/district-query.ts';
import { gradeName, listName } from '../person-name.ts';
import { columnLabels } from './column-picker.tsx';
import type { SortText } from './list-address.ts';
import { MatchLine } from './match-line.tsx';
import type { StudentSelection } from './student-selection.tsx';
import { StatusBadge } from './status-badge.tsx';

const day = (value: string | null): ReactNode =>
  value === null ? '–' : <time dateTime={value}>{formatDay(value)}</time>;

const cells: Readonly<Record<StudentColumn, (student: StudentRow) => ReactNode>> = {
  name: (student) => <NameCell student={student} />,
  number: ({ studentNumber }) => studentNumber ?? '–',
  stateId: ({ stateId }) => stateId ?? '–',
  grade: ({ grade }) => grade ?? '–',
  school: ({ schoolName }) => schoolName ?? '–',
  homeroom: ({ homeroom }) => homeroom ?? '–',
  birthDate: ({ birthDate }) => day(birthDate),
  status: ({ status }) => (
    <span className="status-text">
      <span className="status-dot" data-status={status} />
      {statusLabels[status]}
    </span>
  ),
  changed: ({ changedOn: changedIn }) => day(changedIn),
};

function NameCell({ student }: { readonly student: StudentRow }) {
  const domain = useDomain();
  const place = [student.grade && gradeName(student.grade), student.schoolName].filter(Boolean);
  return (
    <div className="name-cell">
      <div className="name-line">
        <Link
          to="/a/$domain/students/$studentId"
          params={{ domain, studentId: `${student.id}` }}
          className="student-link"
        >
          {listName(student.name)}
        </Link>
        <StatusBadge status={student.status} reason={student.statusReason} />
        {student.isMissing && <span className="mark">No longer in Skyward</span>}
      </div>
      <MatchLine match={student.match} />
      <span className="name-more">
        {[student.studentNumber, ...place].filter(Boolean).join(' · ')}
      </span>
    </div>
  );
}

interface StudentTableProps {
  readonly rows: readonly StudentRow[];
  readonly columns: readonly StudentColumn[];
  readonly sort: SortText | undefined;
  readonly isSearch: boolean;
  /** Whether the rows are still those of the previous query. */
  readonly isStale: boolean;
  readonly onSort: (sort: SortText | undefined) => void;
  /** Present for users who may act on many students at once. */
  readonly selection: StudentSelection | undefined;
  readonly ref: Ref<HTMLTableElement>;
}

/** Arrow keys move between students; Enter opens the focused one. */
export function StudentTable({
  rows,
  columns,
  isStale,
  ref,
  selection,
  ...sorting
}: StudentTableProps) {
  return (
    <Table
      ref={ref}
      className="student-table"
      highlightOnHover
      aria-busy={isStale}
      data-stale={isStale}
      onKeyDown={moveByArrow}
    >
      <caption className="visually-hidden">{formatCaption(sorting)}</caption>
      <thead>
        <tr>
          {selection && <SelectAllHeading rows={rows} selection={selection} />}
          {columns.map((column) => (
            <SortHeading key={column} column={column} {...sorting} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            {selection && (
              <td data-column="choice">
                <Checkbox
                  size="sm"
                  aria-label={`Select ${listName(row.name)}`}
                  checked={selection.selected.has(row.id)}
                  onChange={(event) => selection.select([row], event.currentTarget.checked)}
                />
              </td>
            )}
            {columns.map((column) => (
              <td key={column} data-column={column}>
                {cells[column](row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function SelectAllHeading({
  rows,
  selection: { selected: chosen, select: choose },
}: Pick<StudentTableProps, 'rows'> & { readonly selection: StudentSelection }) {
  const selectedCount = rows.filter(({ id }) => chosen.has(id)).length;
  return (
    <th scope="col" data-column="choice">
      <Checkbox
        size="sm"
        aria-label="Select all students on this page"
        checked={selectedCount === rows.length}
        indeterminate={selectedCount > 0 && selectedCount < rows.length}
        onChange={(event) => choose(rows, event.currentTarget.checked)}
      />
    </th>
  );
}

type Sorting = Pick<StudentTableProps, 'sort' | 'isSearch' | 'onSort'>;

/** How the list is sorted; undefined for a search without an order, where the best matches come first. */
const sortedBy = ({ sort, isSearch }: Omit<Sorting, 'onSort'>): SortText | undefined =>
  sort ?? (isSearch ? undefined : 'name');

function formatCaption(sorting: Omit<Sorting, 'onSort'>): string {
  const sort = sortedBy(sorting);
  if (sort === undefined) return 'Students, best matches first';
  const column = sort.replace(/^-/, '') as StudentColumn;
  return `Students, by ${columnLabels[column].toLowerCase()}${sort === column ? '' : ', descending'}`;
}

/** Sorts by its column: ascending, then descending, then the default order. */
function SortHeading({ column, ...sorting }: Sorting & { readonly column: StudentColumn }) {
  const sort = sortedBy(sorting);
  const direction =
    sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : undefined;
  const next =
    direction === undefined
      ? column
      : direction === 'ascending'
        ? (`-${column}` as const)
        : undefined;
  return (
    <th scope="col" data-column={column} aria-sort={direction}>
      <button
        type="button"
        className="sort"
        onClick={() => sorting.onSort(next === 'name' && !sorting.isSearch ? undefined : next)}
      >
        {columnLabels[column]}
        <span aria-hidden className="sort-arrow">
          {direction === 'ascending' ? '▲' : direction === 'descending' ? '▼' : ''}
        </span>
      </button>
    </th>
  );
}

/** Focuses the first student of the list. */
export const focusFirst = (table: HTMLTableElement | null): void =>
  table?.querySelector<HTMLElement>('.student-link')?.focus();

function moveByArrow(event: KeyboardEvent<HTMLTableElement>): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('.student-link')];
  const at = links.findIndex((link) => link === event.target);
  const next = {
    ArrowDown: links[at + 1],
    ArrowUp: links[at - 1],
    Home: links[0],
    End: links.at(-1),
  }[event.key];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** Placeholder while the rows load. */
export function StudentTableSkeleton() {
  return (
    <div aria-hidden className="skeleton-rows">
      {Array.from({ length: 10 }, (_, index) => (
        <Skeleton key={index} height={28} radius="sm" />
      ))}
    </div>
  );
}
