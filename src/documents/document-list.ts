/** Documents across students: found by form, state, school and newer details, and as a table. */
import type { DocumentFilter, DocumentRow } from '../contract/documents.ts';
import type { DistrictDatabase } from '../database/district-scope.ts';
import { daysToRestore, studentNameColumn } from './document-store.ts';

const pageSize = 50;

/** Most lines of an export. */
const mostRows = 50_000;

interface Row extends Omit<
  DocumentRow,
  'student' | 'createdAt' | 'changedAt' | 'completedAt' | 'deletedAt'
> {
  readonly createdAt: Temporal.Instant;
  readonly changedAt: Temporal.Instant;
  readonly completedAt: Temporal.Instant | null;
  readonly deletedAt: Temporal.Instant | null;
  readonly studentId: number;
  readonly name: DocumentRow['student']['name'];
  readonly studentNumber: string | null;
  readonly schoolName: string | null;
  readonly grade: string | null;
}

/** A page of the documents that fit, changed last first. */
export async function listDocumentRows(
  database: Pick<DistrictDatabase, 'client'>,
  districtId: number,
  { page = 1, ...filter }: DocumentFilter & { readonly page?: number | undefined },
): Promise<{ rows: DocumentRow[]; page: number; isMore: boolean }> {
  const offset = (page - 1) * pageSize;
  const rows = await readRows(database, districtId, filter, { limit: pageSize + 1, offset });
  return { rows: rows.slice(0, pageSize), page, isMore: rows.length > pageSize };
}

async function readRows(
  { client }: Pick<DistrictDatabase, 'client'>,
  districtId: number,
  filter: DocumentFilter,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<DocumentRow[]> {
  const hasNewer = `(d.state = 'incomplete' and s.updated_at > d.details_at)`;
  const values: unknown[] = [districtId, limit, offset];
  const given = (value: unknown) => `$${values.push(value)}`;
  const conditions = [
    'd.district_id = $1',
    filter.deleted === undefined
      ? 'd.deleted_at is null'
      : `d.deleted_at > now() - interval '${daysToRestore} days'`,
    filter.student === undefined ? undefined : `d.student_id = ${given(filter.student)}`,
    filter.form === undefined ? undefined : `d.form_key = ${given(filter.form)}`,
    filter.state === undefined ? undefined : `d.state = ${given(filter.state)}`,
    filter.school === undefined ? undefined : `s.entity_id = ${given(filter.school)}`,
    filter.changed === undefined ? undefined : hasNewer,
  ].filter((condition) => condition !== undefined);
  const { rows } = await client.query<Row>(
    `select d.id, d.form_key as "formKey", d.title, d.state, d.created_at as "createdAt",
       d.created_by_name as "createdBy", d.changed_at as "changedAt", d.changed_by_name as "changedBy",
       d.completed_at as "completedAt", d.deleted_at as "deletedAt", ${hasNewer} as "hasNewerDetails",
       s.id as "studentId", ${studentNameColumn} as name, s.student_number as "studentNumber",
       s.school_name as "schoolName", s.grade
     from documents d join students s on s.district_id = d.district_id and s.id = d.student_id
     where ${conditions.join(' and ')} order by d.changed_at desc, d.id desc limit $2 offset $3`,
    values,
  );
  return rows.map(rowOf);
}

const rowOf = (row: Row): DocumentRow => ({
  id: row.id,
  formKey: row.formKey,
  title: row.title,
  state: row.state,
  student: {
    id: row.studentId,
    name: row.name,
    studentNumber: row.studentNumber,
    schoolName: row.schoolName,
    grade: row.grade,
  },
  createdAt: row.createdAt.toString(),
  createdBy: row.createdBy,
  changedAt: row.changedAt.toString(),
  changedBy: row.changedBy,
  completedAt: row.completedAt?.toString() ?? null,
  deletedAt: row.deletedAt?.toString() ?? null,
  hasNewerDetails: row.hasNewerDetails,
});

/** The table of the documents that fit, and how many lines it has; at most 50,000. */
export async function exportDocumentRows(
  database: Pick<DistrictDatabase, 'client'>,
  districtId: number,
  filter: DocumentFilter,
): Promise<{ readonly csv: string; readonly count: number }> {
  const rows = await readRows(database, districtId, filter, { limit: mostRows, offset: 0 });
  const columns: readonly (readonly [string, (row: DocumentRow) => string | null])[] = [
    ['Last name', ({ student }) => student.name.last],
    ['First name', ({ student }) => student.name.first],
    ['Student number', ({ student }) => student.studentNumber],
    ['School', ({ student }) => student.schoolName],
    ['Grade', ({ student }) => student.grade],
    ['Form', ({ title }) => title],
    ['State', ({ state }) => state],
    ['Created', ({ createdAt }) => createdAt],
    ['Created by', ({ createdBy }) => createdBy],
    ['Changed', ({ changedAt }) => changedAt],
    ['Changed by', ({ changedBy }) => changedBy],
    ['Record changed since', ({ hasNewerDetails }) => (hasNewerDetails ? 'yes' : 'no')],
  ];
  const head = columns.map(([name]) => name);
  const lines = rows.map((row) => columns.map(([, read]) => read(row)));
  const csv = [head, ...lines].map((line) => `${line.map(cellOf).join(',')}\r\n`).join('');
  return { csv: `\uFEFF${csv}`, count: rows.length };
}

/** Quoted, and never begun as a formula: programs for tables would run it. */
function cellOf(value: string | null): string {
  const text = value ?? '';
  const safe = /^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
