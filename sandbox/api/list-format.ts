/** Paging of lists: page sizes, the next page, and empty lists. */
import type { RowList } from './search.ts';
import type { SwitchValues } from './contract-switches.ts';
import { ApiError } from './api-error.ts';

/** A requested page of a list. */
export interface PageRequest {
  readonly page: number;
  readonly pageSize: number;
}

/** The content of a page: rows, no body, or null instead of a list. */
export interface FoundPage {
  readonly kind: 'list' | 'status-204' | 'status-404' | 'null-list';
  readonly rows: readonly number[];
}

/** With uneven pages, every nth row is removed from its page. */
const unevenPageInterval = 7;

/** Returns the effective page size. Throws if it is too large. */
export function effectivePageSize(switches: SwitchValues, pageSize: number): number {
  const rule = switches['page-size'];
  if (rule === 'refused-over-100' && pageSize > 100) {
    throw new ApiError(400, 'The page size may be 100 at most.');
  }
  return rule === 'capped-at-50' ? Math.min(pageSize, 50) : pageSize;
}

/** Counts the positions of a list, including those of rows removed from their pages. */
function countPositions(switches: SwitchValues, { length }: RowList): number {
  return switches['page-length'] === 'uneven'
    ? length + Math.floor(length / (unevenPageInterval - 1))
    : length;
}

/** Returns the number of the last page; an empty list also has one page. */
export function countPages(switches: SwitchValues, rows: RowList, pageSize: number): number {
  return Math.max(1, Math.ceil(countPositions(switches, rows) / pageSize));
}

/** Returns the rows of a page; the first page is 1. */
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

/** Parts of the URL of the next page. */
export interface ListAddress {
  /** Scheme, host and base path. */
  readonly base: string;
  /** Path of the object relative to the base, with prefix and entity. */
  readonly path: string;
  /** The query with its question mark, or empty. */
  readonly query: string;
}

/** Returns the value of `Next`: a URL, null, an empty text, or undefined. */
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

/** Returns the body of a list from rows as JSON. */
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
