/**
 * A second thread that ends in the middle of the list of students, as one does that has no memory left. How it ends
 * stands behind the question mark of its address: `exit` or `throw`.
 */
import type { RosterPage, ThreadRoster } from '../src/import/reading/roster-source.ts';
import { openInThread as openSkyward } from '../src/qmlativ/roster-thread.ts';

async function* endingPages(pages: AsyncIterable<RosterPage>): AsyncGenerator<RosterPage> {
  let first = true;
  for await (const page of pages) {
    if (!first && import.meta.url.endsWith('?exit')) process.exit(0);
    // Outside of what is awaited, so that nobody catches it.
    if (!first)
      setImmediate(() => {
        throw new RangeError('Nobody catches this');
      });
    first = false;
    yield page;
  }
}

/** Opens what Skyward's own module opens. */
export function openInThread(order: unknown, say: (message: unknown) => void): ThreadRoster {
  const roster = openSkyward(order, say);
  const lists = roster.lists.map((list) =>
    list.table === 'students'
      ? { ...list, pages: (signal?: AbortSignal) => endingPages(list.pages(signal)) }
      : list,
  );
  return { ...roster, lists };
}
