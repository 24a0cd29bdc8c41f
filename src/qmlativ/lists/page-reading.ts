/** Reads a list page by page, several pages at once, in order, and proves that the list is complete. */
import { containsKey, KeyGaps, isInGap, type KeyGap } from './key-gap.ts';
import { QmlativError } from '../http/qmlativ-error.ts';

/*
 * How a list is read
 *
 * Pages are numbered from 1. The first page is fetched alone, so that a short table costs one request; then up to
 * `concurrency` pages are fetched ahead and returned in order. At most `concurrency` + 1 pages are in memory: the last
 * one is with the caller. While the caller is busy, no further pages are requested.
 *
 * What a page shows:
 *   no rows                                      -> the list ended before it
 *   rows, Next null, empty or its own address    -> it is the last page
 *   rows, Next refers to another page, or no Next -> there may be more; the next page decides
 *   no such page, a rejection, or the rows of the page before -> the list ended before it, unless that page referred to it
 * An empty page that refers to a next one counts only if the next one is empty, too; an empty page that the page before
 * referred to is requested again.
 * So a server that never sends Next and one that always does are read alike: an empty page proves the end.
 * Pages fetched beyond the end are ignored.
 *
 * These throw `unstable-list`:
 *   a key that is not above the one before       -> pages overlap, repeat, the list changed or is in another order
 *   rows on or after a page that was empty       -> the page was lost
 *   rows in the gap after a page with fewer rows than requested -> the page was cut off, or the list changed
 *   Next refers to any page but the next         -> a gap or a loop
 * Three exceptions:
 *   If the *first* page is short and the second has rows, the server may return fewer rows per page than requested.
 *   Nothing has been returned yet, so the list is started over with that smaller size.
 *   A server may remove rows from a page after paging. So a short page, or an empty one that refers to the next, is
 *   accepted if it is the same when requested again, and if there are no rows in the gap after it (see below).
 *   A single page that is the whole list may be in any order, because nothing has to be proven by it.
 *
 * What pages alone cannot show: if a row is deleted on a page that was read, every later row moves one place ahead, and
 * the first of the next page moves to the page before. Its key is then in a gap between two pages, because the list is
 * sorted by key. So the gaps of a list of several pages are queried at its end, and rows found there are returned as one
 * more page. That may also find a new row, which is fine. Only the order of the rows counts, whether the server sorted
 * them as requested or always lists by key.
 */

/** No server limits pages to fewer rows. A shorter first page was cut off, and pages of that size would never end. */
const minPageSize = 50;

/** One page as received. */
export interface FetchedPage<Content> {
  readonly content: Content;
  /** The keys of all its rows. */
  readonly keys: readonly number[];
  /** The reference to the next page; undefined if there is none. */
  readonly next: string | null | undefined;
  /** The page size with which the server accepted the first page. */
  readonly pageSize?: number;
  /** Whether the page does not exist or was rejected, and is not just empty. */
  readonly isMissing?: boolean;
  /** Returns the error for a rejected page that the page before referred to. */
  readonly rejection?: () => Promise<Error>;
}

export interface PageReadingOptions<Content> {
  readonly fetchPage: (
    page: number,
    pageSize: number,
    signal: AbortSignal,
  ) => Promise<FetchedPage<Content>>;
  /** Fetches the rows whose keys are in these gaps, as one page. */
  readonly fetchBetween: (
    gaps: readonly KeyGap[],
    page: number,
    pageSize: number,
    signal: AbortSignal,
  ) => Promise<FetchedPage<Content>>;
  readonly pageSize: number;
  /** Maximum number of pages fetched ahead. */
  readonly concurrency: number;
  /** Whether to fetch ahead a page that may not exist, after `taken` pages; by default always. */
  readonly mayGuess?: (page: number, taken: number) => boolean;
  /** `Module/Object`, for errors. */
  readonly object: string;
  readonly signal: AbortSignal;
}

/** A page returned to the caller. */
interface ReadPage<Content> {
  readonly page: number;
  readonly content: Content;
  readonly keys: readonly number[];
}

