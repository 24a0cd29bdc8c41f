/** better-auth over our tables, and the way our code asks it: what all parts of the accounts share. */
import { createHmac, timingSafeEqual } from 'node:crypto';

import { type Auth, betterAuth } from 'better-auth';
import { parse as parseCookies } from 'hono/utils/cookie';
import type pg from 'pg';
import type { Logger } from 'pino';

import type { SealingKey } from '../districts/sealed-secret.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { ConcurrencyCounts } from '../network/concurrency-limiter.ts';
import { AccountsError } from './accounts-error.ts';
import { authOptions, clientAddressHeader } from './auth-options.ts';
import {
  defaultHashingLimits,
  type HashingLimits,
  type PasswordHashing,
  scryptPasswords,
  limitHashing,
} from './sign-in/password-hashing.ts';
import { sendPasswordReset } from './sign-in/password-reset.ts';
import { twoFactorKeys, type TwoFactorKeys } from './sign-in/two-factor.ts';
import type { SessionOpened } from './sign-in/session-opening.ts';

/** What the parts of the accounts work with. */
export interface AuthCore {
  readonly pool: pg.Pool;
  readonly log: Logger;
  /** Absent: no mail can be sent, so that links are shown to administrators. */
  readonly mailer: Mailer | undefined;
  readonly productName: string;
  readonly sealingKey: SealingKey | undefined;
  /** Providers of single sign-on may stand at private addresses, over plain http. */
  readonly allowPrivateIssuers: boolean;
  readonly now: () => Temporal.Instant;
  /** Asks better-auth as the caller's request would, with or without its session. Refusals are answers. */
  post(
    path: string,
    body: object,
    caller: CallOrigin,
    session?: 'with session' | 'without session',
  ): Promise<Response>;
  /** The token in the session cookie, if it is signed by us. */
  sessionToken(headers: Headers): Promise<string | undefined>;
  /** Lets the session of the cookie run longer and gives the new cookies; `undefined`: it has ended. */
  renewSession(headers: Headers): Promise<readonly string[] | undefined>;
  /** Opens a session; gives its cookies. */
  openSession(accountId: string, opened: SessionOpened, caller: CallOrigin): Promise<string[]>;
  /** What seals the secrets of second factors. */
  readonly twoFactorKeys: TwoFactorKeys;
  /** Throws `TurnsFullError` when too many passwords of this address wait to be hashed. */
  hashPassword(password: string, address: string): Promise<string>;
  /** Whether this is the password of the account; false too for who has none. Throws as `hashPassword` does. */
  isPassword(accountId: string, password: string, address: string): Promise<boolean>;
  /** How many passwords are being hashed and wait for it. */
  hashingCounts(): ConcurrencyCounts;
  /** Shows that we wrote this text; in the letters of a cookie. */
  sign(text: string): string;
  /** A value of better-auth that was kept under this name. */
  findVerification(name: string): Promise<string | undefined>;
  /** The address of a page of ours, for links. */
  buildLink(path: string, request: Request): string;
  /** Lets a task go on after the answer. */
  inBackground(task: Promise<unknown>): void;
  /** Resolves when no task goes on. */
  idle(): Promise<void>;
}

/** A request and the network address that it came from. */
export interface CallOrigin {
  readonly request: Request;
  readonly address: string;
}

export interface AuthCoreOptions extends Pick<
  AuthCore,
  'pool' | 'log' | 'mailer' | 'productName' | 'sealingKey' | 'allowPrivateIssuers' | 'now'
> {
  readonly secret: string;
  readonly publicUrl: string | undefined;
  readonly passwordHashing?: PasswordHashing | undefined;
  readonly hashingLimits?: HashingLimits | undefined;
}

