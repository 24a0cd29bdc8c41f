/**
 * Requests to a district's OpenID provider: allowed addresses only, short time-outs, small responses, no redirects.
 */
import { Agent, request } from 'undici';

import { userAgent } from '../../network/user-agent.ts';
import { type AddressRules, checkBaseUrl, guardedLookup } from '../../network/address-check.ts';

export interface ProviderRequest {
  readonly url: string;
  /** Sent by POST; without it the request is a GET. */
  readonly form?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The JSON of a response with status 200, or a message without secrets. */
export type ProviderResponse =
  | { readonly kind: 'answer'; readonly body: unknown }
  | { readonly kind: 'trouble'; readonly message: string };

const timeoutMs = 10_000;
const maxResponseBytes = 512 * 1024;

/** Returns whether an address may be called: https, and no private address unless the rules allow it. */
export function isAllowedAddress(address: string, rules: AddressRules): boolean {
  const url = URL.parse(address);
  // Only the host matters.
  return url !== null && checkBaseUrl(withoutQuery(url), rules).ok;
}

const withoutQuery = (url: URL): string => {
  const plain = new URL(url);
  plain.search = '';
  plain.hash = '';
  return plain.href;
};

/** Sends one request to a provider. The resolved address is checked again when connecting. */
export async function requestProvider(
  { url, form, headers }: ProviderRequest,
  rules: AddressRules,
): Promise<ProviderResponse> {
  if (!isAllowedAddress(url, rules)) {
    return providerFailure('The provider uses an address that is not allowed.');
  }
  const agent = new Agent({
    connect: { lookup: guardedLookup(new URL(url).protocol, rules), timeout: timeoutMs },
    maxResponseSize: maxResponseBytes,
  });
  try {
    const response = await request(url, {
      dispatcher: agent,
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        'user-agent': userAgent(),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(form && { body: form.toString() }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.body.text();
    if (response.statusCode !== 200) {
      return providerFailure(
        `The provider responded to ${new URL(url).pathname} with ${response.statusCode}.`,
      );
    }
    return { kind: 'answer', body: JSON.parse(text) };
  } catch (error) {
    return providerFailure(
      error instanceof SyntaxError
        ? 'The provider did not respond with JSON.'
        : 'The provider does not respond, or its address is not allowed.',
    );
  } finally {
    await agent.destroy();
  }
}

const providerFailure = (message: string): ProviderResponse => ({ kind: 'trouble', message });
