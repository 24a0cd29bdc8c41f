/** Calls the receiver of a webhook: at checked addresses, with a timeout, without redirects. Ignores response bodies. */
import { Agent, request } from 'undici';

import { type AddressRules, checkBaseUrl, guardedLookup } from '../network/address-check.ts';
import { signatureHeaders, type SignedMessage } from './webhook-signature.ts';

export type { AddressRules } from '../network/address-check.ts';

export type WebhookUrlCheck =
  { readonly ok: true; readonly url: string } | { readonly ok: false; readonly sentence: string };

/** Checks the address of a receiver as entered. The IP addresses of its host are checked at every connection. */
export function checkWebhookUrl(text: string, rules: AddressRules): WebhookUrlCheck {
  const url = URL.parse(text.trim());
  if (url === null) {
    return invalid(
      'This is not a web address. Enter one such as https://hooks.example.org/daybreak.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    return invalid(
      'The address must not contain a user name or password. The signature shows who calls.',
    );
  }
  const isPlain = url.protocol === 'http:' && rules.allowPrivateAddresses;
  if (url.protocol !== 'https:' && !isPlain)
    return invalid('The address must begin with https://.');
  const port = Number(url.port);
  if (!rules.allowPrivateAddresses && port !== 0 && port < minCustomPort) {
    return invalid(`The port of the address must be 443, or ${minCustomPort} or above.`);
  }
  const plain = new URL(url);
  plain.search = '';
  plain.hash = '';
  if (!checkBaseUrl(plain.href, rules).ok) {
    return invalid(
      'The address is private or reserved. Enter one that can be reached from the internet.',
    );
  }
  url.hash = '';
  return { ok: true, url: url.href };
}

/** Lower ports belong to well-known services. A URL omits the default port 443. */
const minCustomPort = 1024;

const invalid = (sentence: string): WebhookUrlCheck => ({ ok: false, sentence });

export interface WebhookCall extends SignedMessage {
  readonly url: string;
  readonly secrets: readonly string[];
}

/** `problem` null: delivered. `status` null: no response. */
export interface CallOutcome {
  readonly status: number | null;
  readonly problem: string | null;
  /** Why there was no response, as a code for the server's log. Users do not see it. */
  readonly reason?: string;
}

export interface WebhookClient {
  call(call: WebhookCall): Promise<CallOutcome>;
  /** Closes all connections, also those of calls in progress. */
  close(): Promise<void>;
}

const defaultTimeoutMs = 10_000;

/** How much of a response body is read; its content is ignored. */
const maxResponseBytes = 4096;

/** Returns a client for any number of receivers. `timeoutMs` limits each call. */
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
        // Only the status matters. The body is read so that the receiver can finish its response.
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

const privateAddress = 'The address resolves to a private or reserved one, which is not called.';

function toProblem(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) {
    return `The receiver responded ${status}. Redirects are not followed.`;
  }
  return status === 410
    ? 'The receiver responded 410: it no longer exists.'
    : `The receiver responded ${status}.`;
}

/**
 * One sentence for every cause, so that a webhook cannot be used to find out names, ports and certificates of other
 * machines.
 */
const unreachableProblem = (timeoutMs: number): string =>
  `The receiver did not respond. It must be reachable from the internet, have a valid certificate and respond within ${timeoutMs / 1000} seconds. The reason is in the log of the server.`;

/** Returns the code of an error, never its message, which may contain text of the receiver. */
function getErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
