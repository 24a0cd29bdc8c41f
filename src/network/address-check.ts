/**
 * Decides which addresses may be called: public ones over https, and private ones only if a setting allows it.
 *
 * This folder is for addresses and limits: caller addresses, outgoing addresses, rate and concurrency limits.
 */
import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';

/** A host name resolved to an address that may not be called. The message gives the reason. */
export class AddressRejectedError extends Error {
  override readonly name = 'AddressRejectedError';
}

export interface AddressRules {
  /** Allows private, loopback and link-local addresses, and plain http to these (never to public ones). */
  readonly allowPrivateAddresses: boolean;
}

export type BaseUrlCheck =
  { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly message: string };

/**
 * Checks a base URL as typed by a user, before anything is sent. Returns `url` without a trailing slash. Names are not
 * resolved here; `guardedLookup` checks the resolved addresses of every connection (against DNS rebinding).
 */
export function checkBaseUrl(text: string, rules: AddressRules): BaseUrlCheck {
  const url = URL.parse(text.trim());
  if (url === null)
    return reject(
      'This is not a web address. Enter the API base URL, for example https://skyward.example.com/ExampleStuAPI.',
    );
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return reject('The API base URL must begin with https://.');
  if (url.username !== '' || url.password !== '')
    return reject(
      'The API base URL must not contain a user name or password. Enter key and secret separately.',
    );
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text))
    return reject('The API base URL must not contain a question mark or a hash sign.');
  const other = otherSkywardAddress(url.pathname);
  if (other !== undefined) return reject(other);
  const host = bareHost(url);
  if (url.protocol === 'http:' && !rules.allowPrivateAddresses)
    return reject(
      'The API base URL must begin with https://, so that the secret and student data are sent encrypted.',
    );
  const literal = isIP(host) !== 0;
  if (literal && !isAllowed(host, url.protocol, rules)) return reject(findReason(url.protocol));
  if (!literal && !rules.allowPrivateAddresses && isLocalName(host))
    return reject(findReason(url.protocol));
  url.pathname = url.pathname.replace(/\/+$/, '');
  return { ok: true, url };
}

const ending = (last: string) => `It usually ends in API, such as ${last}.`;

/** Addresses of other Skyward products, which districts enter by mistake. */
function otherSkywardAddress(path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  // Qmlativ has the name before API, the older product has it between API and STU.
  if (parts.some((part) => /^API.+STU$/i.test(part)))
    return `This is the address of Skyward SMS 2.0, an older product with a different API. Enter the API base URL of Qmlativ. ${ending('…/ExampleStuAPI')}`;
  if (parts.some((part, index) => part === 'ims' && parts[index + 1] === 'oneroster'))
    return `This is the address of Skyward's OneRoster API, which is a different API. Enter the API base URL of Qmlativ. ${ending('…/ExampleStuAPI')}`;
  const web = parts.find((part) => /STS$/i.test(part));
  return web === undefined
    ? undefined
    : `This is the address for signing in to Skyward. Enter the API base URL. ${ending(`…/${web.replace(/STS$/i, 'API')}`)}`;
}

/** Returns whether an address is public: not private, loopback, link-local or reserved. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const plain = address.replace(/%.*$/, '');
  if (family === 4) return !reservedIpv4().check(plain, 'ipv4');
  // A BlockList of IPv4 ranges also matches IPv4-mapped IPv6 addresses (::ffff:a.b.c.d).
  if (mappedIpv4().check(plain, 'ipv6')) return !reservedIpv4().check(plain, 'ipv6');
  return publicIpv6().check(plain, 'ipv6') && !reservedIpv6().check(plain, 'ipv6');
}

/**
 * Returns a DNS lookup for connections. Rejects the connection when any address of the name is not allowed, so that a
 * name cannot mix public and private addresses.
 */
export function guardedLookup(
  protocol: string,
  rules: AddressRules,
  resolve: LookupFunction = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found, family) => {
      if (error !== null) return callback(error, []);
      const addresses: LookupAddress[] = Array.isArray(found)
        ? found
        : [{ address: found, family: family ?? isIP(found) }];
      const allowed = addresses.every(({ address }) => isAllowed(address, protocol, rules));
      const [first] = addresses;
      if (!allowed || first === undefined)
        return callback(new AddressRejectedError(findReason(protocol)), []);
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

function isAllowed(address: string, protocol: string, rules: AddressRules): boolean {
  const isPublic = isPublicAddress(address);
  if (protocol === 'http:') return rules.allowPrivateAddresses && !isPublic;
  return isPublic || rules.allowPrivateAddresses;
}

function findReason(protocol: string): string {
  return protocol === 'http:'
    ? 'Plain http is allowed only for private addresses, and this address is public. Use https.'
    : 'The API base URL resolves to a private or reserved address. Enter the public address of the API.';
}

function reject(message: string): BaseUrlCheck {
  return { ok: false, message };
}

/** URL parsing has already turned decimal, octal and hexadecimal spellings into dotted ones. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

function isLocalName(host: string): boolean {
  return /(^|\.)(localhost|local|internal|localdomain|home\.arpa)\.?$/.test(host);
}

/** IANA's registry of special-purpose addresses, those called globally reachable (AS112, AMT) included. */
function reservedIpv4(): BlockList {
  return blockList('ipv4', [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.31.196.0', 24],
    ['192.52.193.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['192.175.48.0', 24],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ]);
}

function mappedIpv4(): BlockList {
  return blockList('ipv6', [['::ffff:0:0', 96]]);
}

/** Global unicast; everything else is rejected. */
function publicIpv6(): BlockList {
  return blockList('ipv6', [['2000::', 3]]);
}

/** The special-purpose ranges within global unicast. */
function reservedIpv6(): BlockList {
  return blockList('ipv6', [
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['2620:4f:8000::', 48],
    ['3fff::', 20],
  ]);
}

function blockList(family: 'ipv4' | 'ipv6', ranges: [string, number][]): BlockList {
  const list = new BlockList();
  for (const [start, prefix] of ranges) list.addSubnet(start, prefix, family);
  return list;
}
