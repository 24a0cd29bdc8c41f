/** The students that a search finds, page by page, with what was found. */
import type {
  StudentListQuery,
  StudentMatch,
  StudentPage,
} from '../../contract/students/student-list.ts';
import type { Address, Email, Phone } from '../../contract/students/students.ts';
import type { PersonName } from '../../contract/values.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { Parameters } from '../../database/parameters.ts';
import { prepared } from '../../database/prepared-statement.ts';
import type { CountCellReader } from './count-cells.ts';
import { bestFirst, orderBy, parseSort } from './order.ts';
import { type ListedStudent, rowColumns, toStudentRow } from './rows.ts';
import { findStudents, type StudentSearch } from './search.ts';
import { explainMatch, type SearchedGuardian } from './search-match.ts';

/** Limits the matches of a search; users type more letters instead of paging further. */
export const maxHits = 250;

/** Where a page begins, and its size. */
export interface Part {
  readonly offset: number;
  readonly limit: number;
}

/** The rows of a page, and how many match. */
export type Found = Pick<StudentPage, 'rows' | 'total' | 'hasMore'>;

/** A hit of the page: the columns of `student_hit`. */
interface Hit {
  readonly id: number;
  readonly rank: number;
  readonly similar_words: readonly string[];
  readonly total: number;
}

/** A student, with the columns that explain the hit. */
interface HitStudent extends ListedStudent {
  readonly emails: readonly Email[] | null;
  readonly phones: readonly Phone[] | null;
  readonly addresses: readonly Address[] | null;
  readonly guardians:
    | readonly (PersonName &
        Pick<SearchedGuardian, 'relationship' | 'phones' | 'emails' | 'addresses'>)[]
    | null;
}

/** From this rank on, something else than the beginning of the name may have matched; then, something of a guardian. */
const [otherWordRank, guardianRank] = [3, 4];

/** SQL for a column that may explain the hit. */
const detail = (column: string) =>
  `case when h.rank >= ${otherWordRank} then s.${column} end as ${column}`;

/** Returns a page of the students that a search finds, the best first or in the order asked for. */
export async function readHits(
  database: DistrictDatabase,
  search: StudentSearch,
  sort: StudentListQuery['sort'],
  part: Part,
  readCountCells: CountCellReader,
): Promise<Found> {
  const order = parseSort(sort);
  const parameters = new Parameters();
  const found = findStudents(search, await readCountCells(database), maxHits + 1, parameters);
  const [from, by] =
    order === undefined
      ? [`${found} h where $1::bigint is not null`, bestFirst(search.words)]
      : [
          `${found} h join students s on s.district_id = $1 and s.id = h.student_id`,
          orderBy(order),
        ];
  const hits = await database.rows<Hit>(
    prepared(
      `select h.student_id as id, h.rank, h.similar_words, count(*) over () as total from ${from}
       order by ${by} limit ${parameters.add(part.limit)} offset ${parameters.add(part.offset)}`,
    ),
    ...parameters.values,
  );
  const total =
    hits[0]?.total ?? (part.offset === 0 ? 0 : await countHits(database, search, readCountCells));
  const students = hits.length === 0 ? [] : await readHitStudents(database, hits);
  const similar = new Map(hits.map(({ id, similar_words: words }) => [id, words]));
  return {
    rows: students.map((student) =>
      toStudentRow(student, toMatch(student, search.words, similar.get(student.id) ?? [])),
    ),
    total: Math.min(total, maxHits),
    hasMore: total > maxHits,
  };
}

/** Reads the students of a page in its order; one statement for all searches, as in `readListedStudents`. */
async function readHitStudents(
  database: DistrictDatabase,
  hits: readonly Hit[],
): Promise<HitStudent[]> {
  return database.rows<HitStudent>(
    prepared(
      `select ${rowColumns}, ${['phones', 'emails', 'addresses'].map(detail).join(', ')},
         case when h.rank >= ${guardianRank} then (
           select jsonb_agg(jsonb_build_object('first', first_name, 'middle', middle_name, 'last', last_name,
             'suffix', suffix, 'relationship', relationship, 'phones', phones, 'emails', emails, 'addresses', addresses) order by position)
           from guardians g where g.district_id = $1 and g.student_id = s.id) end as guardians
       from unnest($2::bigint[], $3::integer[]) with ordinality h (id, rank, nth)
       join students s on s.district_id = $1 and s.id = h.id order by h.nth`,
    ),
    hits.map(({ id }) => id),
    hits.map(({ rank }) => rank),
  );
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

const toMatch = (hit: HitStudent, words: string, similarWords: readonly string[]): StudentMatch =>
  explainMatch(words, similarWords, {
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
      ({ first, middle, last, suffix, relationship, phones, emails, addresses }) => ({
        name: { first, middle, last, suffix },
        relationship,
        phones,
        emails,
        addresses,
      }),
    ),
  });
