/** Limits how many requests of one access are in flight; waiting ones are sent by rank, then in order of arrival. */
import type { ApiCaller } from './api-call.ts';
import { QmlativError } from './qmlativ-error.ts';

interface WaitingCall {
  readonly rank: number;
  readonly begin: () => void;
}

/**
 * A call holds its slot until it has its response, also while it waits for a retry, so a failing server gets no more
 * requests than the limit.
 */
export class RequestPool {
  readonly #size: number;
  readonly #waiting: WaitingCall[] = [];
  #running = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Whether a call would be sent immediately. */
  get hasRoom(): boolean {
    return this.#running < this.#size;
  }

  /** Wraps a caller. A call that is canceled while it waits is never sent. */
  wrap(call: ApiCaller): ApiCaller {
    return async (request) => {
      if (this.hasRoom) this.#running += 1;
      else await this.#enter(request.rank ?? 0, request.signal);
      try {
        return await call(request);
      } finally {
        this.#leave();
      }
    };
  }

  #enter(rank: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new QmlativError('cancelled', 'the request was canceled'));
      };
      const waiting: WaitingCall = {
        rank,
        begin: () => {
          signal.removeEventListener('abort', cancel);
          resolve();
        },
      };
      signal.addEventListener('abort', cancel, { once: true });
      const place = this.#waiting.findIndex((other) => other.rank > rank);
      this.#waiting.splice(place === -1 ? this.#waiting.length : place, 0, waiting);
    });
  }

  /** Passes the slot to the next call. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next.begin();
  }
}
