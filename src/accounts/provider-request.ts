/** Asks a district's OpenID provider: only addresses that may be called, little time, small answers, no redirects. */
import { Agent, request } from 'undici';

import { userAgent } from '../network/user-agent.ts';
import { type AddressRules, checkBaseUrl, guardedLookup } from '../network/address-check.ts';

export interface ProviderQuestion {
  readonly url: string;
  /** A form is posted; without one the address is read. */
  readonly form?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The JSON of an answer with status 200, or a sentence about what went wrong, without any secret. */
export type ProviderAnswer =
  | { readonly kind: 'answer'; readonly body: unknown }
  | { readonly kind: 'trouble'; readonly sentence: string };

const limitMs = 10_000;
const largestAnswerBytes = 512 * 1024;

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
export async function askProvider(
  { url, form, headers }: ProviderQuestion,
  rules: AddressRules,
): Promise<ProviderAnswer> {
  if (!isAllowedAddress(url, rules)) {
    return trouble('The provider names an address that may not be called.');
  }
  const agent = new Agent({
    connect: { lookup: guardedLookup(new URL(url).protocol, rules), timeout: limitMs },
    maxResponseSize: largestAnswerBytes,
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
      signal: AbortSignal.timeout(limitMs),
    });
    const text = await response.body.text();
    if (response.statusCode !== 200) {
      return trouble(`The provider answered ${new URL(url).pathname} with ${response.statusCode}.`);
    }
    return { kind: 'answer', body: JSON.parse(text) };
  } catch (error) {
    return trouble(
      error instanceof SyntaxError
        ? 'The provider answered with something else than JSON.'
        : 'The provider does not answer, or its address may not be called.',
    );
  } finally {
    await agent.destroy();
  }
}

const trouble = (sentence: string): ProviderAnswer => ({ kind: 'trouble', sentence });
