/**
 * The one table of all lists: sorting, selection, keyboard, loading and empty states, two-line rows on a phone.
 *
 * This folder has what all screens share: frame, fields, notices, tables, dates.
 */
import { Checkbox, Skeleton, Table } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, type Ref, useState } from 'react';

import './data-table.css';
import type { TableSelection } from './table-selection.tsx';
import { nextSort, sortDirection, sortRows } from './table-sort.ts';

export interface DataColumn<Row, Key extends string = string> {
  readonly key: Key;
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
  /** Makes the column sortable: the list's owner sorts (`onSort`), or the table does, by this value. */
  readonly sort?: 'by-owner' | ((row: Row) => string | number | null);
  /** Left out where the table is too narrow for all columns; `first` already on a laptop. */
  readonly isMinor?: boolean | 'first';
  /** Stays in sight on a phone, at the end of the row, such as a menu or a badge. */
  readonly staysOnPhone?: boolean;
  /** Read by screen readers only, such as the heading of a menu. */
  readonly isLabelHidden?: boolean;
  readonly align?: 'start' | 'end';
  /** Cut off where the table is too narrow, so that a row keeps one line. */
  readonly isClipped?: boolean;
}

interface DataTableProps<Row, Key extends string, Id extends string | number> {
  /** For screen readers: `Students, by name`. */
  readonly caption: string;
  /** The first column names the row; its link with the class `row-link` opens it, from anywhere in the row. */
  readonly columns: readonly DataColumn<Row, Key>[];
  /** Undefined while they load. */
  readonly rows: readonly Row[] | undefined;
  readonly rowId: (row: Row) => Id;
  /** The second line of a row on a phone, where only the first column is shown. */
  readonly secondLine: (row: Row) => ReactNode;
  /** Shown instead of a table without rows: an `EmptyState`. */
  readonly empty: ReactNode;
  /** A column's key; a leading `-` means descending. */
  readonly sort?: string | undefined;
  /** Undefined is the default order. */
  readonly onSort?: (sort: Key | `-${Key}` | undefined) => void;
  /** Whether the rows are still those of the previous query. */
  readonly isStale?: boolean;
  /** Present where users may act on many rows at once. */
  readonly selection?: TableSelection<Id> | undefined;
  /** The row's name in `Select …`; needed for a selection. */
  readonly rowName?: (row: Row) => string;
  /** Marks a row for styles, as `data-tone`. */
  readonly rowTone?: (row: Row) => 'warning' | 'problem' | 'quiet' | undefined;
  readonly skeletonRows?: number;
  readonly ref?: Ref<HTMLTableElement>;
}

