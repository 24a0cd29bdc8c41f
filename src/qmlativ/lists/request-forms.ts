/** How a server wants to be asked for lists, as far as the clients of one access have learned it. */
import type { ApiCall } from '../http/api-call.ts';

/** A list request in one of the forms that a server may take. */
export interface RequestForm {
  readonly fields: readonly string[];
  /** Asks for the order of the keys. */
  readonly isSorted: boolean;
  readonly pageSize: number;
}

const places = { sortRejected: 0, sortAccepted: 1, nestingRejected: 2, pageSize: 3 } as const;

/**
 * What was learned holds for the whole import and for both of its threads: a server that refuses a sort, groups in
 * groups or a page size does so for every list.
 */
export class RequestForms {
  readonly memory: SharedArrayBuffer;
  readonly #learned: Int32Array;
  /** The last request of this client that gave a list: it can show later that the access still works. */
  lastSuccessful: ApiCall | undefined;

  /** `memory` is that of another thread's client. */
  constructor(memory = new SharedArrayBuffer(16)) {
    this.memory = memory;
    this.#learned = new Int32Array(memory);
  }

  get acceptsSort(): boolean {
    return Atomics.load(this.#learned, places.sortRejected) === 0;
  }

  get acceptsNesting(): boolean {
    return Atomics.load(this.#learned, places.nestingRejected) === 0;
  }

  /** The largest page size that may be asked for. */
  get pageSize(): number {
    return Atomics.load(this.#learned, places.pageSize) || Number.POSITIVE_INFINITY;
  }

  recordAccepted({ isSorted }: RequestForm): void {
    if (isSorted) Atomics.store(this.#learned, places.sortAccepted, 1);
  }

  /** Notes how the form that a server took differs from the one that it refused. */
  recordFound(rejected: RequestForm, accepted: RequestForm): void {
    if (accepted.pageSize < rejected.pageSize)
      Atomics.store(this.#learned, places.pageSize, accepted.pageSize);
    // Where another list came sorted, this one alone cannot be.
    const isFirst = Atomics.load(this.#learned, places.sortAccepted) === 0;
    if (rejected.isSorted && !accepted.isSorted && isFirst)
      Atomics.store(this.#learned, places.sortRejected, 1);
  }

  recordNestingRejected(): void {
    Atomics.store(this.#learned, places.nestingRejected, 1);
  }
}
