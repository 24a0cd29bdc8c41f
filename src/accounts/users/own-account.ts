/** A user's own account: name, password, two-step verification, sessions. */
import type pg from 'pg';
import type { Queryable } from '../../database/queryable.ts';
import { z } from 'zod';

import { transaction } from '../../database/transaction.ts';
import { AccountsError } from '../accounts-error.ts';
import { type AuthCore, type CallOrigin, retryAfterSeconds } from '../auth-core.ts';
import { findAccount, hasPassword, type User } from './user.ts';
import { createAuthenticatorSecret, createBackupCodes } from '../sign-in/two-factor.ts';
import { countAttempt, clearFailures, undoAttempt } from '../sign-in/sign-in-failures.ts';

/** The account as its user sees it. */
export interface OwnAccountState {
  /** False: single sign-on only. */
  readonly hasPassword: boolean;
  readonly hasTwoFactor: boolean;
  readonly mustHaveTwoFactor: boolean;
}

/** An open session. */
export interface OpenSession {
  readonly id: string;
  readonly userAgent: string;
  readonly address: string;
  readonly signedInBy: string;
  readonly openedAt: Temporal.Instant;
  readonly lastUsedAt: Temporal.Instant;
}

/** The result of an action that needs a password or code; `cookies` are Set-Cookie values of a renewed session. */
export type ConfirmedOutcome<Result = unknown> =
  | ({ readonly kind: 'done'; readonly cookies: readonly string[] } & Result)
  | { readonly kind: 'wrong-password' }
  | { readonly kind: 'wrong-code' }
  /** The account has two-step verification, and no code was given. */
  | { readonly kind: 'code-missing' }
  /** Not possible: there is no password, or two-step verification is already on. */
  | { readonly kind: 'not-possible' }
  | { readonly kind: 'too-many-attempts'; readonly retryAfterSeconds: number };

export interface TwoFactorStart {
  /** `otpauth://…` for the QR code that the authenticator app scans. */
  readonly uri: string;
  /** Each works once instead of the app. */
  readonly backupCodes: readonly string[];
}

/** The signed-in user and the session. */
export interface OwnSession {
  readonly user: User;
  readonly sessionId: string;
}

export interface TwoFactorCode {
  readonly kind: 'app' | 'backup';
  readonly text: string;
}

export interface ReauthenticationInput {
  readonly password: string;
  /** An app code or a backup code. */
  readonly code?: TwoFactorCode | undefined;
}

export interface OwnAccount {
  read(user: Pick<User, 'accountId'>): Promise<OwnAccountState>;
  rename(user: User, name: string): Promise<void>;
  /** Confirms the user's identity with password and, if set up, code; stored in the session. */
  reauthenticate(
    caller: OwnSession,
    given: ReauthenticationInput,
    origin: CallOrigin,
  ): Promise<ConfirmedOutcome>;
  /** Ends all sessions, trusted devices and password links, and opens a new session. */
  changePassword(user: User, next: string, origin: CallOrigin): Promise<ConfirmedOutcome>;
  /** Returns the secret for the app; nothing changes until a code is confirmed. */
  startTwoFactor(user: User): Promise<ConfirmedOutcome<TwoFactorStart>>;
  confirmTwoFactor(code: string, origin: CallOrigin): Promise<ConfirmedOutcome>;
  /** No device is trusted any longer. */
  disableTwoFactor(user: User): Promise<ConfirmedOutcome>;
  /** Replaces the backup codes with ten new ones. */
  replaceBackupCodes(user: User): Promise<ConfirmedOutcome<Pick<TwoFactorStart, 'backupCodes'>>>;
  /** Returns the open sessions, the latest first. */
  listSessions(user: User): Promise<readonly OpenSession[]>;
  /** Ends a session; returns whether the user had it. */
  endSession(user: User, sessionId: string): Promise<boolean>;
  /** Ends all sessions and trusted devices. */
  endAllSessions(user: User): Promise<void>;
}

