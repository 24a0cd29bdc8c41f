/** Finds the network address of a caller, also behind trusted proxies. */
import { BlockList, isIP, SocketAddress } from 'node:net';

/** Addresses and ranges of the proxies that are trusted to report a caller's address. */
export type TrustedProxies = Pick<BlockList, 'check'>;

/** Thrown for a list of proxies that can't be read; `entry` counts from 1. */
export class ProxyListError extends Error {
  override readonly name = 'ProxyListError';
  readonly entry: number;
  readonly reason: 'unreadable' | 'all-addresses';
  constructor(entry: number, reason: ProxyListError['reason']) {
    super(`Entry ${entry} of the list of trusted proxies cannot be used (${reason}).`);
    this.entry = entry;
    this.reason = reason;
  }
}

/**
 * Parses addresses and ranges (`10.0.0.0/8`, `fd00::/8`), separated by commas or spaces. Throws `ProxyListError`,
 * also for a range of all addresses, with which every caller could forge its address.
 */
export function parseProxies(text: string): TrustedProxies {
  const proxies = new BlockList();
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  for (const [index, entry] of entries.entries()) {
    const [, start = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
    const family = detectFamily(start);
    const bits = family === 'ipv4' ? 32 : 128;
    const length = prefix === undefined ? bits : Number(prefix);
    if (family === undefined || length > bits) throw new ProxyListError(index + 1, 'unreadable');
    if (length === 0) throw new ProxyListError(index + 1, 'all-addresses');
    proxies.addSubnet(start, length, family);
  }
  return proxies;
}

/**
 * Returns the address of the caller: the socket's peer or, if that is a trusted proxy, the rightmost address of
 * `X-Forwarded-For` that is not a trusted proxy. Entries further left, or left of an invalid entry, may be forged by
 * the caller. Returns IPv4 in IPv6 (`::ffff:192.0.2.1`) as IPv4.
 */
export function callerAddress(
  peer: string,
  forwardedFor: string | undefined,
  proxies: TrustedProxies | undefined,
): string {
  const claims = (forwardedFor ?? '').split(',').filter((claim) => claim.trim() !== '');
  let address = plainAddress(peer) ?? peer;
  while (isProxy(address, proxies)) {
    const claimed = plainAddress(withoutPort(claims.pop() ?? ''));
    if (claimed === undefined) return address;
    address = claimed;
  }
  return address;
}

/** Returns what rate limits count as one caller: an IPv4 address, or the /64 of an IPv6 address, which one customer gets. */
export function toNetwork(address: string): string {
  if (detectFamily(address) !== 'ipv6') return address;
  const [left = [], right] = address.split('::').map((part) => part.split(':').filter(Boolean));
  if (right === undefined) return `${left.slice(0, 4).join(':')}::/64`;
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}

function isProxy(address: string, proxies: TrustedProxies | undefined): boolean {
  const family = detectFamily(address);
  return family !== undefined && (proxies?.check(address, family) ?? false);
}

/** `192.0.2.1:4711` and `[2001:db8::1]:4711`, as some proxies write it. */
function withoutPort(claim: string): string {
  const [, inBrackets, beforeColon] =
    /^\s*(?:\[([^\]]*)\](?::\d*)?|([^:]*):\d*)\s*$/.exec(claim) ?? [];
  return inBrackets ?? beforeColon ?? claim.trim();
}

/** Returns the canonical form of an address; `undefined` if the text is no address. */
function plainAddress(text: string): string | undefined {
  const family = detectFamily(text);
  if (family === undefined) return undefined;
  const { address } = new SocketAddress({ address: text, family });
  return /^::ffff:([\d.]+)$/.exec(address)?.[1] ?? address;
}

function detectFamily(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
