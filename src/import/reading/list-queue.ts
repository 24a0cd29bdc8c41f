/** Hands out the lists of a night, each once, to whoever has nothing to read; one that needs others waits for them. */
import type { StagedTable } from '../../roster/staged-rows.ts';
import { hashedBefore } from '../change-detection/fingerprints.ts';
import type { RosterList } from './roster-source.ts';

/**
 * Which list is begun first of those that may be. People at once, by the reader that is ready at once, and then
 * what they lead to, since these lists wait for each other; beside them students and enrollments, which are large
 * and wait for nobody. The small ones at last, so that two readers have finished about together.
 */
const readingOrder: readonly StagedTable[] = [
  'people',
  'students',
  'entity_years',
  'enrollments',
  'person_phones',
  'addresses',
  'person_emails',
  'person_addresses',
  'person_aliases',
  'guardian_links',
  'families',
  'family_guardians',
  'family_students',
];

/** The lists of one night. */
export class ListQueue {
  #waiting: readonly RosterList[];
  readonly #begun = new Set<RosterList>();
  #changed = Promise.withResolvers<undefined>();

  constructor(lists: readonly RosterList[], order = readingOrder) {
    const placeOf = ({ table }: RosterList) => order.indexOf(table);
    this.#waiting = lists.toSorted((a, b) => placeOf(a) - placeOf(b));
  }

  /** A list that may be read now, as soon as there is one; undefined when none is left, or no more are handed out. */
  async next(): Promise<RosterList | undefined> {
    for (;;) {
      const list = this.#waiting.find((one) => this.#mayBegin(one));
      if (list !== undefined) {
        this.#waiting = this.#waiting.filter((one) => one !== list);
        this.#begun.add(list);
        return list;
      }
      if (this.#waiting.length === 0) return undefined;
      await this.#changed.promise;
    }
  }

  /** Says that a list was read to its end. */
  finish(list: RosterList): void {
    this.#begun.delete(list);
    this.#tell();
  }

  /** Hands out no more. */
  stop(): void {
    this.#waiting = [];
    this.#tell();
  }

  #mayBegin({ table }: RosterList): boolean {
    const unread = [...this.#waiting, ...this.#begun];
    return !unread.some((other) => hashedBefore[table].includes(other.table));
  }

  #tell(): void {
    this.#changed.resolve(undefined);
    this.#changed = Promise.withResolvers();
  }
}
