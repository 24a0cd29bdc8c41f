/** Counts students by status, grade and school; cached until something changes. */
import type { StudentFacets, StudentFilter } from '../../contract/students/student-list.ts';
import { type Status, statuses } from '../../contract/values.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { prepared } from '../../database/prepared-statement.ts';
import { type SearchedSchool, toSearchWords } from './search-terms.ts';

/** The number of students with one status, grade and school. */
export interface CountCell {
  readonly status: Status;
  readonly grade: string | null;
  readonly entity_id: number | null;
  /** Name of the school. */
  readonly school: string | null;
  readonly number: number;
}

/** The counts of all students that the caller may see, with what is derived from them. */
export interface StudentCounts {
  readonly cells: readonly CountCell[];
  /** Returns the number of students that match the choices. */
  count(choices: Choices): number;
  /** The schools of the students, each with the words of its name. */
  readonly schools: readonly SearchedSchool[];
}

/** Reads the counts of all students that the caller may see. */
export type CountCellReader = (database: DistrictDatabase) => Promise<StudentCounts>;

/** Limits the cached districts and sets of schools. */
const maxCached = 100;

interface CachedCounts {
  readonly version: number;
  readonly counts: StudentCounts;
}

/** Limits the remembered totals of a district. */
const maxTotals = 1_000;

/** Every list asks for a total and every search for the schools, so both are derived once. */
function deriveCounts(cells: readonly CountCell[]): StudentCounts {
  const totals = new Map<string, number>();
  return {
    cells,
    count: ({ status, grade, school }) => {
      const key = JSON.stringify([status, grade, school]);
      const known = totals.get(key);
      if (known !== undefined) return known;
      const total = countMatching(cells, { status, grade, school });
      if (totals.size < maxTotals) totals.set(key, total);
      return total;
    },
    schools: listSchools(cells),
  };
}

/** The schools of the cells, each once. */
function listSchools(cells: readonly CountCell[]): SearchedSchool[] {
  const schools = new Map<number, string>();
  for (const { entity_id: entityId, school } of cells) {
    if (entityId !== null && school !== null) schools.set(entityId, school);
  }
  return Array.from(schools, ([entityId, name]) => ({ entityId, words: toSearchWords(name) }));
}

/**
 * Creates a cached reader of the table of counts (migration 0006). Every change adds a row to that table, so its
 * highest id shows whether the cache is current; id and counts are read from one snapshot.
 */
export function createCountCellCache(): CountCellReader {
  const cache = new Map<string, CachedCounts>();
  return async (database) => {
    const { districtId, schools } = database.scope;
    const key = `${districtId}/${schools?.join() ?? 'all'}`;
    const latest = await database.one<{ version: number }>(
      prepared(
        'select coalesce(max(id), 0)::bigint as version from student_counts where district_id = $1',
      ),
    );
    const version = latest?.version ?? 0;
    const cached = cache.get(key);
    // Least recently used first; the first one is evicted if there are too many.
    cache.delete(key);
    if (cached?.version === version) {
      cache.set(key, cached);
      return cached.counts;
    }
    const counts = deriveCounts(await readCells(database));
    cache.set(key, { version, counts });
    const [oldest] = cache.keys();
    if (cache.size > maxCached && oldest !== undefined) cache.delete(oldest);
    return counts;
  };
}

async function readCells(database: DistrictDatabase): Promise<CountCell[]> {
  return database.rows<CountCell>(
    prepared(
      `select status, grade, entity_id, max(school) as school, sum(number)::integer as number
       from student_counts where district_id = $1
       group by status, grade, entity_id having sum(number) > 0`,
    ),
  );
}

/** What is chosen of the filters that the counts cover. */
type Choices = Pick<StudentFilter, 'status' | 'grade' | 'school'>;

const isOneOf = <Value>(selection: readonly Value[] | undefined, value: Value | null): boolean =>
  selection === undefined || (value !== null && selection.includes(value));

/** Returns the number of students that match the choices. */
export const countMatching = (
  cells: readonly CountCell[],
  { status, grade, school }: Choices,
): number =>
  cells.reduce(
    (sum, cell) =>
      isOneOf(status, cell.status) && isOneOf(grade, cell.grade) && isOneOf(school, cell.entity_id)
        ? sum + cell.number
        : sum,
    0,
  );

/**
 * Returns counts by status, grade and school; each with the other two choices applied, but not its own. Existing
 * values without matches have a count of 0.
 */
export function toFacets(
  cells: readonly CountCell[],
  selection: Choices,
): Omit<StudentFacets, 'isCounted'> {
  const byStatus = new Map<Status, number>();
  const byGrade = new Map<string, number>();
  const bySchool = new Map<number, { name: string | null; count: number }>();
  for (const { status, grade, entity_id: entityId, school, number } of cells) {
    const isStatus = isOneOf(selection.status, status);
    const isGrade = isOneOf(selection.grade, grade);
    const isSchool = isOneOf(selection.school, entityId);
    byStatus.set(status, (byStatus.get(status) ?? 0) + (isGrade && isSchool ? number : 0));
    if (grade !== null) {
      byGrade.set(grade, (byGrade.get(grade) ?? 0) + (isStatus && isSchool ? number : 0));
    }
    if (entityId !== null) {
      const cached = bySchool.get(entityId);
      const count = (cached?.count ?? 0) + (isStatus && isGrade ? number : 0);
      bySchool.set(entityId, { name: laterName(cached?.name ?? null, school), count });
    }
  }
  return {
    statuses: statuses.flatMap((status) => {
      const count = byStatus.get(status);
      return count === undefined ? [] : [{ status, count }];
    }),
    grades: [...byGrade]
      .map(([grade, count]) => ({ grade, count }))
      .toSorted((a, b) => gradeOrder(a.grade) - gradeOrder(b.grade) || byText(a.grade, b.grade)),
    schools: [...bySchool]
      .map(([entityId, { name, count }]) => ({
        entityId,
        name: name ?? `School ${entityId}`,
        count,
      }))
      .toSorted((a, b) => byText(a.name, b.name)),
  };
}

/** Chooses one name for a school with several names in the records. */
const laterName = (one: string | null, other: string | null): string | null =>
  one === null || (other !== null && other > one) ? other : one;

/** Same order as `grade_rank` of migration 0006: before first grade, grades, everything else. */
const gradeOrder = (grade: string): number =>
  /^\d{1,3}$/.test(grade)
    ? Number(grade)
    : /^(?:IT|EE|EC)$/i.test(grade)
      ? -3
      : /^PK/i.test(grade) || /^prek$/i.test(grade)
        ? -2
        : /^K/i.test(grade)
          ? -1
          : 1000;

const collator = new Intl.Collator('en');
const byText = (a: string, b: string): number => collator.compare(a, b);