/** Reads all pages of a list, in order. Empty pages are not returned. Throws `unstable-list`, see above. */
export async function* readPagesInOrder<Content>(
  options: PageReadingOptions<Content>,
): AsyncGenerator<ReadPage<Content>, void, undefined> {
  const gaps = new KeyGaps();
  let pages = 0;
  let size = options.pageSize;
  for await (const { isLast, isAfterShort, pageSize, ...page } of readNumberedPages(options)) {
    if (page.page === 1 && isLast) {
      if (new Set(page.keys).size < page.keys.length)
        throw createUnstableError(options, page.page, 'repeats a row');
      yield page;
      return;
    }
    if (!isAscending(page.keys)) throw createUnorderedError(options, page.page);
    if (!gaps.add(page.keys, isAfterShort))
      throw createUnstableError(
        options,
        page.page,
        'repeats a row, or is not in the order of the keys',
      );
    pages = page.page;
    size = pageSize;
    yield page;
  }
  if (pages > 0) yield* readBetween({ ...options, pageSize: size }, gaps, pages);
}

/** Returns the rows between the pages that were read. */
async function* readBetween<Content>(
  options: PageReadingOptions<Content>,
  gaps: KeyGaps,
  pages: number,
): AsyncGenerator<ReadPage<Content>, void, undefined> {
  const { pageSize, signal } = options;
  let page = pages;
  for (const batch of gaps.batches()) {
    const { content, keys } = await options.fetchBetween(batch, page + 1, pageSize, signal);
    if (keys.length === 0) continue;
    page += 1;
    const wasCut = keys.some((key) =>
      batch.some((gap) => gap.isAfterShort && containsKey(gap, key)),
    );
    if (wasCut || keys.length >= pageSize || keys.length > minPageSize)
      throw createUnstableError(options, page, 'has rows that the pages before did not have');
    if (!keys.every((key) => isInGap(batch, key)) || new Set(keys).size < keys.length)
      throw createUnstableError(options, page, 'repeats a row that was received before');
    yield { page, content, keys };
  }
}

/** A page, and what the pages around it show about it. */
interface NumberedPage<Content> extends ReadPage<Content> {
  readonly isLast: boolean;
  /** Whether the page before had fewer rows than requested, or none. */
  readonly isAfterShort: boolean;
  readonly pageSize: number;
}

async function* readNumberedPages<Content>(
  options: PageReadingOptions<Content>,
): AsyncGenerator<NumberedPage<Content>, void, undefined> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  try {
    const { pageSize, ahead } = await findStart(options, signal);
    /** The keys of the last page with rows, and of the last page. */
    let before: readonly number[] = [];
    let latest = before;
    let wasShort = false;
    let wasAnnounced = false;
    for (let page = 1; ; page += 1) {
      const fetched = await takePage(ahead, page, options, pageSize, signal);
      const { content, keys } = fetched;
      const isLast = isLastPage(fetched.next, page, options);
      const announcesNext = !isLast && fetched.next !== undefined;
      if (fetched.rejection !== undefined && wasAnnounced) throw await fetched.rejection();
      if (fetched.isMissing === true && wasAnnounced)
        throw createUnstableError(
          options,
          page,
          'is missing although the page before refers to it',
        );
      if (!wasAnnounced && isRepeat(keys, before)) return;
      if (keys.length === 0) {
        // The empty page that proves the end: the one it refers to, or else this page, requested again.
        const proof = announcesNext ? page + 1 : page;
        if (!announcesNext && !wasAnnounced) return;
        const found = await takePage(ahead, proof, options, pageSize, signal);
        if (found.keys.length === 0) return;
        if (!announcesNext)
          throw createUnstableError(options, page, 'is empty although the list continues');
        ahead.set(proof, Promise.resolve(found));
      } else {
        if (wasShort) await verifyPage(options, page - 1, { keys: latest, pageSize, signal });
        if (!isLast) fetchAhead(ahead, page, options, pageSize, signal);
        yield { page, content, keys, isLast, isAfterShort: wasShort, pageSize };
        if (isLast) return;
        before = keys;
      }
      latest = keys;
      wasShort = keys.length < pageSize;
      wasAnnounced = announcesNext;
    }
  } finally {
    stop.abort();
  }
}

/** Throws if a short page has other rows when it is requested again. */
async function verifyPage(
  options: PageReadingOptions<unknown>,
  page: number,
  {
    keys,
    pageSize,
    signal,
  }: { readonly keys: readonly number[]; pageSize: number; signal: AbortSignal },
): Promise<void> {
  const retried = await options.fetchPage(page, pageSize, signal);
  if (retried.keys.length !== keys.length || retried.keys.some((key, place) => key !== keys[place]))
    throw createUnstableError(options, page, 'has other rows when it is requested again');
}

