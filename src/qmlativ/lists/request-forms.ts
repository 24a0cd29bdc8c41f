/** Records in which forms a server accepts list requests. */
import type { ApiCall } from '../http/api-call.ts';

/** One of the forms of a list request that a server may accept. */
export interface RequestForm {
  readonly fields: readonly string[];
  /** Requests the order of the keys. */
  readonly isSorted: boolean;
  readonly pageSize: number;
}

/** Applies to every list: a server that rejects sorting or a page size does so for all. */
export class RequestForms {
  /** The last request that returned a list, used to check later that the access still works. */
  lastSuccessful: ApiCall | undefined;
  acceptsSort = true;
  acceptsNesting = true;
  /** The largest page size that the server accepts. */
  pageSize = Number.POSITIVE_INFINITY;
  #hasSorted = false;

  recordAccepted({ isSorted }: RequestForm): void {
    if (isSorted) this.#hasSorted = true;
  }

  /** Records how the accepted form differs from the rejected one. */
  recordFound(rejected: RequestForm, accepted: RequestForm): void {
    if (accepted.pageSize < rejected.pageSize) this.pageSize = accepted.pageSize;
    // If another list was returned sorted, only this one cannot be.
    if (rejected.isSorted && !accepted.isSorted && !this.#hasSorted) this.acceptsSort = false;
  }
}
