/** Asks a district's OpenID provider: only addresses that may be called, little time, small answers, no redirects. */
import { Agent, request } from 'undici';

import { userAgent } from '../../network/user-agent.ts';
import { type AddressRules, checkBaseUrl, guardedLookup } from '../../network/address-check.ts';

export interface ProviderRequest {
  readonly url: string;
  /** A form is posted; without one the address is read. */
  readonly form?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The JSON of an answer with status 200, or a sentence about what went wrong, without any secret. */
export type ProviderResponse =
  | { readonly kind: 'answer'; readonly body: unknown }
  | { readonly kind: 'trouble'; readonly message: string };

const timeoutMs = 10_000;
const maxResponseBytes = 512 * 1024;

/** Whether an address may be called at all: https, and no private address unless the rules allow it. */
export function isAllowedAddress(address: string, rules: AddressRules): boolean {
  const url = URL.parse(address);
  // What stands behind the path is no matter of the host.
  return url !== null && checkBaseUrl(withoutQuery(url), rules).ok;
}

const withoutQuery = (url: URL): string => {
  const plain = new URL(url);
  plain.search = '';
  plain.hash = '';
  return plain.href;
};

/** One question to a provider. Names are checked again where they lead, at the connection itself. */
export async function requestProvider(
  { url, form, headers }: ProviderRequest,
  rules: AddressRules,
): Promise<ProviderResponse> {
  if (!isAllowedAddress(url, rules)) {
    return providerFailure('The provider names an address that may not be called.');
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
        `The provider answered ${new URL(url).pathname} with ${response.statusCode}.`,
      );
    }
    return { kind: 'answer', body: JSON.parse(text) };
  } catch (error) {
    return providerFailure(
      error instanceof SyntaxError
        ? 'The provider answered with something else than JSON.'
        : 'The provider does not answer, or its address may not be called.',
    );
  } finally {
    await agent.destroy();
  }
}

const providerFailure = (message: string): ProviderResponse => ({ kind: 'trouble', message });
