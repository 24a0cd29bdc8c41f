/** Repeats what failed: how often, how long to wait, and when to give up. */
import { QmlativError } from './qmlativ-error.ts';

export interface RetrySettings {
  /** Tries of one request that fail in the same way, the first included. */
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** Repeats of all requests of a run together. */
  readonly budget: number;
}

/** The clock, the dice and the waiting, handed in so that tests need neither time nor luck. */
export interface RetryDeps {
  readonly now: () => number;
  readonly random: () => number;
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What one try came to: a result, or a fault that another try may mend. */
export type Attempt<Result> =
  | { readonly done: Result }
  | { readonly retry: QmlativError; readonly retryAfterMs?: number | undefined };

export interface RequestRetry {
  run<Result>(
    attempt: (number: number) => Promise<Attempt<Result>>,
    signal: AbortSignal,
  ): Promise<Result>;
}

/** What all clients of one access count together, in whichever thread they are: repeats, and until when to be quiet. */
export class RetryState {
  readonly memory: SharedArrayBuffer;
  readonly #quietUntil: BigInt64Array;
  readonly #repeats: Int32Array;

  /** `memory` is that of another thread's record. */
  constructor(memory = new SharedArrayBuffer(16)) {
    this.memory = memory;
    this.#quietUntil = new BigInt64Array(memory, 0, 1);
    this.#repeats = new Int32Array(memory, 8, 1);
  }

  /** Counts a repeat, unless there were as many already. */
  takeRetry(limit: number): boolean {
    if (Atomics.add(this.#repeats, 0, 1) < limit) return true;
    Atomics.sub(this.#repeats, 0, 1);
    return false;
  }

  get throttledUntil(): number {
    return Number(Atomics.load(this.#quietUntil, 0));
  }

  /** Asks for quiet until then, if it is not to be quiet for longer anyway. */
  throttle(until: number): void {
    const wanted = BigInt(Math.ceil(until));
    let found = Atomics.load(this.#quietUntil, 0);
    while (found < wanted) {
      const before = Atomics.compareExchange(this.#quietUntil, 0, found, wanted);
      if (before === found) return;
      found = before;
    }
  }
}

/** A server may ask for at most this wait; a longer one is cut, so that a night ends before morning. */
const maxRetryAfterMs = 10 * 60_000;

/**
 * Exponential back-off with full jitter: before try n+1 it waits a random part of baseDelay * 2^(n-1), at most
 * maxDelay. Where the server names a time (Retry-After), no request of this record is sent before it.
 */
export function createRequestRetry(
  settings: RetrySettings,
  deps: RetryDeps,
  state = new RetryState(),
): RequestRetry {
  const wait = async (ms: number, signal: AbortSignal): Promise<void> => {
    if (ms > 0) await deps.delay(ms, signal);
    if (signal.aborted) throw new QmlativError('cancelled', 'the reading was stopped');
  };
  return {
    async run(attempt, signal) {
      // By kind of error: a request that fails for good may be told to slow down in between.
      const failures = new Map<string, number>();
      for (let number = 1; ; number += 1) {
        await wait(state.throttledUntil - deps.now(), signal);
        const outcome = await attempt(number);
        if ('done' in outcome) return outcome.done;
        const { code } = outcome.retry;
        const count = (failures.get(code) ?? 0) + 1;
        if (count >= settings.attempts) throw outcome.retry;
        failures.set(code, count);
        if (!state.takeRetry(settings.budget))
          throw new QmlativError('budget-spent', `gave up after ${settings.budget} repeats`, {
            place: outcome.retry.place,
            cause: outcome.retry,
          });
        if (outcome.retryAfterMs === undefined) {
          await wait(deps.random() * backoffMs(settings, number), signal);
        } else {
          state.throttle(deps.now() + Math.min(outcome.retryAfterMs, maxRetryAfterMs));
        }
      }
    },
  };
}

function backoffMs(settings: RetrySettings, number: number): number {
  return Math.min(settings.maxDelayMs, settings.baseDelayMs * 2 ** (number - 1));
}

/**
 * Reads a Retry-After header (RFC 9110 10.2.3): whole seconds, or an HTTP date measured against `now`.
 * Gives milliseconds, never below 0, or undefined for anything else.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Z][a-z]{2},? .*GMT$/.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : Math.max(0, instant - now);
}
