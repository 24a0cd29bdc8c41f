/** Signing in by password and code, signing out, and the way to a forgotten password. */
import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { AccountsFault } from './accounts-fault.ts';
import { type AuthCore, type CallOrigin, retryAfterSeconds } from './auth-core.ts';
import { findKnownDevice, rememberDevice } from './known-device.ts';
import { endEverySession } from './own-account.ts';
import { maySetPassword } from './password-link.ts';
import {
  type AccountState,
  findAccount,
  findAccountByEmail,
  hasPassword,
  type Person,
} from './person.ts';
import { countAttempt, forgetFailures, takeBackAttempt } from './sign-in-failures.ts';

/** `cookies` are whole Set-Cookie values for the answer. */
export type SignInOutcome =
  | {
      readonly kind: 'signed-in';
      readonly cookies: readonly string[];
      readonly person: Person;
      readonly needsTwoFactor: boolean;
    }
  /** The password was right; the code of the second step is wanted now. */
  | { readonly kind: 'second-step'; readonly cookies: readonly string[] }
  /** `person`: whose account it would have been, for the audit trail alone. */
  | { readonly kind: 'refused'; readonly person: Person | undefined }
  /** Told to those only who know the password. */
  | { readonly kind: 'account-locked'; readonly person: Person }
  /** Too many wrong passwords for this e-mail, whether there is an account or not. */
  | {
      readonly kind: 'locked-out';
      readonly retryAfterSeconds: number;
      readonly person: Person | undefined;
    }
  | { readonly kind: 'too-many-attempts'; readonly retryAfterSeconds: number };

export type SecondStepOutcome =
  | Extract<SignInOutcome, { kind: 'signed-in' | 'account-locked' | 'too-many-attempts' }>
  | { readonly kind: 'wrong-code' }
  /** Waited too long or guessed too often: the password is asked again. */
  | { readonly kind: 'start-over'; readonly cookies: readonly string[] };

export interface SecondStep {
  readonly code: string;
  readonly kind: 'app' | 'backup';
  /** Not to be asked on this device for 30 days. */
  readonly trustDevice: boolean;
}

export interface SignIn {
  /** Checks a password; `request` gives headers, `address` is the caller's, for the rate limit. */
  signIn(
    credentials: { readonly email: string; readonly password: string },
    request: Request,
    address: string,
  ): Promise<SignInOutcome>;
  /** Checks the code of the second step, for the cookie that the first step gave. */
  takeSecondStep(step: SecondStep, request: Request, address: string): Promise<SecondStepOutcome>;
  /** Ends the session of the request's cookie; gives the cookies that remove it. */
  signOut(request: Request, address: string): Promise<readonly string[]>;
  /** Mails a link to a new password if there is such an account, after the answer: it doesn't tell. */
  requestPasswordLink(email: string, request: Request, address: string): Promise<void>;
  /** Sets a new password by such a link; every session of the account ends. */
  setPasswordByLink(
    link: { readonly token: string; readonly password: string },
    request: Request,
    address: string,
  ): Promise<LinkOutcome>;
}

export type LinkOutcome =
  /** `person`: whose password was set, for the audit trail. */
  | { readonly kind: 'done'; readonly person?: Person }
  /** Used already, or older than an hour. */
  | { readonly kind: 'link-not-valid' }
  | { readonly kind: 'too-many-attempts'; readonly retryAfterSeconds: number };

const Refusal = z.object({ code: z.string().optional() });
const SignedIn = z.object({ token: z.string(), user: z.object({ id: z.string() }) });
const SecondStepWanted = z.object({ twoFactorRedirect: z.literal(true) });

/** To one mailbox within a quarter of an hour. */
const mostPasswordLinks = 5;

/** Sign-in over better-auth. */
export function createSignIn(core: AuthCore): SignIn {
  return {
    signIn: async (credentials, request, address) =>
      signIn(core, credentials, { request, address }),
    takeSecondStep: async (step, request, address) =>
      takeSecondStep(core, step, { request, address }),
    async signOut(request, address) {
      const answer = await core.post('/sign-out', {}, { request, address });
      if (!answer.ok) throw new AccountsFault('sign-out-failed');
      return answer.headers.getSetCookie();
    },
    async requestPasswordLink(email, request, address) {
      // Anyone may ask, from many places: nobody's mailbox is flooded, and the answer stays the same.
      const counted = { email: `password links of ${email}` };
      const attempt = await countAttempt(core.pool, counted, core.now(), mostPasswordLinks);
      if (attempt.kind === 'locked') return;
      core.inBackground(sendLink(core, email, { request, address }));
    },
    async setPasswordByLink({ token, password }, request, address) {
      const body = { token, newPassword: password };
      const accountId = await core.lookUp(`reset-password:${token}`);
      if (accountId !== undefined && !(await maySetPassword(core.pool, accountId))) {
        return { kind: 'link-not-valid' };
      }
      const answer = await core.post('/reset-password', body, { request, address });
      if (answer.status === 429) return tooMany(answer);
      if (answer.status >= 500) throw new AccountsFault('sign-in-failed');
      if (!answer.ok || accountId === undefined) return { kind: 'link-not-valid' };
      // Whoever reads the mailbox sets the password; nothing of before stays open.
      await endEverySession(core.pool, accountId);
      const account = await findAccount(core.pool, accountId);
      return { kind: 'done', ...(account && { person: account.person }) };
    },
  };
}