/** Returns whether keys never decrease. */
const isAscending = (keys: readonly number[]): boolean =>
  keys.every((key, index) => key >= (keys[index - 1] ?? key));

/** Returns whether a page has only rows of the page before: some servers return the last page again. */
const isRepeat = (keys: readonly number[], before: readonly number[]): boolean => {
  const known = new Set(before);
  return keys.length > 0 && keys.every((key) => known.has(key));
};

type Ahead<Content> = Map<number, Promise<FetchedPage<Content>>>;

/** Fetches the first page, and the second if only that shows whether the server accepts the page size. */
async function findStart<Content>(
  options: PageReadingOptions<Content>,
  signal: AbortSignal,
): Promise<{ pageSize: number; ahead: Ahead<Content> }> {
  const first = await options.fetchPage(1, options.pageSize, signal);
  const { pageSize = options.pageSize } = first;
  const count = first.keys.length;
  const ahead: Ahead<Content> = new Map([[1, Promise.resolve(first)]]);
  const isShort = count < pageSize;
  const isOrdered = isAscending(first.keys);
  if (count === 0 || (isOrdered && !isShort) || isLastPage(first.next, 1, options))
    return { pageSize, ahead };
  const second = await options.fetchPage(2, pageSize, signal);
  ahead.set(2, Promise.resolve(second));
  const isEnd =
    second.keys.length === 0 || (first.next === undefined && isRepeat(second.keys, first.keys));
  if (!isOrdered) {
    if (!isEnd) throw createUnorderedError(options, 1);
    // Without an order the gaps prove nothing. An unchanged page while the next one is empty does.
    const retried = await options.fetchPage(1, pageSize, signal);
    if (retried.keys.length !== count || !isRepeat(retried.keys, first.keys))
      throw createUnstableError(options, 1, 'has other rows when it is requested again');
    return { pageSize, ahead: new Map([[1, Promise.resolve({ ...first, next: null })]]) };
  }
  if (isEnd) return { pageSize, ahead };
  return count < minPageSize ? { pageSize, ahead } : { pageSize: count, ahead: new Map() };
}

function takePage<Content>(
  ahead: Ahead<Content>,
  page: number,
  options: PageReadingOptions<Content>,
  pageSize: number,
  signal: AbortSignal,
): Promise<FetchedPage<Content>> {
  const fetched = ahead.get(page) ?? options.fetchPage(page, pageSize, signal);
  ahead.delete(page);
  return fetched;
}

function fetchAhead<Content>(
  ahead: Ahead<Content>,
  taken: number,
  options: PageReadingOptions<Content>,
  pageSize: number,
  signal: AbortSignal,
): void {
  for (let page = taken + 1; page <= taken + options.concurrency; page += 1) {
    if (ahead.has(page)) continue;
    if (page > taken + 1 && options.mayGuess?.(page, taken) === false) return;
    const fetching = options.fetchPage(page, pageSize, signal);
    // Nothing waits for a page beyond the end, which may fail or be canceled.
    fetching.catch(() => undefined);
    ahead.set(page, fetching);
  }
}

/** Returns whether Next shows that this page is the last. Throws if it refers to any page but the next. */
function isLastPage(
  next: string | null | undefined,
  page: number,
  options: PageReadingOptions<unknown>,
): boolean {
  if (next === undefined) return false;
  if (next === null || next.trim() === '') return true;
  const named = parsePageNumber(next);
  if (named === page) return true;
  if (named !== undefined && named !== page + 1)
    throw createUnstableError(options, page, `refers to page ${named} as the next one`);
  return false;
}

/** Returns the page number in an address that ends in `/{page}/{pageSize}`. */
function parsePageNumber(next: string): number | undefined {
  const digits = /\/(\d{1,9})\/\d{1,9}\/?(?:[?#].*)?$/.exec(next)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function createUnstableError(
  options: PageReadingOptions<unknown>,
  page: number,
  reason: string,
): QmlativError {
  return new QmlativError('unstable-list', reason, { place: { object: options.object, page } });
}

function createUnorderedError(options: PageReadingOptions<unknown>, page: number): QmlativError {
  return new QmlativError('unstable-list', 'is not in the requested order', {
    place: { object: options.object, page },
    advice:
      'Skyward returned a list of several pages that is not in the order of its keys, so a missing row cannot be detected. Support can set a page size that returns the whole list; otherwise send this message to support, and ask Skyward whether SearchSort works for the integration.',
  });
}
