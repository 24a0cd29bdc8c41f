/** The student list: finding, filtering, sorting and paging students. */
import type {
  StudentColumn,
  StudentListQuery,
  StudentMatch,
  StudentPage,
  StudentRow,
} from '../../contract/students/student-list.ts';
import type { Address, Email, Phone } from '../../contract/students/students.ts';
import type { PersonName } from '../../contract/values.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { Parameters } from '../../database/parameters.ts';
import { prepared } from '../../database/prepared-statement.ts';
import { displayName, selectName, type StoredName } from '../record/display-name.ts';
import type { StudentRecord } from '../record/rows.ts';
import { listedStatusReason, statusColumns, type ListedStatus } from './status-text.ts';
import type { CountCellReader } from './count-cells.ts';
import { countListed, isRare, type ListFilter, listCondition, maxCounted } from './filter.ts';
import { explainMatch, type SearchedGuardian } from './search-match.ts';
import { findStudents, type StudentSearch, toStudentSearch } from './search.ts';

const defaultPageSize = 25;

/** Limits the matches of a search; users type more letters instead of paging further. */
export const maxHits = 250;

/** Sort columns. Migration 0006 has an index for each order except those by state ID and homeroom. */
const orders: Readonly<Record<StudentColumn, readonly string[]>> = {
  name: ['name_key'],
  number: ['student_number collate "C"'],
  stateId: ['state_id collate "C"'],
  grade: ['grade_rank', 'name_key'],
  school: ['school_name collate "C"', 'name_key'],
  homeroom: ['homeroom collate "C"', 'name_key'],
  birthDate: ['birth_date'],
  status: ['status', 'name_key'],
  changed: ['changed_run_id'],
};

/** A list in its order, page by page. */
export type ListQuery = ListFilter & Pick<StudentListQuery, 'sort' | 'page' | 'pageSize'>;

interface Order {
  readonly column: StudentColumn;
  readonly isDescending: boolean;
}

/** Parses `-grade` into column and direction. */
export const parseSort = (sort: StudentListQuery['sort']): Order | undefined =>
  sort === undefined
    ? undefined
    : sort.startsWith('-')
      ? { column: sort.slice(1) as StudentColumn, isDescending: true }
      : { column: sort as StudentColumn, isDescending: false };

/** Returns the `order by` of `students s`; the id last makes the order the same on every page. */
export const orderBy = ({ column, isDescending }: Order): string =>
  [...orders[column], 'id'].map((part) => `s.${part} ${isDescending ? 'desc' : 'asc'}`).join(', ');

/** The columns of a list row, of `students s`. */
export const rowColumns = `
  s.id, ${selectName('s')}, s.student_number, s.state_id, s.birth_date, s.grade, s.school_name,
  s.entity_name, s.homeroom, ${statusColumns}, s.missing_since_run_id is not null as is_missing,
  (select r.today from import_runs r
   where r.district_id = s.district_id and r.id = s.changed_run_id) as changed_in`;

/** A row of `rowColumns`. */
export interface ListedStudent
  extends
    StoredName,
    ListedStatus,
    Pick<
      StudentRecord,
      | 'id'
      | 'student_number'
      | 'state_id'
      | 'birth_date'
      | 'grade'
      | 'school_name'
      | 'entity_name'
      | 'homeroom'
    > {
  readonly is_missing: boolean;
  readonly changed_in: string | null;
}

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

interface Part {
  readonly offset: number;
  readonly limit: number;
}

type Found = Pick<StudentPage, 'rows' | 'total' | 'hasMore'>;

async function readPage(
  database: DistrictDatabase,
  query: ListQuery,
  part: Part,
  readCountCells: CountCellReader,
): Promise<Found> {
  const order = parseSort(query.sort) ?? { column: 'name', isDescending: false };
  if (isRare(query)) {
    const rows = await readCountedRows(database, query, order, part);
    const total = rows[0]?.total ?? 0;
    if (rows.length > 0 && total <= maxCounted)
      return { rows: rows.map((row) => toStudentRow(row, null)), total, hasMore: false };
  }
  const { total, hasMore } = await countListed(database, query, readCountCells);
  if (part.offset >= total && !hasMore) return { rows: [], total, hasMore };
  const rows = await readRows(database, {
    query,
    order,
    part,
    total: hasMore ? undefined : total,
  });
  return { rows: rows.map((row) => toStudentRow(row, null)), total, hasMore };
}

/**
 * Reads the ids of the page from an index only, and then the few records. A page of the second half is read from the
 * end. The limit is part of the SQL text, because the planner chooses another plan for many rows.
 */
async function readRows(
  database: DistrictDatabase,
  page: {
    readonly query: ListQuery;
    readonly order: Order;
    readonly part: Part;
    readonly total: number | undefined;
  },
): Promise<ListedStudent[]> {
  const { order, part, total } = page;
  const isFromEnd = total !== undefined && part.offset > total / 2;
  const readOrder = isFromEnd ? { ...order, isDescending: !order.isDescending } : order;
  const last = Math.min(part.offset + part.limit, total ?? Infinity);
  const offset = isFromEnd ? total - last : part.offset;
  const limit = isFromEnd ? last - part.offset : part.limit;
  const parameters = new Parameters();
  // In the order of grades, the index is read from the first grade on that is asked for.
  const inGradeOrder =
    order.column === 'grade' && page.query.grade !== undefined
      ? ` and s.grade_rank = any(array(select grade_rank(grade) from unnest(${parameters.add(page.query.grade)}::text[]) grade))`
      : '';
  return database.rows<ListedStudent>(
    prepared(
      `with page as materialized (
         select s.id from students s where ${listCondition(page.query, parameters)}${inGradeOrder}
         order by ${orderBy(readOrder)} limit ${limit}${offset === 0 ? '' : ` offset ${parameters.add(offset)}`})
       select ${rowColumns} from page join students s on s.district_id = $1 and s.id = page.id
       order by ${orderBy(order)}`,
    ),
    ...parameters.values,
  );
}

