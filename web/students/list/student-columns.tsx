/** The columns of the student list, and what is in them. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { formatDay } from '../../../src/contract/day-format.ts';
import {
  type StudentColumn,
  type StudentRow,
} from '../../../src/contract/students/student-list.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { useDomain } from '../../districts/district-query.ts';
import type { DataColumn } from '../../shell/data-table.tsx';
import { gradeName, listName } from '../person-name.ts';
import { columnLabels } from './column-picker.tsx';
import { MatchLine } from './match-line.tsx';
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
  changed: ({ changedOn }) => day(changedOn),
};

const minorColumns: ReadonlySet<StudentColumn> = new Set(['stateId', 'homeroom', 'changed']);

/** Returns the chosen columns of the table. */
export const toDataColumns = (
  columns: readonly StudentColumn[],
): DataColumn<StudentRow, StudentColumn>[] =>
  columns.map((key) => ({
    key,
    label: columnLabels[key],
    cell: cells[key],
    sort: 'by-owner',
    isMinor: minorColumns.has(key),
    isClipped: key === 'school',
  }));

function NameCell({ student }: { readonly student: StudentRow }) {
  const domain = useDomain();
  return (
    <>
      <div className="name-line">
        <Link
          to="/a/$domain/students/$studentId"
          params={{ domain, studentId: `${student.id}` }}
          className="row-link"
        >
          {listName(student.name)}
        </Link>
        <StatusBadge status={student.status} reason={student.statusReason} />
        {student.isMissing && <span className="mark">No longer in Skyward</span>}
      </div>
      <MatchLine match={student.match} />
    </>
  );
}

/** What a phone shows below the name: `00020413 · Grade 2 · Juniper Hills Elementary`. */
export const formatSecondLine = ({ studentNumber, grade, schoolName }: StudentRow): string =>
  [studentNumber, grade && gradeName(grade), schoolName].filter(Boolean).join(' · ');