const ErrorBody = z.object({ code: z.string().optional() });

export function createOwnAccount(core: AuthCore): OwnAccount {
  const { pool } = core;
  return {
    async read({ accountId }) {
      const account = await findAccount(pool, accountId);
      return {
        hasPassword: await hasPassword(pool, accountId),
        hasTwoFactor: account?.hasTwoFactor ?? false,
        mustHaveTwoFactor: account?.mustHaveTwoFactor ?? false,
      };
    },
    async rename({ accountId }, name) {
      await pool.query('update accounts set name = $2, updated_at = now() where id = $1', [
        accountId,
        name,
      ]);
    },
    reauthenticate: async (caller, given, origin) => reauthenticate(core, caller, given, origin),
    async changePassword({ accountId }, next, origin) {
      if (!(await hasPassword(pool, accountId))) return { kind: 'not-possible' };
      const hash = await core.hashPassword(next, origin.address);
      await replacePassword(pool, accountId, hash);
      const opened = { signedInBy: 'password', isRecentlyAuthenticated: true } as const;
      return { kind: 'done', cookies: await core.openSession(accountId, opened, origin) };
    },
    startTwoFactor: async (user) => startTwoFactor(core, user),
    async confirmTwoFactor(code, origin) {
      return toOutcome(await core.post('/two-factor/verify-totp', { code }, origin));
    },
    async disableTwoFactor({ accountId }) {
      await transaction(pool, async (client) => {
        await client.query('delete from account_two_factors where account_id = $1', [accountId]);
        await client.query(
          'update accounts set two_factor_enabled = false, updated_at = now() where id = $1',
          [accountId],
        );
        await forgetTrustedDevices(client, accountId);
      });
      return done;
    },
    async replaceBackupCodes({ accountId }) {
      const { codes, sealed } = await createBackupCodes(core.twoFactorKeys);
      const { rowCount } = await pool.query(
        'update account_two_factors set backup_codes = $2 where account_id = $1 and verified',
        [accountId, sealed],
      );
      return rowCount === 1 ? { ...done, backupCodes: codes } : { kind: 'not-possible' };
    },
    async listSessions({ accountId }) {
      const { rows } = await pool.query<OpenSession>(
        `select id, coalesce(user_agent, '') as "userAgent", coalesce(ip_address, '') as address,
           signed_in_by as "signedInBy", created_at as "openedAt", updated_at as "lastUsedAt"
         from account_sessions where account_id = $1 and expires_at > now() order by updated_at desc, id`,
        [accountId],
      );
      return rows;
    },
    async endSession({ accountId }, sessionId) {
      const { rowCount } = await pool.query(
        'delete from account_sessions where account_id = $1 and id = $2',
        [accountId, sessionId],
      );
      return rowCount === 1;
    },
    endAllSessions: async ({ accountId }) => endAllSessions(pool, accountId),
  };
}

/** Ends the sessions of an account, its trusted devices, and sign-ins in progress. */
export async function endAllSessions(client: Queryable, accountId: string): Promise<void> {
  await client.query('delete from account_sessions where account_id = $1', [accountId]);
  await forgetTrustedDevices(client, accountId);
}

/** Trusted devices, sign-ins in progress and password links, which are stored with the account's id. */
async function forgetTrustedDevices(client: Queryable, accountId: string): Promise<void> {
  await client.query('delete from account_verifications where value = $1', [accountId]);
}

const done = { kind: 'done', cookies: [] } as const;

