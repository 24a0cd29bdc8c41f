/**
 * The cookie of a device that has signed in before. It opens nothing: wrong passwords from there are counted apart,
 * so that somebody else's tries lock out nobody who comes from their own device; and so are its sign-ins, apart from
 * those of its network. Who steals it gets these counts.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';

import type { AuthCore } from '../auth-core.ts';
import { hostCookie } from './host-cookie.ts';

/** The longest that browsers keep a cookie. */
const cookieDays = 400;
/** Of the people who share a computer, the latest ones are remembered. */
const maxAccounts = 5;
/** In place of an account's id. */
const anyAccount = '';

type Core = Pick<AuthCore, 'sign' | 'buildLink'>;

interface Device {
  readonly id: string;
  /** One for each account that has signed in there, the latest first; before them one for the device itself. */
  readonly signatures: readonly string[];
}

/** The device's id, if this account (or, without one, anybody) has signed in on it. */
export function findKnownDevice(
  core: Core,
  request: Request,
  accountId = anyAccount,
): string | undefined {
  const device = readDevice(core, request);
  if (device === undefined) return undefined;
  const expected = Buffer.from(signatureFor(core, device.id, accountId));
  const isKnown = device.signatures.some((given) => {
    const bytes = Buffer.from(given);
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
  return isKnown ? device.id : undefined;
}

/** A Set-Cookie value by which the device of this request is known for the account from now on. */
export function rememberDevice(core: Core, request: Request, accountId: string): string {
  const { id, signatures } = readDevice(core, request) ?? {
    id: randomBytes(16).toString('base64url'),
    signatures: [],
  };
  const own = signatureFor(core, id, accountId);
  const device = signatureFor(core, id, anyAccount);
  const others = signatures.filter((one) => one !== own && one !== device);
  const kept = [device, own, ...others.slice(0, maxAccounts - 1)];
  const isHttps = core.buildLink('/', request).startsWith('https:');
  return `${toCookieName(core, request)}=${[id, ...kept].join('.')}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${cookieDays * 86_400}${isHttps ? '; Secure' : ''}`;
}

const signatureFor = (core: Core, id: string, accountId: string): string =>
  core.sign(`known device ${id} ${accountId}`);

const toCookieName = (core: Core, request: Request): string =>
  hostCookie(core.buildLink('/', request), 'daybreak_device');

function readDevice(core: Core, request: Request): Device | undefined {
  const cookies = request.headers.get('cookie') ?? '';
  const value = new RegExp(
    `(?:^|;\\s*)${toCookieName(core, request)}=([\\w-]{22}(?:\\.[\\w-]{43}){2,6})(?:;|$)`,
  ).exec(cookies)?.[1];
  const [id, ...signatures] = value?.split('.') ?? [];
  return id === undefined ? undefined : { id, signatures };
}
