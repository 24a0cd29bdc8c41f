/** The vendor's identity in requests to Skyward: the user agent, and the integration tokens issued by Skyward. */
import { userAgent } from '../network/user-agent.ts';
import { QmlativError } from './http/qmlativ-error.ts';

/** Contains secrets: never log or show it. */
export interface VendorIdentity {
  readonly userAgent: string;
  /** By lower-case name; the empty name is the default. */
  readonly integrationTokens: ReadonlyMap<string, string>;
  /** Host names that may receive an integration token; `*.example.com` matches all subdomains. */
  readonly integrationHosts: readonly string[];
}

/** Without settings no integration token is sent. */
export const unnamedVendor: VendorIdentity = {
  userAgent: userAgent(),
  integrationTokens: new Map(),
  integrationHosts: [],
};

/**
 * Returns the integration token for a district's token requests; undefined if there is none. It is valid for every
 * district of the vendor, so it is sent only to hosts of the setting and over https: a base URL may be mistyped or
 * hostile. Throws `integration-token-unset` if the connection names one that is not set.
 */
export function integrationTokenFor(
  vendor: VendorIdentity,
  connection: { readonly baseUrl: string; readonly integrationTokenName: string | null },
): string | undefined {
  const url = URL.parse(connection.baseUrl);
  const host = url?.hostname.toLowerCase();
  const name = connection.integrationTokenName?.toLowerCase() ?? '';
  const token = vendor.integrationTokens.get(name);
  if (token === undefined && name !== '') throw createUnsetTokenError(name);
  // Plain http is allowed only to this machine, for the sandbox.
  const isSealed =
    url?.protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host ?? '');
  const isAllowed =
    host !== undefined && isSealed && vendor.integrationHosts.some((one) => matches(host, one));
  return isAllowed ? token : undefined;
}

const matches = (host: string, pattern: string): boolean =>
  pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;

const createUnsetTokenError = (name: string) =>
  new QmlativError(
    'integration-token-unset',
    `the connection uses the integration token "${name}", which is not set in this installation`,
    {
      advice:
        'Contact support: the server needs this token, or the connection must be saved without it.',
    },
  );
