/**
 * Reads the lists of an import concurrently; a list that needs others waits for them.
 *
 * This folder reads the lists of a run and loads their rows into staging tables.
 */
import type { StagedTable } from '../../roster/staged-rows.ts';
import { hashedBefore } from '../change-detection/fingerprints.ts';
import type { RosterList, RosterPage } from './roster-source.ts';

/**
 * The lists whose requests are sent first. Lists follow those they need. The chain from people to guardians and the
 * enrollments come first, because they take the longest; short lists fill in at the end.
 */
const readingOrder: readonly StagedTable[] = [
  'people',
  'entity_years',
  'enrollments',
  'addresses',
  'person_phones',
  'person_addresses',
  'person_emails',
  'person_aliases',
  'guardian_links',
  'students',
  'families',
  'family_guardians',
  'family_students',
];

/** Opens the pages of a list, each time it is read. */
type OpenPages = () => AsyncIterable<RosterPage>;

/**
 * Requests the first pages of each list, and calls `read` once the lists it needs are complete. After an error calls
 * `stop`, which cancels the other lists, and throws the first error when no list is being read any more.
 */
export async function readSideBySide(
  lists: readonly RosterList[],
  read: (list: RosterList, openPages: OpenPages) => Promise<void>,
  stop: () => Promise<void> = async () => undefined,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const readings = new Map<StagedTable, Promise<void>>();
  const readAfter = async (needed: readonly StagedTable[], list: RosterList, rank: number) => {
    let early: AsyncIterable<RosterPage> | undefined = list.pages(rank);
    const openPages = () => {
      const pages = early ?? list.pages(rank);
      early = undefined;
      return pages;
    };
    await Promise.all(needed.map(async (table) => readings.get(table)));
    if (failure !== undefined) return;
    try {
      await read(list, openPages);
    } catch (error) {
      failure ??= { error };
      await stop();
    }
  };
  for (const [rank, table] of readingOrder.entries()) {
    const list = lists.find((one) => one.table === table);
    if (list !== undefined) readings.set(table, readAfter(hashedBefore[table], list, rank + 1));
  }
  await Promise.all(readings.values());
  if (failure !== undefined) throw failure.error;
}