async function sendLink(core: AuthCore, email: string, origin: CallOrigin): Promise<void> {
  const answer = await core.post('/request-password-reset', { email }, origin);
  if (!answer.ok) throw new AccountsFault('sign-in-failed');
}

async function signIn(
  core: AuthCore,
  credentials: { readonly email: string; readonly password: string },
  origin: CallOrigin,
): Promise<SignInOutcome> {
  const { pool } = core;
  const { email } = credentials;
  const account = await findAccountByEmail(pool, email);
  const own = account && findKnownDevice(core, origin.request, account.person.accountId);
  const counted = { email, own };
  const attempt = await countAttempt(pool, counted, core.now());
  if (attempt.kind === 'locked') {
    const { retryAfterSeconds: seconds } = attempt;
    return { kind: 'locked-out', retryAfterSeconds: seconds, person: account?.person };
  }
  // The library looks for the password of whom it finds; the answer takes as long where it finds nobody.
  if (account === undefined) await hasPassword(pool, randomUUID());
  // As long and in the same words as for a wrong password, whatever was typed.
  const given = account?.mustUseSingleSignOn
    ? { ...credentials, password: randomUUID() }
    : credentials;
  const answer = await core.post('/sign-in/email', given, origin);
  if (!answer.ok && answer.status !== 401) await takeBackAttempt(pool, counted);
  if (answer.status === 429) return tooMany(answer);
  if (answer.status >= 500) throw new AccountsFault('sign-in-failed');
  if (!answer.ok || account === undefined) return { kind: 'refused', person: account?.person };
  await forgetFailures(pool, counted, core.now());
  const body: unknown = await answer.json();
  if (SecondStepWanted.safeParse(body).success) {
    return { kind: 'second-step', cookies: answer.headers.getSetCookie() };
  }
  // A trusted device is not asked for the code: it signs in, and proves nothing more.
  const session = { token: SignedIn.parse(body).token, isProven: !account.hasTwoFactor };
  return admit(core, account, answer, session, origin);
}

async function takeSecondStep(
  core: AuthCore,
  { code, kind, trustDevice }: SecondStep,
  origin: CallOrigin,
): Promise<SecondStepOutcome> {
  const path = kind === 'app' ? '/two-factor/verify-totp' : '/two-factor/verify-backup-code';
  // In an open session better-auth counts no wrong codes and asks for no password: it gets that of the step alone.
  const answer = await core.post(path, { code, trustDevice }, origin, 'without session');
  if (answer.status >= 500) throw new AccountsFault('sign-in-failed');
  const body: unknown = await answer.json();
  if (answer.status === 429) {
    const lockSeconds = Refusal.safeParse(body).data?.code === 'ACCOUNT_TEMPORARILY_LOCKED';
    return lockSeconds ? { kind: 'too-many-attempts', retryAfterSeconds: 900 } : tooMany(answer);
  }
  if (!answer.ok) {
    const refusal = Refusal.safeParse(body).data?.code ?? '';
    if (/^INVALID_(?:CODE|BACKUP_CODE)$/.test(refusal)) return { kind: 'wrong-code' };
    return { kind: 'start-over', cookies: answer.headers.getSetCookie() };
  }
  const { token, user } = SignedIn.parse(body);
  const account = await findAccount(core.pool, user.id);
  if (account === undefined || account.mustUseSingleSignOn) {
    return { kind: 'start-over', cookies: [] };
  }
  return admit(core, account, answer, { token, isProven: true }, origin);
}

/** The last look before the cookie goes out: an account that an administrator locked stays outside. */
async function admit(
  core: AuthCore,
  account: AccountState,
  answer: Response,
  session: { readonly token: string; readonly isProven: boolean },
  { request }: CallOrigin,
): Promise<Extract<SignInOutcome, { kind: 'signed-in' | 'account-locked' }>> {
  const { person } = account;
  if (account.isLocked) {
    await core.pool.query('delete from account_sessions where account_id = $1', [person.accountId]);
    return { kind: 'account-locked', person };
  }
  await core.pool.query(
    `with proven as (update account_sessions set proven_at = now() where token = $3 and $4)
     update accounts set last_signed_in_at = $2 where id = $1`,
    [person.accountId, core.now().toString(), session.token, session.isProven],
  );
  return {
    kind: 'signed-in',
    cookies: [...answer.headers.getSetCookie(), rememberDevice(core, request, person.accountId)],
    person,
    needsTwoFactor: account.mustHaveTwoFactor && !account.hasTwoFactor,
  };
}

const tooMany = (answer: Response) =>
  ({ kind: 'too-many-attempts', retryAfterSeconds: retryAfterSeconds(answer) }) as const;
