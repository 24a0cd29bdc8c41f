/** The list's state in the address: search, filters, order, columns, page. */
import type { SavedListQuery } from '../../../src/contract/students/saved-views.ts';
import {
  type DataProblem,
  dataProblems,
  type StudentColumn,
  studentColumns,
} from '../../../src/contract/students/student-list.ts';
import { Day, statuses } from '../../../src/contract/values.ts';

/** As in the address; several values of a filter are separated by commas. */
export interface StudentListSearch {
  readonly search?: string | undefined;
  readonly status?: string | undefined;
  readonly school?: string | undefined;
  readonly grade?: string | undefined;
  readonly changedSince?: string | undefined;
  readonly problem?: DataProblem | undefined;
  /** The user's own students, or all; undefined: as in `shownView`. */
  readonly view?: ListView | undefined;
  /** A column; a leading `-` means descending. */
  readonly sort?: SortText | undefined;
  readonly columns?: string | undefined;
  readonly page?: number | undefined;
}

export type ListView = 'mine' | 'all';

export type SortText = StudentColumn | `-${StudentColumn}`;

/** Columns shown unless others are chosen. */
export const defaultColumns: readonly StudentColumn[] = [
  'name',
  'number',
  'grade',
  'school',
  'birthDate',
  'status',
];

const isOneOf = <Value extends string>(values: readonly Value[], given: string): given is Value =>
  (values as readonly string[]).includes(given);

const keepKnown = (given: unknown, isKnown: (value: string) => boolean): string | undefined => {
  if (typeof given !== 'string' && typeof given !== 'number') return undefined;
  const known = [...new Set(String(given).split(','))].filter(isKnown);
  return known.length === 0 ? undefined : known.slice(0, 50).join(',');
};

const isColumn = (value: string): value is StudentColumn => isOneOf(studentColumns, value);

/** Parses an address and ignores its invalid parts, so old bookmarks still open. */
export function parseListSearch(search: Readonly<Record<string, unknown>>): StudentListSearch {
  const page = Number(search['page']);
  const text = search['search'];
  const sort = search['sort'];
  const problem = search['problem'];
  const view = search['view'];
  const parts = {
    search: typeof text === 'string' && text !== '' ? text.slice(0, 100) : undefined,
    status: keepKnown(search['status'], (value) => isOneOf(statuses, value)),
    school: keepKnown(search['school'], (value) => /^[1-9]\d{0,15}$/.test(value)),
    grade: keepKnown(search['grade'], (value) => value !== '' && value.length <= 20),
    changedSince: Day.safeParse(search['changedSince']).data,
    problem: typeof problem === 'string' && isOneOf(dataProblems, problem) ? problem : undefined,
    view: view === 'mine' || view === 'all' ? view : undefined,
    sort:
      typeof sort === 'string' && isColumn(sort.replace(/^-/, '')) ? (sort as SortText) : undefined,
    columns: keepKnown(search['columns'], isColumn),
    page: Number.isInteger(page) && page > 1 && page <= 1_000_000 ? page : undefined,
  };
  return Object.fromEntries(
    Object.entries(parts).filter(([, value]) => value !== undefined),
  ) as StudentListSearch;
}

/** The values of a filter. */
const splitValues = (given: string | undefined): readonly string[] => given?.split(',') ?? [];

/** The columns to show, in the order of the table; the name always. */
export function listColumns({
  columns,
}: Pick<StudentListSearch, 'columns'>): readonly StudentColumn[] {
  const chosen = columns === undefined ? defaultColumns : splitValues(columns);
  return studentColumns.filter((column) => column === 'name' || chosen.includes(column));
}

/** Whether a search or any filter is set. */
export const hasFilters = (query: StudentListSearch): boolean =>
  [query.search, query.status, query.school, query.grade, query.changedSince, query.problem].some(
    (value) => value !== undefined,
  );

/**
 * Which students are listed: by default the user's own, if there are any; a search or filter is of all students, unless
 * the address says otherwise.
 */
export const shownView = (query: StudentListSearch, ownCount: number): ListView =>
  query.view ?? (ownCount > 0 && !hasFilters(query) ? 'mine' : 'all');

/** Returns the list without its page, as a view stores it. */
export function toSavedQuery(search: StudentListSearch): SavedListQuery {
  const { page: _, ...query } = search;
  const entries = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}

/** Whether both show the same list. */
export function isSameList(one: SavedListQuery, other: SavedListQuery): boolean {
  const parts = new Map(Object.entries(other));
  const own = Object.entries(one);
  return own.length === parts.size && own.every(([name, value]) => parts.get(name) === value);
}
