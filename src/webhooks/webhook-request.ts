/** Calls the receiver of a webhook: checked addresses only, little time, no redirects, nothing kept of its answer. */
import { Agent, request } from 'undici';

import { type AddressRules, checkBaseUrl, guardedLookup } from '../network/address-check.ts';
import { signatureHeaders, type SignedMessage } from './webhook-signature.ts';

export type { AddressRules } from '../network/address-check.ts';

export type WebhookUrlCheck =
  { readonly ok: true; readonly url: string } | { readonly ok: false; readonly sentence: string };

/** Checks the address of a receiver as a person typed it. Where its name leads is checked at every connection. */
export function checkWebhookUrl(text: string, rules: AddressRules): WebhookUrlCheck {
  const url = URL.parse(text.trim());
  if (url === null) {
    return invalid(
      'This is not a web address. Enter one such as https://hooks.example.org/daybreak.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    return invalid(
      'The address must not hold a user name or password; the signature says who calls.',
    );
  }
  const isPlain = url.protocol === 'http:' && rules.allowPrivateAddresses;
  if (url.protocol !== 'https:' && !isPlain)
    return invalid('The address must begin with https://.');
  const port = Number(url.port);
  if (!rules.allowPrivateAddresses && port !== 0 && port < minCustomPort) {
    return invalid(`The address must name port 443, no port, or one from ${minCustomPort} on.`);
  }
  const plain = new URL(url);
  plain.search = '';
  plain.hash = '';
  if (!checkBaseUrl(plain.href, rules).ok) {
    return invalid(
      'The address is a private or reserved one. Enter one that the internet can reach.',
    );
  }
  url.hash = '';
  return { ok: true, url: url.href };
}

/** Ports below are kept for known services; https without a port says 443, which a URL leaves out. */
const minCustomPort = 1024;

const invalid = (sentence: string): WebhookUrlCheck => ({ ok: false, sentence });

export interface WebhookCall extends SignedMessage {
  readonly url: string;
  readonly secrets: readonly string[];
}

/** `problem` null: delivered. `status` null: no answer came. */
export interface CallOutcome {
  readonly status: number | null;
  readonly problem: string | null;
  /** Why no answer came, as a code for the server's log; people are not told. */
  readonly reason?: string;
}

export interface WebhookClient {
  call(call: WebhookCall): Promise<CallOutcome>;
  /** Ends every connection, also of calls under way. */
  close(): Promise<void>;
}

const defaultTimeoutMs = 10_000;

/** So much of an answer is taken in; what it says is nowhere kept. */
const maxResponseBytes = 4096;

/** A client for any number of receivers; `limitMs` is how long one may take to answer. */
export function createWebhookClient(
  rules: AddressRules,
  timeoutMs = defaultTimeoutMs,
): WebhookClient {
  const agents = new Map(
    ['https:', 'http:'].map((protocol) => [
      protocol,
      new Agent({
        connect: { lookup: guardedLookup(protocol, rules), timeout: timeoutMs },
        keepAliveTimeout: 2_000,
        pipelining: 1,
      }),
    ]),
  );
  return {
    call: async ({ url, secrets, ...message }) => {
      const checked = checkWebhookUrl(url, rules);
      const dispatcher = agents.get(URL.parse(url)?.protocol ?? '');
      if (!checked.ok || dispatcher === undefined) return { status: null, problem: privateAddress };
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const { statusCode, body } = await request(url, {
          dispatcher,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'user-agent': 'Daybreak-Webhooks/1',
            ...signatureHeaders(message, secrets),
          },
          body: message.body,
          signal,
        });
        // The status says everything; the rest is taken in only so that the receiver can finish its sentence.
        await body.dump({ limit: maxResponseBytes, signal }).catch(() => undefined);
        return { status: statusCode, problem: toProblem(statusCode) };
      } catch (error) {
        return {
          status: null,
          problem: unreachableProblem(timeoutMs),
          reason: getErrorCode(error),
        };
      }
    },
    close: async () => {
      await Promise.all([...agents.values()].map(async (agent) => agent.destroy()));
    },
  };
}

const privateAddress = 'The address leads to a private or reserved one, which is not called.';

function toProblem(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) {
    return `The receiver answered ${status}, which leads elsewhere; that is not followed.`;
  }
  return status === 410
    ? 'The receiver answered 410: it is gone for good.'
    : `The receiver answered ${status}.`;
}

/**
 * One sentence for all of it: who adds a webhook shall not learn which names, ports and certificates other
 * machines have.
 */
const unreachableProblem = (timeoutMs: number): string =>
  `No answer came from the receiver. It must be reachable from the internet, have a valid certificate and answer within ${timeoutMs / 1000} seconds; the log of the server has the reason.`;

/** The code of an error, never its words: those may hold what a receiver or the network said. */
function getErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
