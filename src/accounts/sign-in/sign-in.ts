/**
 * Signing in with password and code, signing out, and password reset.
 *
 * This folder signs users in by password and two-step verification.
 */
import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { AccountsError } from '../accounts-error.ts';
import { type AuthCore, type CallOrigin, retryAfterSeconds } from '../auth-core.ts';
import { findKnownDevice, rememberDevice } from './known-device.ts';
import { endAllSessions } from '../users/own-account.ts';
import { canResetPassword } from './password-reset.ts';
import {
  type AccountState,
  findAccount,
  findAccountByEmail,
  hasPassword,
  type User,
} from '../users/user.ts';
import { countAttempt, clearFailures, undoAttempt } from './sign-in-failures.ts';

/** `cookies` are Set-Cookie values for the response. */
export type SignInOutcome =
  | {
      readonly kind: 'signed-in';
      readonly cookies: readonly string[];
      readonly user: User;
      readonly needsTwoFactor: boolean;
    }
  /** The password was correct; a code of two-step verification is needed. */
  | { readonly kind: 'two-factor'; readonly cookies: readonly string[] }
  /** `user`: the account of the e-mail, for the audit trail only. */
  | { readonly kind: 'refused'; readonly user: User | undefined }
  /** Returned only if the password was correct. */
  | { readonly kind: 'account-suspended'; readonly user: User }
  /** Too many wrong passwords for this e-mail, whether it has an account or not. */
  | {
      readonly kind: 'locked-out';
      readonly retryAfterSeconds: number;
      readonly user: User | undefined;
    }
  | { readonly kind: 'too-many-attempts'; readonly retryAfterSeconds: number };

export type TwoFactorOutcome =
  | Extract<SignInOutcome, { kind: 'signed-in' | 'account-suspended' | 'too-many-attempts' }>
  | { readonly kind: 'wrong-code' }
  /** Too much time or too many attempts: the password is needed again. */
  | { readonly kind: 'start-over'; readonly cookies: readonly string[] };

export interface TwoFactorInput {
  readonly code: string;
  readonly kind: 'app' | 'backup';
  /** Do not ask for a code on this device for 30 days. */
  readonly trustDevice: boolean;
}

export interface SignIn {
  /** Checks a password; `request` has the headers, `address` is the caller's, for the rate limit. */
  signIn(
    credentials: { readonly email: string; readonly password: string },
    request: Request,
    address: string,
  ): Promise<SignInOutcome>;
  /** Checks the code of two-step verification, with the cookie that `signIn` returned. */
  verifyTwoFactor(
    step: TwoFactorInput,
    request: Request,
    address: string,
  ): Promise<TwoFactorOutcome>;
  /** Ends the session of the request's cookie; returns the cookies that remove it. */
  signOut(request: Request, address: string): Promise<readonly string[]>;
  /** Sends a password link if the account exists, after the response, which does not reveal it. */
  requestPasswordReset(email: string, request: Request, address: string): Promise<void>;
  /** Sets a new password with such a link; all sessions of the account end. */
  resetPassword(
    link: { readonly token: string; readonly password: string },
    request: Request,
    address: string,
  ): Promise<PasswordResetOutcome>;
}

export type PasswordResetOutcome =
  /** `user`: whose password was set, for the audit trail. */
  | { readonly kind: 'done'; readonly user?: User }
  /** Already used, or older than an hour. */
  | { readonly kind: 'link-not-valid' }
  | { readonly kind: 'too-many-attempts'; readonly retryAfterSeconds: number };

const ErrorBody = z.object({ code: z.string().optional() });
const SignedIn = z.object({ token: z.string(), user: z.object({ id: z.string() }) });
const TwoFactorRequired = z.object({ twoFactorRedirect: z.literal(true) });

/** Maximum mails to one address within 15 minutes. */
const maxPasswordResets = 5;

/** Sign-in with better-auth. */
export function createSignIn(core: AuthCore): SignIn {
  return {
    signIn: async (credentials, request, address) =>
      signIn(core, credentials, { request, address }),
    verifyTwoFactor: async (step, request, address) =>
      verifyTwoFactor(core, step, { request, address }),
    async signOut(request, address) {
      const response = await core.post('/sign-out', {}, { request, address });
      if (!response.ok) throw new AccountsError('sign-out-failed');
      return response.headers.getSetCookie();
    },
    async requestPasswordReset(email, request, address) {
      // Anyone can request this from many addresses, so mails per mailbox are limited; the response stays the same.
      const counted = { email: `password links of ${email}` };
      const attempt = await countAttempt(core.pool, counted, core.now(), maxPasswordResets);
      if (attempt.kind === 'locked') return;
      core.inBackground(sendResetLink(core, email, { request, address }));
    },
    async resetPassword({ token, password }, request, address) {
      const body = { token, newPassword: password };
      const accountId = await core.findVerification(`reset-password:${token}`);
      if (accountId !== undefined && !(await canResetPassword(core.pool, accountId))) {
        return { kind: 'link-not-valid' };
      }
      const response = await core.post('/reset-password', body, { request, address });
      if (response.status === 429) return tooManyAttempts(response);
      if (response.status >= 500) throw new AccountsError('sign-in-failed');
      if (!response.ok || accountId === undefined) return { kind: 'link-not-valid' };
      // The owner of the mailbox sets the password, so all earlier sessions end.
      await endAllSessions(core.pool, accountId);
      const account = await findAccount(core.pool, accountId);
      return { kind: 'done', ...(account && { user: account.user }) };
    },
  };
}

