/** Asks for the first pages of a list before they are taken. */

/** Starts a generator at once and lets it produce `count` pages ahead; beyond these it produces as pages are taken. */
export function startEarly<Page>(
  pages: AsyncGenerator<Page, void, undefined>,
  count: number,
): AsyncGenerator<Page, void, undefined> {
  const early = Array.from({ length: count }, () => pages.next());
  // They may fail before they are taken.
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