async function startTwoFactor(
  { pool, twoFactorKeys, productName }: AuthCore,
  { accountId, email }: User,
): Promise<ConfirmedOutcome<TwoFactorStart>> {
  const app = await createAuthenticatorSecret(twoFactorKeys, { product: productName, email });
  const backup = await createBackupCodes(twoFactorKeys);
  // Users of single sign-on are never asked for a code; an existing one is turned off first.
  const { rowCount } = await pool.query(
    `insert into account_two_factors as f (account_id, secret, backup_codes)
     select $1, $2, $3 where exists (
       select from account_credentials where account_id = $1 and provider_id = 'credential')
     on conflict (account_id) do update set secret = excluded.secret,
       backup_codes = excluded.backup_codes, failed_verification_count = 0, locked_until = null,
       last_step = null
     where not f.verified`,
    [accountId, app.sealed, backup.sealed],
  );
  if (rowCount !== 1) return { kind: 'not-possible' };
  return { ...done, uri: app.uri, backupCodes: backup.codes };
}

/**
 * Wrong passwords and codes are counted as in a sign-in, so that they cannot be guessed here; but separately, so
 * that others cannot lock out a signed-in user.
 */
async function reauthenticate(
  core: AuthCore,
  { user, sessionId }: OwnSession,
  given: ReauthenticationInput,
  origin: CallOrigin,
): Promise<ConfirmedOutcome> {
  const counted = { email: user.email, own: sessionId };
  const attempt = await countAttempt(core.pool, counted, core.now());
  if (attempt.kind === 'locked') {
    return { kind: 'too-many-attempts', retryAfterSeconds: attempt.retryAfterSeconds };
  }
  const outcome = await checkCredentials(core, user, given, origin).catch(
    async (error: unknown) => {
      await undoAttempt(core.pool, counted);
      throw error;
    },
  );
  if (outcome.kind === 'done') {
    await clearFailures(core.pool, counted, core.now());
    await core.pool.query('update account_sessions set proven_at = now() where id = $1', [
      sessionId,
    ]);
  } else if (outcome.kind !== 'wrong-password' && outcome.kind !== 'wrong-code') {
    await undoAttempt(core.pool, counted);
  }
  return outcome;
}

async function checkCredentials(
  core: AuthCore,
  { accountId }: User,
  { password, code }: ReauthenticationInput,
  origin: CallOrigin,
): Promise<ConfirmedOutcome> {
  const account = await findAccount(core.pool, accountId);
  if (account === undefined || !(await hasPassword(core.pool, accountId))) {
    return { kind: 'not-possible' };
  }
  // The password first, since checking a code uses it up.
  if (!(await core.isPassword(accountId, password, origin.address))) {
    return { kind: 'wrong-password' };
  }
  if (!account.hasTwoFactor) return done;
  if (code === undefined) return { kind: 'code-missing' };
  const path = code.kind === 'app' ? '/two-factor/verify-totp' : '/two-factor/verify-backup-code';
  return toOutcome(await core.post(path, { code: code.text }, origin));
}

async function toOutcome(
  response: Response,
): Promise<ConfirmedOutcome<{ readonly body: unknown }>> {
  if (response.status === 429) {
    return { kind: 'too-many-attempts', retryAfterSeconds: retryAfterSeconds(response) };
  }
  if (response.status >= 500) throw new AccountsError('sign-in-failed');
  const body: unknown = await response.json();
  if (response.ok) return { kind: 'done', cookies: response.headers.getSetCookie(), body };
  const code = ErrorBody.safeParse(body).data?.code;
  if (code === 'INVALID_PASSWORD') return { kind: 'wrong-password' };
  if (code === 'INVALID_CODE' || code === 'INVALID_BACKUP_CODE') return { kind: 'wrong-code' };
  return { kind: 'not-possible' };
}

/** Replaces a password by another one, given as its hash, and ends all sessions. */
export async function replacePassword(
  pool: pg.Pool,
  accountId: string,
  passwordHash: string,
): Promise<void> {
  await transaction(pool, async (client) => {
    await client.query(
      `update account_credentials set password = $2, updated_at = now()
       where account_id = $1 and provider_id = 'credential'`,
      [accountId, passwordHash],
    );
    await endAllSessions(client, accountId);
  });
}