/** Reads a page and counts all matches in one pass, for filters that only a few students match. */
async function readCountedRows(
  database: DistrictDatabase,
  query: ListQuery,
  order: Order,
  { limit, offset }: Part,
): Promise<(ListedStudent & { readonly total: number })[]> {
  const parameters = new Parameters();
  return database.rows(
    prepared(
      `with page as materialized (
         select s.id, count(*) over () as total from students s where ${listCondition(query, parameters)}
         order by ${orderBy(order)} limit ${parameters.add(limit)} offset ${parameters.add(offset)})
       select ${rowColumns}, page.total from page join students s on s.district_id = $1 and s.id = page.id
       order by ${orderBy(order)}`,
    ),
    ...parameters.values,
  );
}

/** Orders matches `h` of `student_hit` by rank, then by number or name. */
export const bestFirst = (words: string): string =>
  `h.rank, ${/^\d+$/.test(words) ? 'h.student_number, ' : ''}h.name_key, h.student_id`;

interface Hit extends ListedStudent {
  readonly rank: number;
  readonly similar_words: readonly string[];
  readonly total: number;
  readonly emails: readonly Email[] | null;
  readonly phones: readonly Phone[] | null;
  readonly addresses: readonly Address[] | null;
  readonly guardians:
    readonly (PersonName & Pick<SearchedGuardian, 'relationship' | 'phones' | 'emails'>)[] | null;
}

/** From this rank on, something else than the beginning of the name may have matched; then, something of a guardian. */
const [otherWordRank, guardianRank] = [3, 4];

/** SQL for a column that may explain the hit. */
const detail = (column: string) => `case when h.rank >= ${otherWordRank} then s.${column} end`;

async function readHits(
  database: DistrictDatabase,
  search: StudentSearch,
  sort: StudentListQuery['sort'],
  part: Part,
  readCountCells: CountCellReader,
): Promise<Found> {
  const order = parseSort(sort);
  const parameters = new Parameters();
  const found = findStudents(search, await readCountCells(database), maxHits + 1, parameters);
  const sorted =
    order === undefined
      ? `select h.*, row_number() over (order by ${bestFirst(search.words)}) as nth from ${found} h`
      : `select h.*, row_number() over (order by ${orderBy(order)}) as nth
         from ${found} h join students s on s.district_id = $1 and s.id = h.student_id`;
  const rows = await database.rows<Hit>(
    prepared(
      `with hits as materialized (select h.*, count(*) over () as total from (${sorted}) h),
         page as materialized (select * from hits
           where nth > ${parameters.add(part.offset)} and nth <= ${parameters.add(part.offset + part.limit)})
       select ${rowColumns}, h.rank, h.similar_words, h.total,
         ${detail('phones')} as phones, ${detail('emails')} as emails, ${detail('addresses')} as addresses,
         case when h.rank >= ${guardianRank} then (
           select jsonb_agg(jsonb_build_object('first', first_name, 'middle', middle_name, 'last', last_name,
             'suffix', suffix, 'relationship', relationship, 'phones', phones, 'emails', emails) order by position)
           from guardians g where g.district_id = $1 and g.student_id = s.id) end as guardians
       from page h join students s on s.district_id = $1 and s.id = h.student_id
       order by h.nth`,
    ),
    ...parameters.values,
  );
  const total =
    rows[0]?.total ?? (part.offset === 0 ? 0 : await countHits(database, search, readCountCells));
  return {
    rows: rows.map((row) => toStudentRow(row, toMatch(row, search.words))),
    total: Math.min(total, maxHits),
    hasMore: total > maxHits,
  };
}

async function countHits(
  database: DistrictDatabase,
  search: StudentSearch,
  readCountCells: CountCellReader,
): Promise<number> {
  const parameters = new Parameters();
  const found = findStudents(search, await readCountCells(database), maxHits + 1, parameters);
  const row = await database.one<{ total: number }>(
    prepared(`select count(*) as total from ${found} where $1::bigint is not null`),
    ...parameters.values,
  );
  return row?.total ?? 0;
}

const toMatch = (hit: Hit, words: string): StudentMatch =>
  explainMatch(words, hit.similar_words, {
    names: [hit.first_name, hit.middle_name, hit.last_name, hit.suffix].concat([
      hit.legal_first_name,
      hit.legal_middle_name,
      hit.legal_last_name,
      hit.legal_suffix,
    ]),
    numbers: [hit.student_number, hit.state_id],
    phones: hit.phones ?? [],
    emails: hit.emails ?? [],
    addresses: hit.addresses ?? [],
    guardians: (hit.guardians ?? []).map(
      ({ first, middle, last, suffix, relationship, phones, emails }) => ({
        name: { first, middle, last, suffix },
        relationship,
        phones,
        emails,
      }),
    ),
  });

/** Converts a row to the contract's form. */
export const toStudentRow = (row: ListedStudent, match: StudentMatch | null): StudentRow => ({
  id: row.id,
  name: displayName(row),
  studentNumber: row.student_number,
  stateId: row.state_id,
  birthDate: row.birth_date,
  grade: row.grade,
  schoolName: row.school_name ?? row.entity_name,
  homeroom: row.homeroom,
  status: row.status,
  statusReason: listedStatusReason(row),
  changedOn: row.changed_in,
  isMissing: row.is_missing,
  match,
});
