/** How a list is cut into pages, what a page says of the next one, and what comes where there are no rows. */
import type { RowList } from './search.ts';
import type { SwitchValues } from './contract-switches.ts';
import { ApiError } from './api-error.ts';

/** The page of a list that is asked for. */
export interface PageRequest {
  readonly page: number;
  readonly pageSize: number;
}

/** What a page came to: rows, no body at all, or null in place of a list. */
export interface FoundPage {
  readonly kind: 'list' | 'status-204' | 'status-404' | 'null-list';
  readonly rows: readonly number[];
}

/** Of so many rows each is taken out of its page where pages are of uneven length. */
const unevenPageInterval = 7;

/** The page size that is used; refuses one that is too large. */
export function effectivePageSize(switches: SwitchValues, pageSize: number): number {
  const rule = switches['page-size'];
  if (rule === 'refused-over-100' && pageSize > 100) {
    throw new ApiError(400, 'The page size may be 100 at most.');
  }
  return rule === 'capped-at-50' ? Math.min(pageSize, 50) : pageSize;
}

/** How many places a list has: those of rows that are taken out of their pages count, too. */
function countPositions(switches: SwitchValues, { length }: RowList): number {
  return switches['page-length'] === 'uneven'
    ? length + Math.floor(length / (unevenPageInterval - 1))
    : length;
}

/** The number of the last page; an empty list has one page, too. */
export function countPages(switches: SwitchValues, rows: RowList, pageSize: number): number {
  return Math.max(1, Math.ceil(countPositions(switches, rows) / pageSize));
}

/** Finds the rows of a page, first page 1. */
export function findPage(switches: SwitchValues, rows: RowList, request: PageRequest): FoundPage {
  const { pageSize } = request;
  const lastPage = countPages(switches, rows, pageSize);
  const isPastEnd = request.page > lastPage;
  const empty = switches['empty-list'];
  if (rows.length === 0 && !isPastEnd) {
    return { kind: empty === 'empty-list' ? 'list' : empty, rows: [] };
  }
  const rule = switches['past-the-end'];
  if (isPastEnd && rule !== 'last-page-again') {
    return { kind: rule === 'empty-list' ? 'list' : rule, rows: [] };
  }
  const isUneven = switches['page-length'] === 'uneven';
  const start = (Math.min(request.page, lastPage) - 1) * pageSize;
  const end = Math.min(countPositions(switches, rows), start + pageSize);
  const found: number[] = [];
  for (let place = start; place < end; place += 1) {
    if (!isUneven) found.push(rows.at(place));
    else if (place % unevenPageInterval !== unevenPageInterval - 1)
      found.push(rows.at(place - Math.floor(place / unevenPageInterval)));
  }
  return { kind: 'list', rows: found };
}

/** The addresses that `Next` may be made of. */
export interface ListAddress {
  /** Scheme, host and the path before every route. */
  readonly base: string;
  /** Path of the object below the base, with prefix and entity. */
  readonly path: string;
  /** The query with its question mark, or nothing. */
  readonly query: string;
}

/** What a page says of the next one: an address, null, an empty text, or nothing at all. */
export function nextPageAddress(
  switches: SwitchValues,
  { page, pageSize, lastPage }: PageRequest & { readonly lastPage: number },
  address: ListAddress,
): string | null | undefined {
  const format = switches['next-form'];
  if (format === 'none') return undefined;
  const isLast = page >= lastPage;
  if (isLast) {
    const last = switches['last-next'];
    if (last === 'absent') return undefined;
    if (last !== 'own-address') return last === 'empty' ? '' : null;
  }
  const path = `${address.path}/${isLast ? lastPage : page + 1}/${pageSize}`;
  return {
    path,
    'path-with-query': path + address.query,
    'lower-case-path': path.toLowerCase(),
    absolute: address.base + path,
  }[format];
}

/** The body of a list, of rows that are written already; null in place of a list. */
export function writeList(
  switches: SwitchValues,
  rows: readonly string[] | null,
  next: string | null | undefined,
): string {
  const hasExtras = switches['row-extras'] === 'some';
  const paging = [
    ...(next === undefined ? [] : [`"Next":${JSON.stringify(next)}`]),
    ...(hasExtras ? ['"Previous":null'] : []),
  ];
  const objects = rows === null ? 'null' : `[${rows.join(',')}]`;
  const around = rows === null ? 'null' : `{${paging.join(',')}}`;
  const extras = hasExtras ? ',"Warnings":[]' : '';
  return switches['envelope-case'] === 'lower'
    ? `{"objects":${objects},"paging":${around.replace('"Next"', '"next"')}${extras}}`
    : `{"Objects":${objects},"Paging":${around}${extras}}`;
}
