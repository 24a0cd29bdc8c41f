/** The students of a page, in the shared table. */
import type { Ref } from 'react';

import type { StudentColumn, StudentRow } from '../../../src/contract/students/student-list.ts';
import { DataTable } from '../../shell/data-table.tsx';
import type { TableSelection } from '../../shell/table-selection.tsx';
import { listName } from '../person-name.ts';
import { columnLabels } from './column-picker.tsx';
import type { SortText } from './list-address.ts';
import { formatSecondLine, toDataColumns } from './student-columns.tsx';

interface StudentTableProps {
  /** Undefined while they load. */
  readonly rows: readonly StudentRow[] | undefined;
  readonly columns: readonly StudentColumn[];
  readonly sort: SortText | undefined;
  readonly isSearch: boolean;
  /** Whether the rows are still those of the previous query. */
  readonly isStale: boolean;
  readonly onSort: (sort: SortText | undefined) => void;
  /** Present for users who may act on many students at once. */
  readonly selection: TableSelection | undefined;
  readonly ref: Ref<HTMLTableElement>;
}

export function StudentTable({ columns, sort, isSearch, onSort, ...table }: StudentTableProps) {
  // A search without an order has the best matches first.
  const sortedBy = sort ?? (isSearch ? undefined : 'name');
  return (
    <DataTable
      {...table}
      caption={formatCaption(sortedBy)}
      columns={toDataColumns(columns)}
      rowId={({ id }) => id}
      rowName={({ name }) => listName(name)}
      secondLine={formatSecondLine}
      empty={null}
      sort={sortedBy}
      onSort={(next) => onSort(next === 'name' && !isSearch ? undefined : next)}
    />
  );
}

function formatCaption(sort: SortText | undefined): string {
  if (sort === undefined) return 'Students, best matches first';
  const column = sort.replace(/^-/, '') as StudentColumn;
  return `Students, by ${columnLabels[column].toLowerCase()}${sort === column ? '' : ', descending'}`;
}
