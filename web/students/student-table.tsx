/** The rows of the list as a table; on a narrow screen the name's cell says the rest. */
import { Skeleton, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { createColumnHelper, flexRender, tableFeatures, useTable } from '@tanstack/react-table';

import type { StudentRow } from '../../src/contract/students.ts';
import { statusLabels } from '../../src/enrollment/enrollment-status.ts';
import { useDomain } from '../districts/district-query.ts';
import { formatDay } from '../shell/dates.ts';
import { gradeName, listName } from './person-name.ts';
import { StatusBadge } from './status-badge.tsx';

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, StudentRow>();

const columns = helper.columns([
  helper.accessor('name', {
    header: 'Name',
    cell: ({ row }) => <NameCell student={row.original} />,
  }),
  helper.accessor('studentNumber', { header: 'Number', cell: ({ getValue }) => getValue() ?? '–' }),
  helper.accessor('grade', { header: 'Grade', cell: ({ getValue }) => getValue() ?? '–' }),
  helper.accessor('schoolName', { header: 'School', cell: ({ getValue }) => getValue() ?? '–' }),
  helper.accessor('birthDate', {
    header: 'Born',
    cell: ({ getValue }) => {
      const day = getValue();
      return day === null ? '–' : <time dateTime={day}>{formatDay(day)}</time>;
    },
  }),
  helper.accessor('status', {
    header: 'Status',
    cell: ({ getValue }) => (
      <span className="status-text">
        <span className="status-dot" data-status={getValue()} />
        {statusLabels[getValue()]}
      </span>
    ),
  }),
]);

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
      </div>
      <span className="name-more">
        {[student.studentNumber, ...place].filter(Boolean).join(' · ')}
      </span>
    </div>
  );
}

interface StudentTableProps {
  readonly rows: readonly StudentRow[];
  /** The rows are those of the question before. */
  readonly isStale: boolean;
}

export function StudentTable({ rows, isStale }: StudentTableProps) {
  const table = useTable({ features, columns, data: rows, getRowId: (row) => `${row.id}` });
  return (
    <Table className="student-table" highlightOnHover aria-busy={isStale} data-stale={isStale}>
      <caption className="visually-hidden">Students, by last name</caption>
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => (
              <th key={header.id} scope="col" data-column={header.column.id}>
                {flexRender(header.column.columnDef.header, header.getContext())}
              </th>
            ))}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id}>
            {row.getAllCells().map((cell) => (
              <td key={cell.id} data-column={cell.column.id}>
                {flexRender(cell.column.columnDef.cell, cell.getContext())}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** Stands where the rows will be. */
export function StudentTableSkeleton() {
  return (
    <div aria-hidden className="skeleton-rows">
      {Array.from({ length: 10 }, (_, index) => (
        <Skeleton key={index} height={28} radius="sm" />
      ))}
    </div>
  );
}
