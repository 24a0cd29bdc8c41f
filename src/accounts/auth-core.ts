/** better-auth on our tables, and how our code calls it; shared by all parts of the accounts. */
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

/** What all parts of the accounts share. */
export interface AuthCore {
  readonly pool: pg.Pool;
  readonly log: Logger;
  /** Absent: no mail can be sent, so administrators get the links. */
  readonly mailer: Mailer | undefined;
  readonly productName: string;
  readonly sealingKey: SealingKey | undefined;
  /** Allows providers of single sign-on at private addresses and over plain http. */
  readonly allowPrivateIssuers: boolean;
  readonly now: () => Temporal.Instant;
  /** Calls better-auth as the caller's request, with or without its session. Errors are returned as responses. */
  post(
    path: string,
    body: object,
    caller: CallOrigin,
    session?: 'with session' | 'without session',
  ): Promise<Response>;
  /** Returns the token in the session cookie if our signature is valid. */
  sessionToken(headers: Headers): Promise<string | undefined>;
  /** Extends the session of the cookie and returns the new cookies; `undefined` if it has ended. */
  renewSession(headers: Headers): Promise<readonly string[] | undefined>;
  /** Opens a session and returns its cookies. */
  openSession(accountId: string, opened: SessionOpened, caller: CallOrigin): Promise<string[]>;
  /** Keys that seal the secrets of two-factor authentication. */
  readonly twoFactorKeys: TwoFactorKeys;
  /** Throws `QueueFullError` if too many passwords of this address are waiting to be hashed. */
  hashPassword(password: string, address: string): Promise<string>;
  /** Returns whether this is the password of the account; false if it has none. Throws like `hashPassword`. */
  isPassword(accountId: string, password: string, address: string): Promise<boolean>;
  /** How many passwords are being hashed, and how many wait. */
  hashingCounts(): ConcurrencyCounts;
  /** Returns a signature of the text that can be used in a cookie. */
  sign(text: string): string;
  /** Returns the value that better-auth stored under this name. */
  findVerification(name: string): Promise<string | undefined>;
  /** Returns the address of a page, for links. */
  buildLink(path: string, request: Request): string;
  /** Lets a task continue after the response. */
  inBackground(task: Promise<unknown>): void;
  /** Resolves when no task is running. */
  idle(): Promise<void>;
}

/** A request and its network address. */
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

/** Sets up better-auth. Throws `AccountsError` if the secret is too short or the address invalid. */
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
 * Returns the token of a session cookie with a valid signature (HMAC-SHA256 as base64, like better-auth). Calling
 * better-auth would cost two reads a request, and its use of Web Crypto more than the rest of the request.
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

/** Returns the caller's request as one for better-auth: with filtered cookies and our address. */
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
  // The origin was already checked (src/api/server/security.ts).
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
 * Returns each cookie once, as we read it. Of two with the same name better-auth could read the other one, and so a
 * different session than the one that was authorized.
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
    // The address of a request can be forged, so links in mails must not use it.
    if (mailer !== undefined) throw new AccountsError('public-url-missing');
    return;
  }
  const protocol = URL.parse(publicUrl)?.protocol;
  if (protocol !== 'https:' && protocol !== 'http:') throw new AccountsError('public-url-invalid');
}

/** Returns the seconds to wait from a response of better-auth (default 60). */
export function retryAfterSeconds(answer: Response): number {
  const seconds = Number(answer.headers.get('x-retry-after'));
  return seconds > 0 ? seconds : 60;
}
