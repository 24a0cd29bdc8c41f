/** Sends the requests of a probe one after another, within limits of number and time. */
import {
  parseToken,
  tokenRequest,
  type TokenCredentials,
  type TokenForm,
} from '../http/access-token.ts';
import { readErrorText, saysTokenExpired } from '../http/http-response.ts';
import type { HttpExchange, HttpRequest } from '../http/http-exchange.ts';
import type { QmlativError } from '../http/qmlativ-error.ts';
import { retryAfterMs } from '../http/request-retry.ts';
import { findEnvelope } from './list-form.ts';
import { errorForm, type ErrorForm } from './rejection-form.ts';
import { toSeenResponse, type SeenResponse, type WireForm } from './wire-form.ts';

/** Limits of a probe. */
export interface ProbeLimits {
  readonly requests: number;
  readonly ms: number;
}

export interface ProbeCallerOptions {
  readonly exchange: HttpExchange;
  readonly credentials: TokenCredentials;
  readonly limits: ProbeLimits;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A request, relative to the base URL. */
export interface ProbeRequest {
  readonly path: string;
  /** A search; without one it is a GET. */
  readonly body?: string;
}

/** A token this new is not the cause of a rejection. */
const freshRequests = 8;
const freshMs = 30_000;

/**
 * Sends requests and records the form of every response. Returns undefined once the limits are reached or there was no
 * response; then nothing more is sent.
 */
export class ProbeCaller {
  readonly wires: { readonly isList: boolean; readonly form: WireForm }[] = [];
  readonly errorForms: ErrorForm[] = [];
  /** Why the probe stopped, if not because of the limits. */
  failure: QmlativError | undefined;
  requests = 0;
  /** Requests without a response. */
  withoutResponse = 0;
  isOver = false;
  readonly #options: ProbeCallerOptions;
  readonly #startedAt: number;
  readonly #signal: AbortSignal;
  /** Consecutive requests without a response. */
  #failures = 0;
  #hasResponded = false;
  #form: TokenForm | undefined;
  #token: { readonly value: string; readonly givenAt: number; uses: number } | undefined;

  constructor(options: ProbeCallerOptions) {
    this.#options = options;
    this.#startedAt = options.now();
    this.#signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.limits.ms)]);
  }

  get ms(): number {
    return this.#options.now() - this.#startedAt;
  }

  get tokenValue(): string | undefined {
    return this.#token?.value;
  }

  /** Requests a token in a form. A new token is used from then on, because it may have invalidated earlier ones. */
  async askToken(
    form: TokenForm,
    { withVendor = true }: { readonly withVendor?: boolean } = {},
  ): Promise<{ readonly seen: SeenResponse; readonly token: string | undefined } | undefined> {
    const { credentials, now } = this.#options;
    const sent = withVendor ? credentials : { ...credentials, integrationToken: undefined };
    const seen = await this.#send(tokenRequest(sent, form));
    if (seen === undefined) return undefined;
    const token = parseToken(seen.http, now())?.value;
    if (token === undefined) this.#recordError(seen);
    if (token !== undefined) {
      this.#form = form;
      this.#token = { value: token, givenAt: now(), uses: 0 };
    }
    return { seen, token };
  }

  /** Sends a request, with a new token if the current one may have expired. */
  async ask(question: ProbeRequest): Promise<SeenResponse | undefined> {
    const first = await this.askWith(this.#token?.value ?? '', question);
    if (first === undefined || this.#token === undefined) return first;
    const isFresh =
      this.#token.uses < freshRequests && this.#options.now() - this.#token.givenAt < freshMs;
    this.#token.uses += 1;
    if (!wantsNewToken(first) || isFresh || this.#form === undefined) return first;
    const renewed = await this.askToken(this.#form);
    if (renewed?.token === undefined) return first;
    const again = await this.askWith(renewed.token, question);
    this.#token.uses += 1;
    return again ?? first;
  }

  /** Sends a request with this token. */
  async askWith(token: string, { path, body }: ProbeRequest): Promise<SeenResponse | undefined> {
    const seen = await this.#send({
      method: body === undefined ? 'GET' : 'POST',
      path,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      place: {},
    });
    if (seen !== undefined && seen.status >= 400 && !saysTokenExpired(seen.http))
      this.#recordError(seen);
    return seen;
  }

  #recordError(seen: SeenResponse): void {
    this.errorForms.push(errorForm(seen));
  }

  /** One list may be too much for a server; after two requests without a response the probe stops. */
  #recordUnanswered(error: QmlativError): undefined {
    this.withoutResponse += 1;
    this.#failures += 1;
    const isGone = !this.#hasResponded || this.#failures >= 2;
    if (isGone && !this.#signal.aborted) this.failure = error;
    this.isOver = isGone || this.#signal.aborted;
    return undefined;
  }

  /** Sends a request, retried when throttled or after one network error. */
  async #send(request: HttpRequest): Promise<SeenResponse | undefined> {
    const { exchange, limits, now, delay } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      if (this.requests >= limits.requests || this.ms >= limits.ms || this.#signal.aborted)
        this.isOver = true;
      if (this.isOver) return undefined;
      this.requests += 1;
      const answer = await exchange.sendRaw(request, this.#signal);
      let waitMs = 500;
      if (answer.kind === 'failure') {
        if (!answer.isRetryable || attempt >= 2 || this.#signal.aborted)
          return this.#recordUnanswered(answer.error);
      } else {
        const seen = toSeenResponse(answer);
        this.#failures = 0;
        this.#hasResponded = true;
        const isList = findEnvelope(seen.json) !== undefined;
        if (seen.wire !== undefined) this.wires.push({ isList, form: seen.wire });
        const isBusy = [429, 502, 503, 504].includes(answer.status);
        if (!isBusy || attempt >= 3) return seen;
        waitMs = retryAfterMs(answer.retryAfter, now()) ?? 1000;
      }
      // Waiting longer than the time left would be useless.
      if (this.ms + waitMs >= limits.ms) this.isOver = true;
      else await delay(waitMs, this.#signal);
    }
  }
}

/** As when reading: 401, the words, and a 403 that does not mention permissions. */
function wantsNewToken(seen: SeenResponse): boolean {
  if (seen.status === 401) return true;
  if (seen.status < 300 && seen.kind === 'json' && /"Objects"\s*:/i.test(readErrorText(seen.http)))
    return false;
  if (saysTokenExpired(seen.http)) return true;
  return seen.status === 403 && !/field|object|entit|module|grant/i.test(readErrorText(seen.http));
}
