/** Requests the first pages of a list before they are consumed. */

/** Starts a generator immediately and lets it produce `count` pages ahead; later pages are produced when consumed. */
export function startEarly<Page>(
  pages: AsyncGenerator<Page, void, undefined>,
  count: number,
): AsyncGenerator<Page, void, undefined> {
  const early = Array.from({ length: count }, () => pages.next());
  // They may fail before they are consumed.
  for (const next of early) next.catch(() => undefined);
  return takePages(early, pages);
}

async function* takePages<Page>(
  early: readonly Promise<IteratorResult<Page, void>>[],
  pages: AsyncGenerator<Page, void, undefined>,
): AsyncGenerator<Page, void, undefined> {
  for (const promise of early) {
    const next = await promise;
    if (next.done === true) return;
    yield next.value;
  }
  yield* pages;
}
