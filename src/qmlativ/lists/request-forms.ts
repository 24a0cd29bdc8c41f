/** How a server wants to be asked for lists, as far as the client has learned it. */
import type { ApiCall } from '../http/api-call.ts';

/** A list request in one of the forms that a server may take. */
export interface RequestForm {
  readonly fields: readonly string[];
  /** Asks for the order of the keys. */
  readonly isSorted: boolean;
  readonly pageSize: number;
}

/** What was learned holds for every list: a server that refuses a sort or a page size does so for all. */
export class RequestForms {
  /** The last request that gave a list: it can show later that the access still works. */
  lastSuccessful: ApiCall | undefined;
  acceptsSort = true;
  acceptsNesting = true;
  /** The largest page size that may be asked for. */
  pageSize = Number.POSITIVE_INFINITY;
  #hasSorted = false;

  recordAccepted({ isSorted }: RequestForm): void {
    if (isSorted) this.#hasSorted = true;
  }

  /** Notes how the form that a server took differs from the one that it refused. */
  recordFound(rejected: RequestForm, accepted: RequestForm): void {
    if (accepted.pageSize < rejected.pageSize) this.pageSize = accepted.pageSize;
    // Where another list came sorted, this one alone cannot be.
    if (rejected.isSorted && !accepted.isSorted && !this.#hasSorted) this.acceptsSort = false;
  }
}
