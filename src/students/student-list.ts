/** The list of a district's students: search, status filter, pages, counts by status. */
import { type Expression, type ExpressionBuilder, sql, type SqlBool } from 'kysely';

import type { StatusCounts, StudentPage, StudentRow } from '../contract/students.ts';
import type { Status } from '../contract/values.ts';
import type { DistrictDatabase } from '../database/district-scope.ts';
import { type StudentReader, studentReader } from './student-reading.ts';
import type { StudentTables } from './student-tables.ts';
import { reasonOfStatus } from './status-reason-text.ts';

/** What to list. `page` counts from 1; `pageSize` is the caller's to bound. */
export interface StudentQuery {
  readonly search?: string | undefined;
  readonly status?: Status | undefined;
  readonly page?: number | undefined;
  readonly pageSize?: number | undefined;
}

const defaultPageSize = 25;

/** More words than a name has cannot make a search any narrower. */
const mostWords = 8;

type Where = (builder: ExpressionBuilder<StudentTables, 'students'>) => Expression<SqlBool>;

/**
 * One page of the students of a district, by last and first name, with how many fit and how many of
 * each status fit the search. Every word of `search` has to occur in a name, the student number or
 * the state id, accents and case aside. A page past the end has no rows.
 */
export async function listStudents(
  database: DistrictDatabase,
  districtId: number,
  { search = '', status, page = 1, pageSize = defaultPageSize }: StudentQuery,
): Promise<StudentPage> {
  const reader = studentReader(database);
  const words = await searchWords(reader, search);
  const fitsSearch: Where = (builder) =>
    builder.and([
      builder('district_id', '=', districtId),
      ...words.map((word) => builder('search_text', 'like', `%${escapeLike(word)}%`)),
    ]);
  const counts = await countByStatus(reader, fitsSearch);
  const total =
    status === undefined
      ? Object.values(counts).reduce((sum, count) => sum + count, 0)
      : (counts[status] ?? 0);
  const offset = (page - 1) * pageSize;
  const rows =
    offset >= total
      ? []
      : await readRows(reader, districtId, { fitsSearch, status, offset, limit: pageSize });
  return { rows, total, page, pageSize, counts };
}

/** The words as the database itself writes its search column, so that both always agree. */
async function searchWords(reader: StudentReader, search: string): Promise<readonly string[]> {
  // PostgreSQL text cannot hold U+0000.
  const typed = search.replaceAll('\0', ' ').trim();
  if (typed === '') return [];
  const { rows } = await sql<{ form: string }>`select search_form(${typed}) as form`.execute(
    reader,
  );
  const words = (rows[0]?.form ?? '').split(/\s+/).filter((word) => word !== '');
  // Punctuation alone: something was asked for, and no record holds it.
  return words.length === 0 ? [typed] : words.slice(0, mostWords);
}

/** In LIKE, `%` and `_` stand for anything; here they mean themselves. */
const escapeLike = (word: string): string => word.replaceAll(/[\\%_]/g, String.raw`\$&`);

async function countByStatus(reader: StudentReader, fitsSearch: Where): Promise<StatusCounts> {
  const rows = await reader
    .selectFrom('students')
    .where(fitsSearch)
    .select(['status', (builder) => builder.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute();
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** The ids of the page come from the index alone; only then are the few records read. */
async function readRows(
  reader: StudentReader,
  districtId: number,
  page: {
    readonly fitsSearch: Where;
    readonly status: Status | undefined;
    readonly offset: number;
    readonly limit: number;
  },
): Promise<StudentRow[]> {
  let ids = reader.selectFrom('students').where(page.fitsSearch).select('id');
  if (page.status !== undefined) ids = ids.where('status', '=', page.status);
  const rows = await reader
    .selectFrom('students')
    .where('district_id', '=', districtId)
    .where(
      'id',
      'in',
      ids.orderBy('search_text').orderBy('id').limit(page.limit).offset(page.offset),
    )
    .select([
      'id',
      'first_name',
      'middle_name',
      'last_name',
      'suffix',
      'legal_first_name',
      'legal_last_name',
      'student_number',
      'state_id',
      'birth_date',
      'grade',
      'school_name',
      'status',
      'status_rule',
    ])
    .orderBy('search_text')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: {
      first: row.first_name ?? row.legal_first_name,
      middle: row.middle_name,
      last: row.last_name ?? row.legal_last_name,
      suffix: row.suffix,
    },
    studentNumber: row.student_number,
    stateId: row.state_id,
    birthDate: row.birth_date,
    grade: row.grade,
    schoolName: row.school_name,
    status: row.status,
    statusReason: reasonOfStatus(row.status, row.status_rule),
  }));
}
