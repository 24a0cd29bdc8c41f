/** How a server wants to be asked for lists, as far as the clients of one access have learned it. */
import type { ApiCall } from './api-call.ts';

/** A list request in one of the forms that a server may take. */
export interface RequestForm {
  readonly fields: readonly string[];
  /** Asks for the order of the keys. */
  readonly isSorted: boolean;
  readonly pageSize: number;
}

const places = { sortRefused: 0, sortTaken: 1, nestingRefused: 2, pageSize: 3 } as const;

/**
 * What was learned holds for the whole import and for both of its threads: a server that refuses a sort, groups in
 * groups or a page size does so for every list.
 */
export class RequestForms {
  readonly memory: SharedArrayBuffer;
  readonly #learned: Int32Array;
  /** The last request of this client that gave a list: it can show later that the access still works. */
  answered: ApiCall | undefined;

  /** `memory` is that of another thread's client. */
  constructor(memory = new SharedArrayBuffer(16)) {
    this.memory = memory;
    this.#learned = new Int32Array(memory);
  }

  get takesSort(): boolean {
    return Atomics.load(this.#learned, places.sortRefused) === 0;
  }

  get takesNesting(): boolean {
    return Atomics.load(this.#learned, places.nestingRefused) === 0;
  }

  /** The largest page size that may be asked for. */
  get pageSize(): number {
    return Atomics.load(this.#learned, places.pageSize) || Number.POSITIVE_INFINITY;
  }

  noteTaken({ isSorted }: RequestForm): void {
    if (isSorted) Atomics.store(this.#learned, places.sortTaken, 1);
  }

  /** Notes how the form that a server took differs from the one that it refused. */
  noteFound(refused: RequestForm, taken: RequestForm): void {
    if (taken.pageSize < refused.pageSize)
      Atomics.store(this.#learned, places.pageSize, taken.pageSize);
    // Where another list came sorted, this one alone cannot be.
    const isFirst = Atomics.load(this.#learned, places.sortTaken) === 0;
    if (refused.isSorted && !taken.isSorted && isFirst)
      Atomics.store(this.#learned, places.sortRefused, 1);
  }

  noteNestingRefused(): void {
    Atomics.store(this.#learned, places.nestingRefused, 1);
  }
}
