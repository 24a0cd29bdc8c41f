/** Reads a list page by page, several at once, in order, and proves that the list is whole. */
import { containsKey, KeyGaps, isInGap, type KeyGap } from './key-gap.ts';
import { QmlativError } from '../http/qmlativ-error.ts';

/*
 * How a list is read
 *
 * Pages are counted up from 1. The first page is fetched alone, so that a short table costs one request; from then
 * on up to `concurrency` pages are fetched ahead. They are handed over in order. One page more than `concurrency` is
 * in memory at most: the one the caller holds. While the caller is busy nothing further is asked for.
 *
 * What a page says:
 *   no rows                                      -> the list has ended before it
 *   rows, Next null, empty or its own address    -> it is the last page
 *   rows, Next naming another page, or no Next   -> more may follow; the next page tells
 *   no such page, a refusal, or the rows of the page before -> the list has ended before it, if that page named no next one
 * An empty page that names a next one is believed only if that one is empty, too; an empty page that the page before
 * had named is asked for a second time.
 * A server that never names Next and one that always does are thus read alike: an empty page proves the end.
 * Pages fetched ahead beyond the end are dropped, whatever they hold.
 *
 * What must not be, else `unstable-list`:
 *   a key that is not above the one before       -> pages overlap, repeat, or the list moved or is in another order
 *   rows on or after a page that came empty      -> the page was lost on the way
 *   rows in the gap after a page with fewer rows than asked -> the page was cut, or the list moved
 *   Next naming any page but the next            -> a gap or a circle
 * Three exceptions:
 *   When the *first* page is short and the second has rows, the server may deliver fewer rows a page than asked for.
 *   Nothing has been handed over yet, so the list is started over with that smaller size.
 *   A server may take rows out of a page after paging. So a short page, or an empty one that names the next, is
 *   believed if it comes the same when it is asked for again, and if nothing lies in the gap after it (see below).
 *   A single page that is the whole list may be in any order, for nothing has to be proven by it.
 *
 * What pages alone cannot tell: a row deleted on a page that was read moves every later row one place ahead, and the
 * first of the next page over to the page before. Its key then lies in a gap between two pages, for the list is
 * sorted by key. So the gaps of a list that is not one page alone are asked for at its end, and rows found there are handed
 * over as one page more. A row with a new key may come that way too, which is as good. All that counts is the order
 * in which the rows came, whether the server sorts as it was asked to or lists by key anyway.
 */

/** No server limits pages to fewer rows; a first page below that was cut, and reading on in such bits would not end. */
const minPageSize = 50;

/** One page as it came. */
export interface FetchedPage<Content> {
  readonly content: Content;
  /** The keys of all its rows. */
  readonly keys: readonly number[];
  /** What the server said about the next page; undefined when it said nothing. */
  readonly next: string | null | undefined;
  /** With which page size the first page was asked for in the end, where the server refuses a larger one. */
  readonly pageSize?: number;
  /** The server has no such page at all, rather than an empty one, or refuses it. */
  readonly isMissing?: boolean;
  /** What to throw where a refused page was named by the one before. */
  readonly rejection?: () => Promise<Error>;
}

export interface PageReadingOptions<Content> {
  readonly fetchPage: (
    page: number,
    pageSize: number,
    signal: AbortSignal,
  ) => Promise<FetchedPage<Content>>;
  /** Fetches the rows of the list whose keys lie in these gaps, as one page. */
  readonly fetchBetween: (
    gaps: readonly KeyGap[],
    page: number,
    pageSize: number,
    signal: AbortSignal,
  ) => Promise<FetchedPage<Content>>;
  readonly pageSize: number;
  /** Pages fetched ahead at most. */
  readonly concurrency: number;
  /** Whether a page that may not exist is fetched ahead after page `taken`; always when left out. */
  readonly mayGuess?: (page: number, taken: number) => boolean;
  /** `Module/Object`, for errors. */
  readonly object: string;
  readonly signal: AbortSignal;
}

/** A page that is handed over. */
interface ReadPage<Content> {
  readonly page: number;
  readonly content: Content;
  readonly keys: readonly number[];
}

/** Reads all pages of a list, in order. Empty pages are not handed over. Throws `unstable-list`, see above. */
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

/** Hands over the rows that lie between the pages that were read. */
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
      throw createUnstableError(options, page, 'holds rows that the pages before left out');
    if (!keys.every((key) => isInGap(batch, key)) || new Set(keys).size < keys.length)
      throw createUnstableError(options, page, 'repeats a row that was delivered before');
    yield { page, content, keys };
  }
}

/** A page with what the pages around it say of it. */
interface NumberedPage<Content> extends ReadPage<Content> {
  readonly isLast: boolean;
  /** The page before had fewer rows than were asked for, or none. */
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
    /** Those of the last page that had any, and of the last page. */
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
        throw createUnstableError(options, page, 'is missing although the page before named it');
      if (!wasAnnounced && isRepeat(keys, before)) return;
      if (keys.length === 0) {
        // The page whose emptiness is proof: the next one where one is named, else this one, asked for again.
        const proof = announcesNext ? page + 1 : page;
        if (!announcesNext && !wasAnnounced) return;
        const found = await takePage(ahead, proof, options, pageSize, signal);
        if (found.keys.length === 0) return;
        if (!announcesNext)
          throw createUnstableError(options, page, 'is empty although the list goes on');
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

/** Throws when a page that was short holds other rows when it is asked for again. */
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
    throw createUnstableError(options, page, 'holds other rows when it is asked for again');
}

/** Whether keys do not fall. */
const isAscending = (keys: readonly number[]): boolean =>
  keys.every((key, index) => key >= (keys[index - 1] ?? key));

/** Whether a page brings nothing but rows of the one before: some servers give the last page again. */
const isRepeat = (keys: readonly number[], before: readonly number[]): boolean => {
  const known = new Set(before);
  return keys.length > 0 && keys.every((key) => known.has(key));
};

type Ahead<Content> = Map<number, Promise<FetchedPage<Content>>>;

/** Fetches the first page, and the second where only that tells whether the page size can be had. */
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
    // Without an order the gaps prove nothing; that the page stood still while the next one was empty does.
    const retried = await options.fetchPage(1, pageSize, signal);
    if (retried.keys.length !== count || !isRepeat(retried.keys, first.keys))
      throw createUnstableError(options, 1, 'holds other rows when it is asked for again');
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
    // A page beyond the end may fail, or be stopped, without anybody waiting for it.
    fetching.catch(() => undefined);
    ahead.set(page, fetching);
  }
}

/** Whether Next says that this page is the last. Throws when it names any page but the following one. */
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
    throw createUnstableError(options, page, `names page ${named} as the next one`);
  return false;
}

/** The page number in an address that ends in `/{page}/{pageSize}`. */
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
  return new QmlativError('unstable-list', 'is not in the order that was asked for', {
    place: { object: options.object, page },
    advice:
      'Skyward sent a list of several pages in another order than that of its keys, so that a row that is left out cannot be noticed. Support can set a page size that takes the whole list; otherwise send this message to support, and ask Skyward whether SearchSort works for the integration.',
  });
}
