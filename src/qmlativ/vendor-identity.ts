/** Who we are to every Skyward: the caller's name, and the tokens that Skyward issued to the vendor. */
import { userAgent } from '../network/user-agent.ts';
import { QmlativError } from './http/qmlativ-error.ts';

/** Holds secrets: never to be logged or shown. */
export interface VendorIdentity {
  readonly userAgent: string;
  /** By name in lower case; the empty name is the default for districts that name none. */
  readonly integrationTokens: ReadonlyMap<string, string>;
  /** Host names that may receive an integration token; `*.example.com` stands for every host below it. */
  readonly integrationHosts: readonly string[];
}

/** An installation without settings of its own sends no integration token. */
export const unnamedVendor: VendorIdentity = {
  userAgent: userAgent(),
  integrationTokens: new Map(),
  integrationHosts: [],
};

/**
 * The integration token for a district's token requests; undefined when there is none to send. It opens every
 * district of the vendor, so only hosts of the setting receive it, by https: a base URL may be mistyped or hostile. Throws
 * `integration-token-unset` when the connection names one that is not set.
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
  // Plain http stays on this machine, as with the sandbox.
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
    `the connection names the integration token "${name}", which this installation does not have`,
    {
      advice: `Set DAYBREAK_SKYWARD_INTEGRATION_TOKEN_${name.toUpperCase()}, or store the connection without that name.`,
    },
  );
