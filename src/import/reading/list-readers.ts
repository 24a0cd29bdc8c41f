/** Who reads the lists of a night: one thread, or two for a large district. */
import type { RunningOptions } from '../import-options.ts';
import { createOwnReader, type ListReader } from './list-reader.ts';
import { ReadingThread } from './reading-thread.ts';
import type { Roster } from './roster-source.ts';

/** With fewer rows, or students, a second thread has hardly begun when all is read. */
export const manyRows = 50_000;
export const manyStudents = 5_000;

/** What reads the lists of a night: this thread, and for a large district a second one. To be closed. */
export class NightReaders {
  /** Reads in this thread. */
  readonly own: ListReader = createOwnReader();
  readonly #order: RunningOptions;
  #second: ReadingThread | undefined;

  constructor(order: RunningOptions) {
    this.#order = order;
    if (order.threads === 2) this.startSecond();
  }

  /** Starts the second thread, unless one thread is wanted or all that the source can do. */
  startSecond(): void {
    const { source, threads } = this.#order;
    if (threads === 1 || source.threadModule === undefined) return;
    this.#second ??= new ReadingThread(source.threadModule);
  }

  get hasSecond(): boolean {
    return this.#second !== undefined;
  }

  /** Those who read the roster. */
  open(roster: Roster): ListReader[] {
    this.#second?.open(this.#order.source, roster);
    return this.#second === undefined ? [this.own] : [this.own, this.#second];
  }

  async close(): Promise<void> {
    await this.#second?.close();
  }
}
