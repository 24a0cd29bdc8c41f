/** The student list: finding, filtering, sorting and paging students. */
import type {
  StudentColumn,
  StudentListQuery,
  StudentMatch,
  StudentPage,
  StudentRow,
} from '../../contract/students/student-list.ts';
import type { Phone } from '../../contract/students/students.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { Parameters } from '../../database/parameters.ts';
import { prepared } from '../../database/prepared-statement.ts';
import { displayName, selectName, type StoredName } from '../record/display-name.ts';
import type { StudentRecord } from '../record/rows.ts';
import { listedStatusReason, statusColumns, type ListedStatus } from './status-text.ts';
import type { CountCellReader } from './count-cells.ts';
import { countListed, listCondition } from './filter.ts';
import { findStudents, searchText } from './search.ts';

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
  query: StudentListQuery,
  readCountCells: CountCellReader,
): Promise<StudentPage> {
  const { page = 1, pageSize = defaultPageSize } = query;
  const part = { offset: (page - 1) * pageSize, limit: pageSize };
  const found =
    searchText(query) === ''
      ? await readPage(database, query, part, readCountCells)
      : await readHits(database, query, part);
  return { ...found, page, pageSize };
}

interface Part {
  readonly offset: number;
  readonly limit: number;
}

type Found = Pick<StudentPage, 'rows' | 'total' | 'hasMore'>;

async function readPage(
  database: DistrictDatabase,
  query: StudentListQuery,
  part: Part,
  readCountCells: CountCellReader,
): Promise<Found> {
  const { total, hasMore } = await countListed(database, query, readCountCells);
  if (part.offset >= total && !hasMore) return { rows: [], total, hasMore };
  const order = parseSort(query.sort) ?? { column: 'name', isDescending: false };
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
    readonly query: StudentListQuery;
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
  return database.rows<ListedStudent>(
    prepared(
      `with page as materialized (
         select s.id from students s where ${listCondition(page.query, parameters)}
         order by ${orderBy(readOrder)} limit ${limit}${offset === 0 ? '' : ` offset ${parameters.add(offset)}`})
       select ${rowColumns} from page join students s on s.district_id = $1 and s.id = page.id
       order by ${orderBy(order)}`,
    ),
    ...parameters.values,
  );
}

/** Orders matches `h` of `students s` by rank, then by number or name. */
export const bestFirst = `h.rank,
  case when h.matched = 'number' then s.student_number collate "C" end, s.name_key, s.id`;

interface Hit extends ListedStudent {
  readonly rank: number;
  readonly matched: StudentMatch['by'];
  readonly total: number;
  readonly phones: readonly Phone[];
  readonly guardian: {
    readonly first_name: string | null;
    readonly middle_name: string | null;
    readonly last_name: string | null;
    readonly suffix: string | null;
    readonly relationship: string | null;
    readonly phones: readonly Phone[];
  } | null;
}

async function readHits(
  database: DistrictDatabase,
  query: StudentListQuery,
  part: Part,
): Promise<Found> {
  const order = parseSort(query.sort);
  const first = order === undefined ? bestFirst : orderBy(order);
  const parameters = new Parameters();
  const found = findStudents(query, maxHits + 1, parameters);
  const rows = await database.rows<Hit>(
    prepared(
      `with hits as materialized (select * from ${found}),
         page as materialized (
           select h.student_id, h.rank, h.matched, h.guardian_id, row_number() over (order by ${first}) as nth
           from hits h join students s on s.district_id = $1 and s.id = h.student_id
           order by nth limit ${parameters.add(part.limit)} offset ${parameters.add(part.offset)})
       select ${rowColumns}, h.rank, h.matched, (select count(*) from hits) as total,
         case h.matched when 'phone' then s.phones end as phones,
         (select to_jsonb(g) from (
           select first_name, middle_name, last_name, suffix, relationship, phones from guardians g
           where g.district_id = $1 and g.student_id = s.id and g.skyward_id = h.guardian_id) g) as guardian
       from page h join students s on s.district_id = $1 and s.id = h.student_id
       order by h.nth`,
    ),
    ...parameters.values,
  );
  const total = rows[0]?.total ?? (part.offset === 0 ? 0 : await countHits(database, query));
  return {
    rows: rows.map((row) => toStudentRow(row, toMatch(row, searchText(query)))),
    total: Math.min(total, maxHits),
    hasMore: total > maxHits,
  };
}

async function countHits(database: DistrictDatabase, query: StudentListQuery): Promise<number> {
  const parameters = new Parameters();
  const found = findStudents(query, maxHits + 1, parameters);
  const row = await database.one<{ total: number }>(
    prepared(`select count(*) as total from ${found} where $1::bigint is not null`),
    ...parameters.values,
  );
  return row?.total ?? 0;
}

/** Matches of this rank or more are by similar words (`student_hit` in migration 0006). */
const similarRank = 5;

function toMatch(hit: Hit, search: string): StudentMatch {
  const { guardian, matched } = hit;
  const phones = guardian?.phones ?? hit.phones;
  return {
    by: matched,
    isSimilar: hit.rank >= similarRank,
    guardian:
      guardian === null
        ? null
        : {
            name: {
              first: guardian.first_name,
              middle: guardian.middle_name,
              last: guardian.last_name,
              suffix: guardian.suffix,
            },
            relationship: guardian.relationship,
          },
    phone: matched === 'phone' ? (findTypedPhone(phones, search) ?? null) : null,
  };
}

/** Returns the phone whose number begins with the typed digits, with or without its area code. */
function findTypedPhone(phones: readonly Phone[], search: string): string | undefined {
  const typedNumbers = search
    .split(/[^\d\s()+.-]+/)
    .map((part) => part.replaceAll(/\D/g, '').replace(/^1(?=\d{10}$)/, ''))
    .filter((digits) => digits.length >= 4);
  return phones.find(({ number }) => {
    const digits = number.replaceAll(/\D/g, '').replace(/^1(?=\d{10}$)/, '');
    return typedNumbers.some(
      (part) => digits.startsWith(part) || digits.slice(-7).startsWith(part),
    );
  })?.number;
}

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
