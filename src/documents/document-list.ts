/** Lists, searches, sorts and exports the documents of all students. */
import type {
  DocumentCounts,
  DocumentFilter,
  DocumentRow,
  DocumentSort,
  documentSortColumns,
  DueFilter,
} from '../contract/documents/documents.ts';
import { byteOrderMark, csvLine } from '../contract/csv-text.ts';
import type { DistrictDatabase } from '../database/district-and-school-scope.ts';
import { Parameters } from '../database/parameters.ts';
import { prepared } from '../database/prepared-statement.ts';
import { selectDisplayName } from '../database/display-name.ts';
import { toSearchWords } from '../students/list/search-terms.ts';
import { daysToRestore } from './document-store.ts';

const pageSize = 50;

/** Maximum rows of an export. */
const maxRows = 50_000;

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

/** A filter with the district's date, to find overdue documents. */
export interface DatedFilter extends DocumentFilter {
  readonly today: Temporal.PlainDate;
}

interface Sorted {
  readonly sort?: DocumentSort | undefined;
}

/**
 * SQL for the student of each of `documents d`. `offset 0` makes the database start from the documents: it takes the
 * students that row-level security shows for few, and would go through all of them.
 */
const joinStudent = `cross join lateral (
  select * from students s where s.district_id = d.district_id and s.id = d.student_id offset 0) s`;

/** Counting every document of a large district takes longer than reading a page. */
const maxCounted = 10_000;

/** Returns a page of the matching documents with their number; by default, last changed first. */
export async function listDocumentRows(
  database: DistrictDatabase,
  { page = 1, sort, ...filter }: DatedFilter & Sorted & { readonly page?: number | undefined },
) {
  const offset = (page - 1) * pageSize;
  const rows = await readRows(database, filter, { sort, limit: pageSize + 1, offset });
  const hasMore = rows.length > pageSize;
  // The end of the list is known without counting.
  const isEnd = !hasMore && (rows.length > 0 || page === 1);
  const total = isEnd ? offset + rows.length : await countRows(database, filter);
  return { rows: rows.slice(0, pageSize), page, pageSize, total, hasMore };
}

async function countRows(database: DistrictDatabase, filter: DatedFilter): Promise<number> {
  const parameters = new Parameters();
  const conditions = toConditions(filter, (value) => parameters.add(value));
  const row = await database.one<{ total: number }>(
    `select count(*)::integer as total from (
       select from documents d ${joinStudent}
       where d.district_id = $1 and ${conditions} limit ${parameters.add(maxCounted)}) matching`,
    ...parameters.values,
  );
  return row?.total ?? 0;
}

type SortColumn = (typeof documentSortColumns)[number];

/** The expressions that a column is sorted by. */
const orders: Readonly<Record<SortColumn, readonly string[]>> = {
  student: ['s.name_key'],
  grade: ['s.grade_rank', 's.name_key'],
  school: ['s.school_name', 's.name_key'],
  form: ['d.title', 's.name_key'],
  status: ['d.state', 's.name_key'],
  due: ['d.due_on', 's.name_key'],
  owner: ['d.created_by_name', 's.name_key'],
  changed: ['d.changed_at'],
};

/** Returns the `order by`; empty values last in both directions, and the id makes it the same on every page. */
function orderBy(sort: DocumentSort = '-changed'): string {
  const isDescending = sort.startsWith('-');
  const column = (isDescending ? sort.slice(1) : sort) as SortColumn;
  const direction = isDescending ? 'desc' : 'asc';
  const [first, ...rest] = orders[column];
  return [`${first} ${direction} nulls last`, ...rest, `d.id ${direction}`].join(', ');
}

async function readRows(
  database: DistrictDatabase,
  filter: DatedFilter,
  { sort, limit, offset }: Sorted & { readonly limit: number; readonly offset: number },
): Promise<DocumentRow[]> {
  const parameters = new Parameters();
  const conditions = toConditions(filter, (value) => parameters.add(value));
  const rows = await database.rows<Row>(
    `select d.id, d.form_key as "formKey", d.title, d.state, d.created_at as "createdAt",
       d.created_by_name as "createdBy", d.changed_at as "changedAt", d.changed_by_name as "changedBy",
       d.completed_at as "completedAt", d.deleted_at as "deletedAt", d.due_on as "dueOn",
       ${hasNewer} as "hasNewerDetails", s.id as "studentId", ${selectDisplayName('s')} as name,
       s.student_number as "studentNumber", s.school_name as "schoolName", s.grade
     from documents d ${joinStudent}
     where d.district_id = $1 and ${conditions}
     order by ${orderBy(sort)}
     limit ${parameters.add(limit)} offset ${parameters.add(offset)}`,
    ...parameters.values,
  );
  return rows.map(toDocumentRow);
}

/** SQL for whether the student's record has changed since its values were copied (`documents d`, `students s`). */
export const hasNewer = `(d.state = 'incomplete' and s.updated_at > d.details_at)`;

/** SQL for an open document (`documents d`). */
export const isOpen = `d.state = 'incomplete' and d.deleted_at is null`;

