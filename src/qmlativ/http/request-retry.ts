/** Retries failed requests: how often, how long to wait (backoff, Retry-After), and when to give up. */
import { QmlativError } from './qmlativ-error.ts';

export interface RetrySettings {
  /** Maximum attempts of one request that fail with the same error, including the first. */
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** The retry budget: retries that all requests of a run may use together. */
  readonly budget: number;
}

/** Injected clock, random source and delay, so tests are fast and deterministic. */
export interface RetryDeps {
  readonly now: () => number;
  readonly random: () => number;
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The result of one attempt, or a transient error. */
export type Attempt<Result> =
  | { readonly done: Result }
  | { readonly retry: QmlativError; readonly retryAfterMs?: number | undefined };

export interface RequestRetry {
  run<Result>(
    attempt: (number: number) => Promise<Attempt<Result>>,
    signal: AbortSignal,
  ): Promise<Result>;
}

/** The longest Retry-After that is honored; a longer one is shortened, so that an import ends before morning. */
const maxRetryAfterMs = 10 * 60_000;

/**
 * Exponential back-off with full jitter: before try n+1 it waits a random part of baseDelay * 2^(n-1), at most
 * maxDelay. Where the server names a time (Retry-After), no request is sent before it.
 */
export function createRequestRetry(settings: RetrySettings, deps: RetryDeps): RequestRetry {
  let retries = 0;
  let throttledUntil = 0;
  const wait = async (ms: number, signal: AbortSignal): Promise<void> => {
    if (ms > 0) await deps.delay(ms, signal);
    if (signal.aborted) throw new QmlativError('cancelled', 'the request was canceled');
  };
  return {
    async run(attempt, signal) {
      // Counted by error code, because a request may also be throttled in between.
      const failures = new Map<string, number>();
      for (let number = 1; ; number += 1) {
        // Again, if another request got a later Retry-After meanwhile.
        for (let waited = -1; waited < throttledUntil;) {
          waited = throttledUntil;
          await wait(waited - deps.now(), signal);
        }
        const outcome = await attempt(number);
        if ('done' in outcome) return outcome.done;
        const { code } = outcome.retry;
        const count = (failures.get(code) ?? 0) + 1;
        if (count >= settings.attempts) throw outcome.retry;
        failures.set(code, count);
        if (retries >= settings.budget)
          throw new QmlativError('retries-exhausted', `gave up after ${settings.budget} retries`, {
            place: outcome.retry.place,
            cause: outcome.retry,
          });
        retries += 1;
        if (outcome.retryAfterMs === undefined) {
          await wait(deps.random() * backoffMs(settings, number), signal);
        } else {
          const until = deps.now() + Math.min(outcome.retryAfterMs, maxRetryAfterMs);
          throttledUntil = Math.max(throttledUntil, until);
        }
      }
    },
  };
}

function backoffMs(settings: RetrySettings, number: number): number {
  return Math.min(settings.maxDelayMs, settings.baseDelayMs * 2 ** (number - 1));
}

/**
 * Parses a Retry-After header (RFC 9110 10.2.3): whole seconds, or an HTTP date relative to `now`. Returns milliseconds,
 * at least 0, or undefined for anything else.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Z][a-z]{2},? .*GMT$/.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : Math.max(0, instant - now);
}
