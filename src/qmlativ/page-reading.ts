/** Reads a list page by page, several at once, in order, and proves that the list is whole. */
import { KeyGaps, liesIn, type KeyGap } from './key-gap.ts';
import { QmlativError } from './qmlativ-error.ts';

/*
 * How a list is read (contract 7.1)
 *
 * Pages are counted up from 1. The first page is fetched alone, so that a short table costs one request; from then
 * on up to `concurrency` pages are fetched ahead. They are handed over in order. One page more than `concurrency` is
 * in memory at most: the one the caller holds. While the caller is busy nothing further is asked for.
 *
 * What a page says:
 *   no rows                                      -> the list has ended before it
 *   rows, Next null, empty or its own address    -> it is the last page
 *   rows, Next naming another page, or no Next   -> more may follow; the next page tells
 * An empty page that names a next one is believed only if that one is empty, too; an empty page that the page before
 * had named is asked for a second time.
 * A server that never names Next and one that always does are thus read alike: an empty page proves the end.
 * Pages fetched ahead beyond the end are dropped, whatever they hold.
 *
 * What must not be, else `unstable-list`:
 *   a key that is not above the one before       -> pages overlap, repeat, or the list moved or is in another order
 *   rows on or after a page that came empty      -> the page was lost on the way
 *   rows after a page with fewer rows than asked -> the page was cut, or the list moved
 *   Next naming any page but the next            -> a gap or a circle
 * One exception: when the *first* page is short and the second has rows, the server may deliver fewer rows a page
 * than asked for. Nothing has been handed over yet, so the list is started over with that smaller size.
 *
 * What pages alone cannot tell: a row deleted on a page that was read moves every later row one place ahead, and the
 * first of the next page over to the page before. Its key then lies in a gap between two pages, for the list is
 * sorted by key. So the gaps of a list that is not one page alone are asked for at its end, and rows found there are handed
 * over as one page more. A row with a new key may come that way too, which is as good.
 */

/** No server limits pages to fewer rows; a first page below that was cut, and reading on in such bits would not end. */
const smallestPageSize = 50;

/** One page as it came. */
export interface FetchedPage<Content> {
  readonly content: Content;
  /** The keys of all its rows. */
  readonly keys: readonly number[];
  /** What the server said about the next page; undefined when it said nothing. */
  readonly next: string | null | undefined;
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
  readonly concurrency: number;
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
  let isOnePage = true;
  for await (const { isLast, ...page } of readNumberedPages(options)) {
    if (!gaps.add(page.keys))
      throw unstable(options, page.page, 'repeats a row, or is not in the order of the keys');
    pages = page.page;
    isOnePage = pages === 1 && isLast;
    yield page;
  }
  if (!isOnePage) yield* readBetween(options, gaps, pages);
}

/** Hands over the rows that lie between the pages that were read. */
async function* readBetween<Content>(
  options: PageReadingOptions<Content>,
  gaps: KeyGaps,
  pages: number,
): AsyncGenerator<ReadPage<Content>, void, undefined> {
  const { pageSize, signal } = options;
  let page = pages;
  for (const question of gaps.questions()) {
    const { content, keys } = await options.fetchBetween(question, page + 1, pageSize, signal);
    if (keys.length === 0) continue;
    page += 1;
    if (keys.length >= pageSize || keys.length > smallestPageSize)
      throw unstable(options, page, 'holds rows that the pages before left out');
    if (!keys.every((key) => liesIn(question, key)) || new Set(keys).size < keys.length)
      throw unstable(options, page, 'repeats a row that was delivered before');
    yield { page, content, keys };
  }
}

async function* readNumberedPages<Content>(
  options: PageReadingOptions<Content>,
): AsyncGenerator<ReadPage<Content> & { readonly isLast: boolean }, void, undefined> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  try {
    const { pageSize, ahead } = await findStart(options, signal);
    let wasShort = false;
    let wasNamed = false;
    for (let page = 1; ; page += 1) {
      const fetched = await takePage(ahead, page, options, pageSize, signal);
      const last = saysEnd(fetched.next, page, options);
      const namesNext = !last && fetched.next !== undefined;
      if (fetched.keys.length === 0) {
        // The page whose emptiness is proof: the next one where one is named, else this one, asked for again.
        const proof = namesNext ? page + 1 : page;
        if (!namesNext && !wasNamed) return;
        const found = await takePage(ahead, proof, options, pageSize, signal);
        if (found.keys.length === 0) return;
        throw unstable(options, page, 'is empty although the list goes on');
      }
      if (wasShort)
        throw unstable(options, page, 'has rows although the page before had fewer than asked for');
      wasShort = fetched.keys.length < pageSize;
      wasNamed = namesNext;
      if (!last) fetchAhead(ahead, page, options, pageSize, signal);
      yield { page, content: fetched.content, keys: fetched.keys, isLast: last };
      if (last) return;
    }
  } finally {
    stop.abort();
  }
}

type Ahead<Content> = Map<number, Promise<FetchedPage<Content>>>;

/** Fetches the first page, and the second where only that tells whether the page size can be had. */
async function findStart<Content>(
  options: PageReadingOptions<Content>,
  signal: AbortSignal,
): Promise<{ pageSize: number; ahead: Ahead<Content> }> {
  const { pageSize } = options;
  const first = await options.fetchPage(1, pageSize, signal);
  const count = first.keys.length;
  const ahead: Ahead<Content> = new Map([[1, Promise.resolve(first)]]);
  if (count === 0 || count >= pageSize || saysEnd(first.next, 1, options))
    return { pageSize, ahead };
  const second = await options.fetchPage(2, pageSize, signal);
  ahead.set(2, Promise.resolve(second));
  if (second.keys.length === 0) return { pageSize, ahead };
  if (count < smallestPageSize)
    throw unstable(options, 2, 'has rows although the page before had fewer than asked for');
  return { pageSize: count, ahead: new Map() };
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
    const fetching = options.fetchPage(page, pageSize, signal);
    // A page beyond the end may fail, or be stopped, without anybody waiting for it.
    fetching.catch(() => undefined);
    ahead.set(page, fetching);
  }
}

/** Whether Next says that this page is the last. Throws when it names any page but the following one. */
function saysEnd(
  next: string | null | undefined,
  page: number,
  options: PageReadingOptions<unknown>,
): boolean {
  if (next === undefined) return false;
  if (next === null || next.trim() === '') return true;
  const named = pageNamedBy(next);
  if (named === page) return true;
  if (named !== undefined && named !== page + 1)
    throw unstable(options, page, `names page ${named} as the next one`);
  return false;
}

/** The page number in an address that ends in `/{page}/{pageSize}`. */
function pageNamedBy(next: string): number | undefined {
  const digits = /\/(\d{1,9})\/\d{1,9}\/?(?:[?#].*)?$/.exec(next)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function unstable(options: PageReadingOptions<unknown>, page: number, what: string): QmlativError {
  return new QmlativError('unstable-list', what, { place: { object: options.object, page } });
}
