/** The student list: finding, filtering, sorting and paging students. */
import type { StudentListQuery, StudentPage } from '../../contract/students/student-list.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { Parameters } from '../../database/parameters.ts';
import { prepared } from '../../database/prepared-statement.ts';
import type { CountCellReader } from './count-cells.ts';
import {
  countListed,
  fewCondition,
  isRare,
  isUncached,
  type ListFilter,
  listCondition,
  maxCounted,
  withProblemIds,
} from './filter.ts';
import { type Found, type Part, readHits } from './hits.ts';
import { type Order, orderBy, parseSort } from './order.ts';
import { readListedStudents, toStudentRow } from './rows.ts';
import { toStudentSearch } from './search.ts';

const defaultPageSize = 25;

/** A list in its order, page by page. */
export type ListQuery = ListFilter & Pick<StudentListQuery, 'sort' | 'page' | 'pageSize'>;

/**
 * Returns a page of the matching students in the requested order; by default by name, or best matches first for a
 * search. A page past the end has no rows.
 */
export async function listStudents(
  database: DistrictDatabase,
  query: ListQuery,
  readCountCells: CountCellReader,
): Promise<StudentPage> {
  const { page = 1, pageSize = defaultPageSize } = query;
  const part = { offset: (page - 1) * pageSize, limit: pageSize };
  const search = toStudentSearch(query);
  const found =
    search.words === ''
      ? await readPage(database, { ...search.filter, sort: query.sort }, part, readCountCells)
      : await readHits(database, search, query.sort, part, readCountCells);
  return { ...found, page, pageSize };
}

async function readPage(
  database: DistrictDatabase,
  asked: ListQuery,
  part: Part,
  readCountCells: CountCellReader,
): Promise<Found> {
  const query = await withProblemIds(database, asked);
  const order = parseSort(query.sort) ?? { column: 'name', isDescending: false };
  if (isRare(query)) {
    const few = await readCountedPage(database, query, order, part);
    if (few.total > 0 && few.total <= maxCounted) return toFound(database, few);
  }
  const { total, hasMore } = await countListed(database, query, readCountCells);
  if (part.offset >= total && !hasMore) return { rows: [], total, hasMore };
  if (isUncached(query) && !hasMore)
    return toFound(database, await readCountedPage(database, query, order, part));
  const ids = await readPageIds(database, query, order, part, hasMore ? undefined : total);
  return toFound(database, { ids, total, hasMore });
}

const toFound = async (
  database: DistrictDatabase,
  { ids, total, hasMore = false }: Page,
): Promise<Found> => {
  const rows = await readListedStudents(database, ids);
  return { rows: rows.map((row) => toStudentRow(row, null)), total, hasMore };
};

/** The students of a page, and the number of all matches. */
interface Page {
  readonly ids: readonly number[];
  readonly total: number;
  readonly hasMore?: boolean;
}

/**
 * Reads the ids of the page from an index only. A page of the second half is read from the end. The limit is part of
 * the SQL text, because the planner chooses another plan for many rows.
 */
async function readPageIds(
  database: DistrictDatabase,
  query: ListQuery,
  order: Order,
  part: Part,
  total: number | undefined,
): Promise<number[]> {
  const isFromEnd = total !== undefined && part.offset > total / 2;
  const readOrder = isFromEnd ? { ...order, isDescending: !order.isDescending } : order;
  const last = Math.min(part.offset + part.limit, total ?? Infinity);
  const offset = isFromEnd ? total - last : part.offset;
  const limit = isFromEnd ? last - part.offset : part.limit;
  const parameters = new Parameters();
  // In the order of grades, the index is read from the first grade on that is asked for.
  const inGradeOrder =
    order.column === 'grade' && query.grade !== undefined
      ? ` and s.grade_rank = any(array(select grade_rank(grade) from unnest(${parameters.add(query.grade)}::text[]) grade))`
      : '';
  const rows = await database.rows<{ id: number }>(
    prepared(
      `select s.id from students s where ${listCondition(query, parameters)}${inGradeOrder}
       order by ${orderBy(readOrder)} limit ${limit}${offset === 0 ? '' : ` offset ${parameters.add(offset)}`}`,
    ),
    ...parameters.values,
  );
  const ids = rows.map(({ id }) => id);
  return isFromEnd ? ids.toReversed() : ids;
}

/** Reads a page and counts all matches in one pass, for filters that only a few students match. */
async function readCountedPage(
  database: DistrictDatabase,
  query: ListQuery,
  order: Order,
  { limit, offset }: Part,
): Promise<Page> {
  const parameters = new Parameters();
  const rows = await database.rows<{ id: number; total: number }>(
    prepared(
      `select s.id, count(*) over () as total from students s where ${fewCondition(query, parameters)}
       order by ${orderBy(order)} limit ${parameters.add(limit)} offset ${parameters.add(offset)}`,
    ),
    ...parameters.values,
  );
  return { ids: rows.map(({ id }) => id), total: rows[0]?.total ?? 0 };
}
