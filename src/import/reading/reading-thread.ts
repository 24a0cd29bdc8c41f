/**
 * Reads lists in another thread, since reading is all that a night without changes takes long for, and one thread
 * does not get more out of one processor. That thread fetches, parses, maps and encodes; its pages are moved here,
 * not copied. It goes on only as its pages are taken.
 */
import { Worker } from 'node:worker_threads';
import { errorCode } from '../../database/database-error.ts';
import type { UnusableRow } from '../../roster/row-problem.ts';
import { ImportError } from '../import-error.ts';
import type { EncodedPage, ListReader } from './list-reader.ts';
import type { LentRoster, Roster, RosterList, RosterSource, RowCounts } from './roster-source.ts';
import { rowsIn, type RowBuffers } from '../change-detection/row-encoding.ts';

/** What the thread is told at its start. */
export interface ThreadStart {
  /** Address of the source's module. */
  readonly module: string;
}

/** What the thread is told later. */
export type ThreadOrder =
  /** The roster that is lent to it. */
  | { readonly kind: 'open'; readonly order: unknown }
  /** Read the list at this place of the roster. */
  | { readonly kind: 'read'; readonly place: number }
  /** A page was taken: its memory is free again. */
  | { readonly kind: 'taken'; readonly buffers: RowBuffers }
  | { readonly kind: 'source'; readonly message: unknown };

/** A page as it is moved. */
interface MovedPage {
  readonly kind: 'page';
  readonly buffers: RowBuffers;
  readonly count: number;
  readonly textLength: number;
  readonly hasBirthDates: boolean;
  readonly unusable: readonly UnusableRow[];
  readonly unresolved: RowCounts;
}

/** What the thread says of the list that it reads. */
type ListMessage =
  MovedPage | { readonly kind: 'end' } | { readonly kind: 'fault'; readonly told: unknown };

/** What the thread says. */
export type ThreadMessage = ListMessage | { readonly kind: 'source'; readonly message: unknown };

/** As much room for what is new as the first thread has: three halves of 16 MB (`--max-semi-space-size=16`). */
const memoryLimits = { maxYoungGenerationSizeMb: 48 } as const;

/** A thread that reads. To be closed, however the night ends. */
export class ReadingThread implements ListReader {
  readonly #worker: Worker;
  readonly #said: ListMessage[] = [];
  #places: readonly RosterList[] = [];
  #lent: LentRoster | undefined;
  #fault: ImportError | undefined;
  /** Lets whoever waits look again. */
  #wake: () => void = () => undefined;

  /** Starts the thread, which gets ready to read this source. */
  constructor(module: URL) {
    const start: ThreadStart = { module: module.href };
    this.#worker = new Worker(new URL('reading-worker.ts', import.meta.url), {
      workerData: start,
      resourceLimits: memoryLimits,
    });
    const end = (error?: Error) => {
      this.#fault ??= threadEnded(error);
      this.#wake();
    };
    this.#worker.on('message', (message: ThreadMessage) => this.#hear(message));
    this.#worker.once('error', end);
    this.#worker.once('exit', () => end());
  }

  /** Lends it the roster, which it reads from now on. */
  open(source: RosterSource, roster: Roster): void {
    this.#places = roster.lists;
    this.#lent = source.lend(roster, (message) => this.#say({ kind: 'source', message }));
    this.#say({ kind: 'open', order: this.#lent.order });
  }

  async *pages(list: RosterList, signal: AbortSignal): AsyncGenerator<EncodedPage> {
    const stop = () => this.#wake();
    signal.addEventListener('abort', stop);
    try {
      this.#say({ kind: 'read', place: this.#places.indexOf(list) });
      for (;;) {
        const message = await this.#next(signal);
        if (message.kind === 'end') return;
        if (message.kind === 'fault') throw this.#lent?.faultOf(message.told);
        const { buffers, unusable, unresolved, ...page } = message;
        yield { rows: rowsIn(buffers, { ...page, table: list.table }), unusable, unresolved };
        this.#say({ kind: 'taken', buffers }, [buffers.text, buffers.numbers]);
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Ends the thread, whatever it is doing. */
  async close(): Promise<void> {
    await this.#worker.terminate();
    this.#lent?.end();
  }

  async #next(signal: AbortSignal): Promise<ListMessage> {
    for (;;) {
      signal.throwIfAborted();
      const message = this.#said.shift();
      if (message !== undefined) return message;
      if (this.#fault !== undefined) throw this.#fault;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #hear(message: ThreadMessage): void {
    if (message.kind === 'source') return this.#lent?.hear(message.message);
    this.#said.push(message);
    this.#wake();
  }

  #say(order: ThreadOrder, moved: ArrayBuffer[] = []): void {
    this.#worker.postMessage(order, moved);
  }
}

/** A thread that ends by itself has no good reason: out of memory, as a rule. */
function threadEnded(error: Error | undefined): ImportError {
  const isFull = errorCode(error) === 'ERR_WORKER_OUT_OF_MEMORY';
  return new ImportError(
    'reading-thread-ended',
    `A thread that read from Skyward ended before its lists did${isFull ? ': it had no memory left' : ''}.`,
    'What was published stays as it is, and the next night starts over. If it happens again, give Daybreak more memory or set a smaller page size; the log of the run helps support.',
    error,
  );
}
