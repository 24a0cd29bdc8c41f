/**
 * The cookie of a device on which a user has signed in before. It grants no access: wrong passwords and sign-ins
 * from the device are only counted separately, so that attempts of others cannot lock out users on their own
 * devices. A stolen cookie gives those counts and nothing else.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';

import type { AuthCore } from '../auth-core.ts';
import { hostCookie } from './host-cookie.ts';

/** The longest lifetime that browsers allow. */
const cookieDays = 400;
/** Only the latest users of a shared computer are stored. */
const maxAccounts = 5;
/** Used in place of an account's id. */
const anyAccount = '';

type Core = Pick<AuthCore, 'sign' | 'buildLink'>;

interface Device {
  readonly id: string;
  /** One for the device itself, then one for each account that has signed in, the latest first. */
  readonly signatures: readonly string[];
}

/** Returns the device's id if this account (or, without one, any account) has signed in on it. */
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

/** Returns a Set-Cookie value that makes the device known for this account. */
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
