import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QmlativError } from '../http/qmlativ-error.ts';
import { readPagesInOrder } from './page-reading.ts';
import { KeyGaps, isInGap } from './key-gap.ts';
import type { FetchedPage } from './page-reading.ts';
import { endForms, createPage } from '../../../tests/qmlativ/scripted-server.ts';
import type { EndForm } from '../../../tests/qmlativ/scripted-server.ts';

interface Reading {
  readonly total: number;
  readonly pageSize: number;
  readonly concurrency: number;
  readonly end: EndForm;
  /** The server's own limit on the page size. */
  readonly cap?: number;
  /** Changes what a page sends, `time` counting its fetches from 1. */
  readonly change?: (
    page: FetchedPage<number[]>,
    number: number,
    time: number,
  ) => FetchedPage<number[]>;
}

function pagesOf(reading: Reading) {
  const all = Array.from({ length: reading.total }, (_, index) => index * 3 + 1);
  const times = new Map<number, number>();
  const state = { under: 0, most: 0, fetched: 0, between: 0 };
  const pages = readPagesInOrder({
    object: 'Student/Student',
    pageSize: reading.pageSize,
    concurrency: reading.concurrency,
    signal: new AbortController().signal,
    fetchPage: async (page, pageSize) => {
      state.under += 1;
      state.fetched += 1;
      state.most = Math.max(state.most, state.under);
      for (let turn = (page * 7) % 5; turn > 0; turn -= 1) await Promise.resolve();
      state.under -= 1;
      const time = (times.get(page) ?? 0) + 1;
      times.set(page, time);
      const list = createPage(all, page, Math.min(pageSize, reading.cap ?? pageSize), reading.end);
      const keys = list.Objects as number[];
      const fetched = { content: keys, keys, next: list.Paging?.Next };
      return reading.change?.(fetched, page, time) ?? fetched;
    },
    fetchBetween: async (gaps) => {
      state.between += 1;
      const keys = all.filter((key) => isInGap(gaps, key));
      return { content: keys, keys, next: null };
    },
  });
  return { all, pages, state };
}

async function keysOf(pages: AsyncGenerator<{ keys: readonly number[] }>): Promise<number[]> {
  const keys: number[] = [];
  for await (const page of pages) keys.push(...page.keys);
  return keys;
}

const cut = (fetched: FetchedPage<number[]>, keys: number[]) => ({
  ...fetched,
  keys,
  content: keys,
});

describe('reading pages', () => {
  it('sends every row once, in order, whatever the size, concurrency and form of the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          total: fc.nat(120),
          pageSize: fc.integer({ min: 1, max: 40 }),
          concurrency: fc.integer({ min: 1, max: 6 }),
          end: fc.constantFrom(...endForms),
        }),
        async (reading) => {
          const { all, pages, state } = pagesOf(reading);
          expect(await keysOf(pages)).toEqual(all);
          expect(state.most).toBeLessThanOrEqual(reading.concurrency);
        },
      ),
    );
  });

  it.each(endForms)('starts over with the size the server allows, ending with %s', async (end) => {
    const { all, pages } = pagesOf({ total: 430, pageSize: 200, cap: 100, concurrency: 3, end });
    expect(await keysOf(pages)).toEqual(all);
  });

  it('needs one request for a table of one page that is marked as the last', async () => {
    const { pages, state } = pagesOf({ total: 5, pageSize: 100, concurrency: 4, end: 'null' });
    await keysOf(pages);
    expect(state.fetched).toBe(1);
    expect(state.between).toBe(0);
  });

  it('accepts a full page whose Next is null', async () => {
    const { pages, state } = pagesOf({ total: 100, pageSize: 100, concurrency: 4, end: 'null' });
    expect(await keysOf(pages)).toHaveLength(100);
    expect(state.fetched).toBe(1);
  });

  it('asks for no more than `concurrency` pages ahead of a caller who is busy', async () => {
    const { pages, state } = pagesOf({ total: 100, pageSize: 5, concurrency: 3, end: 'null' });
    await pages.next();
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    expect(state.fetched).toBe(4);
    await pages.return();
  });

  it.each<[string, Reading['change']]>([
    [
      'cut in the middle',
      (fetched, page) => (page === 3 ? cut(fetched, fetched.keys.slice(0, 4)) : fetched),
    ],
    ['empty in the middle', (fetched, page) => (page === 3 ? cut(fetched, []) : fetched)],
    [
      'the one before again',
      (fetched, page) =>
        page === 3 ? cut(fetched, [31, 34, 37, 40, 43, 46, 49, 52, 55, 58]) : fetched,
    ],
    [
      'overlapping by one row',
      (fetched, page) => (page === 3 ? cut(fetched, [58, ...fetched.keys.slice(1)]) : fetched),
    ],
    [
      'followed by a gap',
      (fetched, page) => (page === 3 ? { ...fetched, next: '/Custom/1/A/B/5/10' } : fetched),
    ],
    [
      'followed by an earlier one',
      (fetched, page) => (page === 3 ? { ...fetched, next: '/Custom/1/A/B/1/10' } : fetched),
    ],
  ])('throws unstable-list when a page is %s', async (_, change) => {
    const { pages } = pagesOf({
      total: 60,
      pageSize: 10,
      concurrency: 3,
      end: 'null',
      change: change ?? ((page) => page),
    });
    await expect(keysOf(pages)).rejects.toMatchObject({ code: 'unstable-list' });
  });

  it('asks again for an empty last page that was named before, and notices that it was lost', async () => {
    const { pages } = pagesOf({
      total: 25,
      pageSize: 10,
      concurrency: 1,
      end: 'null',
      change: (fetched, page, time) =>
        page === 3 && time === 1 ? { ...cut(fetched, []), next: null } : fetched,
    });
    await expect(keysOf(pages)).rejects.toMatchObject({
      code: 'unstable-list',
      place: { page: 3 },
    });
  });

  it('throws unstable-list when the first page is a mere scrap', async () => {
    const { pages } = pagesOf({
      total: 60,
      pageSize: 30,
      concurrency: 3,
      end: 'null',
      change: (fetched, page) => (page === 1 ? cut(fetched, fetched.keys.slice(0, 3)) : fetched),
    });
    await expect(keysOf(pages)).rejects.toMatchObject({ code: 'unstable-list' });
  });

  it('drops what pages beyond the end do', async () => {
    const { all, pages } = pagesOf({
      total: 25,
      pageSize: 10,
      concurrency: 6,
      end: 'null',
      change: (fetched, page) => {
        if (page > 3) throw new Error('no such page');
        return fetched;
      },
    });
    expect(await keysOf(pages)).toEqual(all);
  });
});