/** Sets better-auth up. Throws `AccountsFault` for a secret too short or an unusable address. */
export function createAuthCore(options: AuthCoreOptions): AuthCore {
  const { log, publicUrl } = options;
  checkOptions(options);
  const tasks = new Set<Promise<unknown>>();
  const inBackground = (task: Promise<unknown>) => {
    const settled = task
      .catch((error: unknown) => log.error({ part: 'accounts', error }, 'a task failed'))
      .finally(() => tasks.delete(settled));
    tasks.add(settled);
  };
  const hashing = limitHashing(
    options.passwordHashing ?? scryptPasswords,
    options.hashingLimits ?? defaultHashingLimits,
  );
  const keys = twoFactorKeys(options.secret, options.sealingKey);
  const auth = betterAuth(
    authOptions({
      ...options,
      passwordHashing: hashing.forBetterAuth,
      twoFactorKeys: keys,
      inBackground,
      sendPasswordReset: async (link) => sendPasswordReset(options, publicUrl, link),
    }),
  );
  return {
    ...options,
    inBackground,
    idle: async () => {
      while (tasks.size > 0) await Promise.all(tasks);
    },
    post: async (path, body, caller, session = 'with session') => {
      const { name } = (await auth.$context).authCookies.sessionToken;
      const left = session === 'with session' ? [] : [name];
      return hashing.from(caller.address, async () =>
        auth.handler(authRequest(caller, publicUrl, `/api/auth${path}`, body, left)),
      );
    },
    sessionToken: async (headers) => sessionToken(auth, headers),
    renewSession: async (headers) => {
      const { headers: given, response } = await auth.api.getSession({
        headers: withPlainCookies(headers),
        returnHeaders: true,
      });
      return response === null ? undefined : given.getSetCookie();
    },
    twoFactorKeys: keys,
    openSession: async (accountId, opened, { request, address }) => {
      const { headers } = await auth.api.openSession({
        body: { accountId, ...opened },
        headers: toHeaders(request, address),
        returnHeaders: true,
      });
      return headers.getSetCookie();
    },
    sign: (text) =>
      createHmac('sha256', options.secret).update(`daybreak ${text}`).digest('base64url'),
    hashingCounts: () => hashing.counts(),
    hashPassword: async (password, address) => hashing.hash(password, address),
    isPassword: async (accountId, password, address) => {
      const { rows } = await options.pool.query<{ hash: string }>(
        `select password as hash from account_credentials
         where account_id = $1 and provider_id = 'credential' and password is not null`,
        [accountId],
      );
      const [stored] = rows;
      return stored !== undefined && hashing.verify({ ...stored, password }, address);
    },
    findVerification: async (name) => {
      const { internalAdapter } = await auth.$context;
      return (await internalAdapter.findVerificationValue(name))?.value;
    },
    buildLink: (path, request) => `${publicUrl ?? new URL(request.url).origin}${path}`,
  };
}

/**
 * The token of a session cookie that we signed, as better-auth signs it: HMAC-SHA256 as base64. Asking better-auth
 * costs two reads a request, and its way through Web Crypto more than all else that a request does in this process.
 */
async function sessionToken(
  auth: Auth<ReturnType<typeof authOptions>>,
  headers: Headers,
): Promise<string | undefined> {
  const cookie = headers.get('cookie');
  if (cookie === null) return undefined;
  const { authCookies, secret } = await auth.$context;
  const { name } = authCookies.sessionToken;
  const value = parseCookies(cookie, name)[name] ?? '';
  const end = value.lastIndexOf('.');
  const token = value.slice(0, Math.max(end, 0));
  const given = Buffer.from(value.slice(end + 1));
  const expected = Buffer.from(createHmac('sha256', secret).update(token).digest('base64'));
  const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
  return isOurs && token !== '' ? token : undefined;
}

/** The caller's request, turned into one that better-auth knows: its cookies but for some, our address. */
function authRequest(
  { request, address }: CallOrigin,
  publicUrl: string | undefined,
  path: string,
  body: object,
  leftOut: readonly string[],
): Request {
  const headers = toHeaders(request, address, leftOut);
  headers.delete('content-length');
  headers.set('content-type', 'application/json');
  // Where the request comes from was checked before it reached us (src/api/server/security.ts).
  headers.set('origin', new URL(publicUrl ?? request.url).origin);
  return new Request(new URL(path, request.url), {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
}

function toHeaders(request: Request, address: string, leftOut?: readonly string[]): Headers {
  const headers = withPlainCookies(request.headers, leftOut);
  headers.set(clientAddressHeader, address);
  return headers;
}

/**
 * Each cookie once, as we read it. Of two with the same name better-auth may read the one that we don't: the
 * session that it looks at would be another than the one that was let in.
 */
function withPlainCookies(given: Headers, leftOut: readonly string[] = []): Headers {
  const headers = new Headers(given);
  const cookies = Object.entries(parseCookies(given.get('cookie') ?? ''))
    .filter(([name]) => !leftOut.includes(name))
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  headers.set('cookie', cookies.join('; '));
  return headers;
}

function checkOptions({ secret, publicUrl, mailer }: AuthCoreOptions): void {
  if (secret.length < 32) throw new AccountsError('session-secret-too-short');
  if (publicUrl === undefined) {
    // The address of a request can be forged; a link that is mailed must not follow it.
    if (mailer !== undefined) throw new AccountsError('public-url-missing');
    return;
  }
  const protocol = URL.parse(publicUrl)?.protocol;
  if (protocol !== 'https:' && protocol !== 'http:') throw new AccountsError('public-url-invalid');
}

/** The seconds to wait that an answer of better-auth names; a minute unless it does. */
export function retryAfterSeconds(answer: Response): number {
  const seconds = Number(answer.headers.get('x-retry-after'));
  return seconds > 0 ? seconds : 60;
}