/** Arrow keys move between rows, Enter opens the focused one, Space selects it. */
export function DataTable<Row, Key extends string, Id extends string | number>(
  props: DataTableProps<Row, Key, Id>,
) {
  const { caption, columns, rows: given, rowId, empty, selection, isStale = false, ref } = props;
  const [ownSort, setOwnSort] = useState(props.onSort === undefined ? props.sort : undefined);
  const sort = props.onSort === undefined ? ownSort : props.sort;
  const rows = props.onSort === undefined ? sortBySelf(given, columns, sort) : given;
  if (rows?.length === 0) return empty;
  const ids = rows?.map(rowId) ?? [];
  return (
    <div className="data-table-frame">
      <Table
        ref={ref}
        className="data-table"
        stickyHeader
        stickyHeaderOffset="var(--sticky-top, 0px)"
        highlightOnHover={rows !== undefined}
        aria-busy={rows === undefined || isStale}
        data-stale={isStale}
        data-selectable={selection !== undefined}
        onKeyDown={moveByKey}
      >
        <caption className="visually-hidden">
          {rows === undefined ? `${caption}: loading …` : caption}
        </caption>
        <thead>
          <tr>
            {selection && <SelectAllHeading ids={ids} selection={selection} />}
            {columns.map((column) => (
              <Heading
                key={column.key}
                column={column}
                sort={sort}
                onSort={(next) =>
                  props.onSort === undefined ? setOwnSort(next) : props.onSort(next)
                }
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows === undefined ? (
            <SkeletonRows
              rows={props.skeletonRows ?? 12}
              columns={columns.length + (selection ? 1 : 0)}
            />
          ) : (
            rows.map((row) => <DataRow key={rowId(row)} row={row} {...props} />)
          )}
        </tbody>
      </Table>
    </div>
  );
}

function sortBySelf<Row, Key extends string>(
  rows: readonly Row[] | undefined,
  columns: readonly DataColumn<Row, Key>[],
  sort: string | undefined,
): readonly Row[] | undefined {
  const column = columns.find(({ key }) => sortDirection(sort, key) !== undefined);
  if (rows === undefined || typeof column?.sort !== 'function') return rows;
  return sortRows(rows, column.sort, sortDirection(sort, column.key) ?? 'ascending');
}

function DataRow<Row, Key extends string, Id extends string | number>({
  row,
  columns,
  rowId,
  rowName,
  rowTone,
  secondLine,
  selection,
}: DataTableProps<Row, Key, Id> & { readonly row: Row }) {
  const id = rowId(row);
  return (
    <tr data-tone={rowTone?.(row)}>
      {selection && (
        <td data-column="choice">
          <Checkbox
            size="xs"
            aria-label={`Select ${rowName?.(row) ?? id}`}
            checked={selection.selected.has(id)}
            onChange={(event) => selection.select([id], event.currentTarget.checked)}
          />
        </td>
      )}
      {columns.map((column, index) => (
        <Cell key={column.key} column={column} row={row}>
          {index === 0 && <div className="second-line">{secondLine(row)}</div>}
        </Cell>
      ))}
    </tr>
  );
}

interface CellProps<Row, Key extends string> {
  readonly column: DataColumn<Row, Key>;
  readonly row: Row;
  readonly children: ReactNode;
}

function Cell<Row, Key extends string>({ column, row, children }: CellProps<Row, Key>) {
  const content = column.cell(row);
  // What is cut off can be read by pointing at it.
  const title = column.isClipped && typeof content === 'string' ? content : undefined;
  return (
    <td title={title} {...columnAttributes(column)}>
      {content}
      {children}
    </td>
  );
}

const columnAttributes = <Row, Key extends string>(column: DataColumn<Row, Key>) => ({
  'data-column': column.key,
  'data-minor': column.isMinor || undefined,
  'data-phone': column.staysOnPhone || undefined,
  'data-align': column.align,
  'data-clipped': column.isClipped || undefined,
});

interface HeadingProps<Row, Key extends string> {
  readonly column: DataColumn<Row, Key>;
  readonly sort: string | undefined;
  readonly onSort: (sort: Key | `-${Key}` | undefined) => void;
}

/** Sorts by its column: ascending, then descending, then the default order. */
function Heading<Row, Key extends string>({ column, sort, onSort }: HeadingProps<Row, Key>) {
  const direction = sortDirection(sort, column.key);
  return (
    <th scope="col" aria-sort={direction} {...columnAttributes(column)}>
      {column.sort === undefined ? (
        <span className={column.isLabelHidden ? 'visually-hidden' : undefined}>{column.label}</span>
      ) : (
        <button type="button" className="sort" onClick={() => onSort(nextSort(sort, column.key))}>
          {column.label}
          <span aria-hidden className="sort-arrow">
            {direction === 'ascending' ? '▲' : direction === 'descending' ? '▼' : ''}
          </span>
        </button>
      )}
    </th>
  );
}

function SelectAllHeading<Id>({
  ids,
  selection: { selected, select },
}: {
  readonly ids: readonly Id[];
  readonly selection: TableSelection<Id>;
}) {
  const count = ids.filter((id) => selected.has(id)).length;
  return (
    <th scope="col" data-column="choice">
      <Checkbox
        size="xs"
        aria-label="Select all on this page"
        disabled={ids.length === 0}
        checked={count > 0 && count === ids.length}
        indeterminate={count > 0 && count < ids.length}
        onChange={(event) => select(ids, event.currentTarget.checked)}
      />
    </th>
  );
}

/** Placeholders in the place and height of the rows, so that nothing jumps. */
function SkeletonRows({ rows, columns }: { readonly rows: number; readonly columns: number }) {
  return Array.from({ length: rows }, (_, index) => (
    <tr key={index} aria-hidden className="skeleton-row">
      <td colSpan={columns}>
        <Skeleton height={14} radius="sm" width={`${92 - ((index * 17) % 40)}%`} />
      </td>
    </tr>
  ));
}

/** Focuses the first row of a table. */
export const focusFirst = (table: HTMLTableElement | null): void =>
  table?.querySelector<HTMLElement>('.row-link')?.focus();

function moveByKey(event: KeyboardEvent<HTMLTableElement>): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('.row-link')];
  const at = links.findIndex((link) => link === event.target);
  const link = links[at];
  if (link === undefined) return;
  if (event.key === ' ') {
    const checkbox = link.closest('tr')?.querySelector<HTMLElement>('[data-column="choice"] input');
    if (!checkbox) return;
    event.preventDefault();
    checkbox.click();
    return;
  }
  const next = {
    ArrowDown: links[at + 1],
    ArrowUp: links[at - 1],
    Home: links[0],
    End: links.at(-1),
  }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