/** Converts the filter to SQL over `documents d` and `students s`; `addParameter` returns the parameter of a value. */
export function toConditions(
  filter: DatedFilter,
  addParameter: (value: unknown) => string,
): string {
  return [
    filter.deleted === undefined
      ? 'd.deleted_at is null'
      : `d.deleted_at > now() - interval '${daysToRestore} days'`,
    ...(filter.search === undefined ? [] : matchesSearch(filter.search, addParameter)),
    filter.student === undefined ? undefined : `d.student_id = ${addParameter(filter.student)}`,
    filter.form === undefined ? undefined : `d.form_key = ${addParameter(filter.form)}`,
    filter.state === undefined ? undefined : `d.state = ${addParameter(filter.state)}`,
    filter.school === undefined ? undefined : `s.entity_id = ${addParameter(filter.school)}`,
    filter.owner === undefined ? undefined : `d.created_by = ${addParameter(filter.owner)}`,
    filter.batch === undefined ? undefined : `d.batch_id = ${addParameter(filter.batch)}`,
    filter.due === undefined
      ? undefined
      : dueCondition(filter.due, addParameter(filter.today.toString())),
    filter.changed === undefined ? undefined : hasNewer,
  ]
    .filter((condition) => condition !== undefined)
    .join(' and ');
}

/** Every word begins a word of the student's name or number, the form or the owner. */
const matchesSearch = (search: string, addParameter: (value: unknown) => string): string[] =>
  toSearchWords(search).map((word) => {
    const begins = (text: string) => `strpos(' ' || ${text}, ${addParameter(` ${word}`)}) > 0`;
    // Few students have another legal name, and taking one apart takes longer than all the rest.
    return `(${begins('d.search_key')} or ${begins('s.name_key')}
      or ${begins(`translate(lower(s.student_number), '-._/', '    ')`)}
      or (s.legal_last_name <> s.last_name or s.legal_first_name <> s.first_name)
        and ${begins(`search_form(concat_ws(' ', s.legal_first_name, s.legal_last_name))`)})`;
  });

const days: Readonly<Record<'week' | 'month', number>> = { week: 7, month: 30 };

function dueCondition(due: DueFilter, today: string): string {
  if (due === 'any') return `${isOpen} and d.due_on is not null and ${today}::date is not null`;
  if (due === 'overdue') return `${isOpen} and d.due_on < ${today}::date`;
  if (due === 'soon') return `${isOpen} and d.due_on < ${today}::date + ${days.week}`;
  return `${isOpen} and d.due_on >= ${today}::date and d.due_on < ${today}::date + ${days[due]}`;
}
const toDocumentRow = (row: Row): DocumentRow => ({
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
  dueOn: row.dueOn,
  hasNewerDetails: row.hasNewerDetails,
});

/** Returns the matching documents as CSV with their number, at most 50,000. */
export async function exportDocumentRows(
  database: DistrictDatabase,
  filter: DatedFilter,
): Promise<{ readonly csv: string; readonly count: number }> {
  const rows = await readRows(database, filter, { limit: maxRows, offset: 0 });
  const columns: readonly (readonly [string, (row: DocumentRow) => string | null])[] = [
    ['Last name', ({ student }) => student.name.last],
    ['First name', ({ student }) => student.name.first],
    ['Student number', ({ student }) => student.studentNumber],
    ['School', ({ student }) => student.schoolName],
    ['Grade', ({ student }) => student.grade],
    ['Form', ({ title }) => title],
    ['Status', ({ state }) => state],
    ['Created', ({ createdAt }) => createdAt],
    ['Created by', ({ createdBy }) => createdBy],
    ['Due date', ({ dueOn }) => dueOn],
    ['Changed', ({ changedAt }) => changedAt],
    ['Changed by', ({ changedBy }) => changedBy],
    ['Student info changed', ({ hasNewerDetails }) => (hasNewerDetails ? 'yes' : 'no')],
  ];
  const head = columns.map(([name]) => name);
  const lines = rows.map((row) => columns.map(([, read]) => read(row)));
  return { csv: byteOrderMark + [head, ...lines].map(csvLine).join(''), count: rows.length };
}

/** Counts the open documents that the caller may see, as of the district's date. */
export async function readDocumentCounts(
  database: DistrictDatabase,
  accountId: string,
  today: Temporal.PlainDate,
): Promise<DocumentCounts> {
  const row = await database.one<DocumentCounts>(
    prepared(
      `with open as (
         select d.created_by, d.created_by_name, d.due_on, ${hasNewer} as has_newer
         from documents d join students s on s.district_id = d.district_id and s.id = d.student_id
         where d.district_id = $1 and ${isOpen})
       select count(*)::integer as incomplete,
         (count(*) filter (where created_by = $2))::integer as mine,
         (count(*) filter (where due_on < $3::date))::integer as overdue,
         (count(*) filter (where due_on >= $3::date and due_on < $3::date + 7))::integer as "dueThisWeek",
         (count(*) filter (where has_newer))::integer as changed,
         coalesce((select jsonb_agg(to_jsonb(owner) order by owner.incomplete desc, owner.name) from (
           select created_by as "accountId", max(created_by_name) as name, count(*)::integer as incomplete
           from open group by created_by order by count(*) desc limit 200) owner), '[]') as owners
       from open`,
    ),
    accountId,
    today.toString(),
  );
  return row ?? { incomplete: 0, mine: 0, overdue: 0, dueThisWeek: 0, changed: 0, owners: [] };
}