async function sendResetLink(core: AuthCore, email: string, origin: CallOrigin): Promise<void> {
  const response = await core.post('/request-password-reset', { email }, origin);
  if (!response.ok) throw new AccountsError('sign-in-failed');
}

async function signIn(
  core: AuthCore,
  credentials: { readonly email: string; readonly password: string },
  origin: CallOrigin,
): Promise<SignInOutcome> {
  const { pool } = core;
  const { email } = credentials;
  const account = await findAccountByEmail(pool, email);
  const own = account && findKnownDevice(core, origin.request, account.user.accountId);
  const counted = { email, own };
  const attempt = await countAttempt(pool, counted, core.now());
  if (attempt.kind === 'locked') {
    const { retryAfterSeconds: seconds } = attempt;
    return { kind: 'locked-out', retryAfterSeconds: seconds, user: account?.user };
  }
  // Takes as long for an unknown account as for a known one.
  if (account === undefined) await hasPassword(pool, randomUUID());
  // The same duration and message as for a wrong password.
  const given = account?.mustUseSingleSignOn
    ? { ...credentials, password: randomUUID() }
    : credentials;
  const response = await core.post('/sign-in/email', given, origin);
  if (!response.ok && response.status !== 401) await undoAttempt(pool, counted);
  if (response.status === 429) return tooManyAttempts(response);
  if (response.status >= 500) throw new AccountsError('sign-in-failed');
  if (!response.ok || account === undefined) return { kind: 'refused', user: account?.user };
  await clearFailures(pool, counted, core.now());
  const body: unknown = await response.json();
  if (TwoFactorRequired.safeParse(body).success) {
    return { kind: 'two-factor', cookies: response.headers.getSetCookie() };
  }
  // A trusted device needs no code to sign in, but this is not a recent authentication.
  const session = {
    token: SignedIn.parse(body).token,
    isRecentlyAuthenticated: !account.hasTwoFactor,
  };
  return completeSignIn(core, account, response, session, origin);
}

async function verifyTwoFactor(
  core: AuthCore,
  { code, kind, trustDevice }: TwoFactorInput,
  origin: CallOrigin,
): Promise<TwoFactorOutcome> {
  const path = kind === 'app' ? '/two-factor/verify-totp' : '/two-factor/verify-backup-code';
  // With an open session better-auth would count no wrong codes and need no password, so it gets only the cookie of
  // this step.
  const response = await core.post(path, { code, trustDevice }, origin, 'without session');
  if (response.status >= 500) throw new AccountsError('sign-in-failed');
  const body: unknown = await response.json();
  if (response.status === 429) {
    const lockSeconds = ErrorBody.safeParse(body).data?.code === 'ACCOUNT_TEMPORARILY_LOCKED';
    return lockSeconds
      ? { kind: 'too-many-attempts', retryAfterSeconds: 900 }
      : tooManyAttempts(response);
  }
  if (!response.ok) {
    const error = ErrorBody.safeParse(body).data?.code ?? '';
    if (/^INVALID_(?:CODE|BACKUP_CODE)$/.test(error)) return { kind: 'wrong-code' };
    return { kind: 'start-over', cookies: response.headers.getSetCookie() };
  }
  const { token, user } = SignedIn.parse(body);
  const account = await findAccount(core.pool, user.id);
  if (account === undefined || account.mustUseSingleSignOn) {
    return { kind: 'start-over', cookies: [] };
  }
  return completeSignIn(core, account, response, { token, isRecentlyAuthenticated: true }, origin);
}

/** The last check before the cookie is sent: suspended accounts cannot sign in. */
async function completeSignIn(
  core: AuthCore,
  account: AccountState,
  response: Response,
  session: { readonly token: string; readonly isRecentlyAuthenticated: boolean },
  { request }: CallOrigin,
): Promise<Extract<SignInOutcome, { kind: 'signed-in' | 'account-suspended' }>> {
  const { user } = account;
  if (account.isSuspended) {
    await core.pool.query('delete from account_sessions where account_id = $1', [user.accountId]);
    return { kind: 'account-suspended', user };
  }
  await core.pool.query(
    `with proven as (update account_sessions set proven_at = now() where token = $3 and $4)
     update accounts set last_signed_in_at = $2 where id = $1`,
    [user.accountId, core.now().toString(), session.token, session.isRecentlyAuthenticated],
  );
  return {
    kind: 'signed-in',
    cookies: [...response.headers.getSetCookie(), rememberDevice(core, request, user.accountId)],
    user,
    needsTwoFactor: account.mustHaveTwoFactor && !account.hasTwoFactor,
  };
}

const tooManyAttempts = (response: Response) =>
  ({ kind: 'too-many-attempts', retryAfterSeconds: retryAfterSeconds(response) }) as const;