/** A list that changes while it is read: after N requests a row is removed, appended, or restored. */
interface LivingList {
  readonly total: number;
  readonly pageSize: number;
  readonly concurrency: number;
  readonly end: EndForm;
  readonly events: readonly {
    readonly after: number;
    readonly kind: string;
    readonly at: number;
  }[];
}

function readLivingList(list: LivingList) {
  let rows = Array.from({ length: list.total }, (_, index) => index * 2 + 1);
  const always = new Set(rows);
  let requests = 0;
  const live = () => {
    requests += 1;
    for (const event of list.events) {
      if (event.after !== requests) continue;
      if (event.kind === 'added') rows = [...rows, (rows.at(-1) ?? 0) + 2];
      else if (event.kind === 'returned')
        rows = [...new Set([...rows, event.at * 2])].toSorted((one, other) => one - other);
      else {
        const gone = rows[event.at % Math.max(1, rows.length)] ?? 0;
        always.delete(gone);
        rows = rows.filter((key) => key !== gone);
      }
    }
  };
  const pages = readPagesInOrder({
    ...list,
    object: 'Student/Student',
    signal: new AbortController().signal,
    fetchPage: async (page, pageSize) => {
      live();
      const answer = createPage(rows, page, pageSize, list.end);
      const keys = answer.Objects as number[];
      await Promise.resolve();
      return { content: keys, keys, next: answer.Paging?.Next };
    },
    fetchBetween: async (gaps, _, pageSize) => {
      live();
      const keys = rows.filter((key) => isInGap(gaps, key)).slice(0, pageSize);
      await Promise.resolve();
      return { content: keys, keys, next: null };
    },
  });
  return { pages, always };
}

const livingLists = (kinds: readonly string[]) =>
  fc.record({
    total: fc.integer({ min: 0, max: 90 }),
    pageSize: fc.integer({ min: 2, max: 15 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    end: fc.constantFrom(...endForms),
    events: fc.array(
      fc.record({
        after: fc.integer({ min: 1, max: 12 }),
        kind: fc.constantFrom(...kinds),
        at: fc.nat(90),
      }),
      { maxLength: 6 },
    ),
  });

describe('a list that changes while it is read', () => {
  it('never loses a row that was there all the time, nor hands one over twice', async () => {
    await fc.assert(
      fc.asyncProperty(livingLists(['gone', 'added', 'returned']), async (list) => {
        const { pages, always } = readLivingList(list);
        const read = await keysOf(pages).catch((error: unknown) => {
          if (error instanceof QmlativError && error.code === 'unstable-list') return undefined;
          throw error;
        });
        const isWhole = read === undefined || [...always].every((key) => read.includes(key));
        expect(isWhole).toBe(true);
        expect(new Set(read).size).toBe(read?.length ?? 0);
      }),
      { numRuns: 800 },
    );
  });

  it('finds the row that moved over to the page before when one was deleted', async () => {
    const { pages, always } = readLivingList({
      total: 40,
      pageSize: 10,
      concurrency: 1,
      end: 'null',
      events: [{ after: 3, kind: 'gone', at: 2 }],
    });
    const read = await keysOf(pages);
    expect(read.toSorted((one, other) => one - other)).toEqual(
      [...always, 5].toSorted((one, other) => one - other),
    );
    expect(read.at(-1)).toBe(41);
  });

  it('throws unstable-list when rows are not in the order of their keys', async () => {
    const { pages } = pagesOf({
      total: 30,
      pageSize: 10,
      concurrency: 2,
      end: 'null',
      change: (fetched, page) => (page === 2 ? cut(fetched, fetched.keys.toReversed()) : fetched),
    });
    await expect(keysOf(pages)).rejects.toMatchObject({
      code: 'unstable-list',
      place: { page: 2 },
    });
  });

  it('asks for the gaps between pages alone, some fifty in one question', () => {
    const gaps = new KeyGaps();
    for (let page = 0; page < 120; page += 1)
      expect(gaps.add([page * 10 + 1, page * 10 + 2])).toBe(true);
    const questions = [...gaps.batches()];
    expect(questions.map((question) => question.length)).toEqual([50, 50, 20]);
    expect(questions.flat().every(({ after, before }) => (before ?? Infinity) > (after ?? 0))).toBe(
      true,
    );
    expect(questions.at(-1)?.at(-1)).toEqual({ after: 1192, before: undefined });
  });
});
