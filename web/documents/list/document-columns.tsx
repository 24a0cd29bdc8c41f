/**
 * The columns of tables of documents: of all students, and of one.
 *
 * This folder has the list of documents, and what is done with many at once.
 */
import { Link } from '@tanstack/react-router';

import { formatDay } from '../../../src/contract/day-format.ts';
import type {
  DocumentRow,
  documentSortColumns,
} from '../../../src/contract/documents/documents.ts';
import type { DataColumn } from '../../shell/data-table.tsx';
import { dayIn } from '../../shell/dates.ts';
import { gradeName, listName } from '../../students/person-name.ts';

export type DocumentColumn = (typeof documentSortColumns)[number];

/** What the cells need to know of the district. */
export interface DocumentTableContext {
  readonly domain: string;
  readonly timeZone: string;
  /** The district's date. */
  readonly today: string;
}

/** The columns of all documents; the list sorts by them. */
export function listDocumentColumns(
  context: DocumentTableContext,
): readonly DataColumn<DocumentRow, DocumentColumn>[] {
  return [
    {
      key: 'student',
      label: 'Student',
      cell: (row) => (
        <RowLink row={row} domain={context.domain}>
          {listName(row.student.name)}
          <span className="visually-hidden">: {row.title}</span>
        </RowLink>
      ),
      sort: 'by-owner',
    },
    {
      key: 'grade',
      label: 'Grade',
      cell: ({ student }) => student.grade ?? '–',
      sort: 'by-owner',
      isMinor: true,
    },
    {
      key: 'school',
      label: 'School',
      cell: ({ student }) => student.schoolName ?? '–',
      sort: 'by-owner',
      isMinor: true,
      isClipped: true,
    },
    {
      key: 'form',
      label: 'Form',
      cell: ({ title }) => title,
      sort: 'by-owner',
      isClipped: true,
    },
    ...listStateColumns(context),
  ];
}

/** The columns of one student's documents. */
export const listStudentDocumentColumns = (
  context: DocumentTableContext,
): readonly DataColumn<DocumentRow, DocumentColumn>[] => [
  {
    key: 'form',
    label: 'Document',
    cell: (row) => (
      <RowLink row={row} domain={context.domain}>
        {row.title}
      </RowLink>
    ),
  },
  ...listStateColumns(context).map(({ sort: _sort, ...column }) => column),
];

const listStateColumns = ({
  timeZone,
  today,
}: DocumentTableContext): readonly DataColumn<DocumentRow, DocumentColumn>[] => [
  {
    key: 'status',
    label: 'Status',
    cell: (row) => <StateMark row={row} />,
    sort: 'by-owner',
  },
  {
    key: 'due',
    label: 'Due',
    cell: (row) => (row.dueOn === null ? '–' : <DueDay row={row} today={today} />),
    sort: 'by-owner',
  },
  {
    key: 'owner',
    label: 'Owner',
    cell: ({ createdBy }) => createdBy,
    sort: 'by-owner',
    isMinor: true,
    isClipped: true,
  },
  {
    key: 'changed',
    label: 'Last change',
    cell: ({ changedAt }) => (
      <time dateTime={changedAt}>{formatDay(dayIn(new Date(changedAt), timeZone))}</time>
    ),
    sort: 'by-owner',
    isMinor: 'first',
  },
];

interface RowLinkProps {
  readonly row: DocumentRow;
  readonly domain: string;
  readonly children: React.ReactNode;
}

function RowLink({ row, domain, children }: RowLinkProps) {
  return (
    <Link
      to="/a/$domain/documents/$documentId"
      params={{ domain, documentId: String(row.id) }}
      className="row-link"
    >
      {children}
    </Link>
  );
}

const stateLabels = { incomplete: 'Incomplete', complete: 'Complete', deleted: 'Deleted' } as const;

function StateMark({ row: { state, deletedAt, hasNewerDetails } }: { readonly row: DocumentRow }) {
  const shown = deletedAt === null ? state : 'deleted';
  return (
    <>
      <span className="document-state" data-state={shown}>
        {stateLabels[shown]}
      </span>
      {hasNewerDetails && deletedAt === null && (
        <span className="document-newer" title="Student information has changed">
          Info changed
        </span>
      )}
    </>
  );
}

const isOverdue = ({ state, dueOn }: DocumentRow, today: string): boolean =>
  state === 'incomplete' && dueOn !== null && dueOn < today;

function DueDay({ row, today }: { readonly row: DocumentRow; readonly today: string }) {
  if (row.dueOn === null) return null;
  return (
    <span className={isOverdue(row, today) ? 'document-overdue' : undefined}>
      {isOverdue(row, today) && 'Overdue '}
      <time dateTime={row.dueOn}>{formatDay(row.dueOn)}</time>
    </span>
  );
}

/** The second line of a row on a phone: `due Dec 4, 2026 · IEP Cover Page · Grade 7`. */
export function documentSecondLine(
  { title, state, deletedAt, dueOn, student, hasNewerDetails }: DocumentRow,
  withForm: boolean,
): string {
  return [
    // Only an incomplete one is due.
    dueOn !== null && state === 'incomplete' && deletedAt === null
      ? `due ${formatDay(dueOn)}`
      : stateLabels[deletedAt === null ? state : 'deleted'],
    hasNewerDetails && deletedAt === null && 'info changed',
    withForm && title,
    withForm && student.grade !== null && gradeName(student.grade),
  ]
    .filter(Boolean)
    .join(' · ');
}
