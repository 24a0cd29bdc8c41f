/** Repeats what failed: how often, how long to wait, and when to give up. */
import { QmlativError } from './qmlativ-error.ts';

export interface RetrySettings {
  /** Tries of one request, the first included. */
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** Repeats of all requests of a run together. */
  readonly budget: number;
}

/** The clock, the dice and the waiting, handed in so that tests need neither time nor luck. */
export interface RetryWorld {
  readonly now: () => number;
  readonly random: () => number;
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What one try came to: a result, or a fault that another try may mend. */
export type Attempt<Result> =
  | { readonly done: Result }
  | { readonly again: QmlativError; readonly retryAfterMs?: number | undefined };

export interface RequestRetry {
  run<Result>(
    attempt: (number: number) => Promise<Attempt<Result>>,
    signal: AbortSignal,
  ): Promise<Result>;
}

/** A server may ask for at most this wait; a longer one is cut, so that a night ends before morning. */
const longestRetryAfterMs = 10 * 60_000;

/**
 * Exponential back-off with full jitter: before try n+1 it waits a random part of baseDelay * 2^(n-1), at most
 * maxDelay. Where the server names a time (Retry-After), no request of this client is sent before it.
 */
export function createRequestRetry(settings: RetrySettings, world: RetryWorld): RequestRetry {
  let budget = settings.budget;
  let quietUntil = 0;
  const wait = async (ms: number, signal: AbortSignal): Promise<void> => {
    if (ms > 0) await world.delay(ms, signal);
    if (signal.aborted) throw new QmlativError('cancelled', 'the reading was stopped');
  };
  return {
    async run(attempt, signal) {
      for (let number = 1; ; number += 1) {
        await wait(quietUntil - world.now(), signal);
        const outcome = await attempt(number);
        if ('done' in outcome) return outcome.done;
        if (number >= settings.attempts) throw outcome.again;
        if (budget <= 0)
          throw new QmlativError('budget-spent', `gave up after ${settings.budget} repeats`, {
            place: outcome.again.place,
            cause: outcome.again,
          });
        budget -= 1;
        if (outcome.retryAfterMs === undefined) {
          await wait(world.random() * backOffMs(settings, number), signal);
        } else {
          const until = world.now() + Math.min(outcome.retryAfterMs, longestRetryAfterMs);
          quietUntil = Math.max(quietUntil, until);
        }
      }
    },
  };
}

function backOffMs(settings: RetrySettings, number: number): number {
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
