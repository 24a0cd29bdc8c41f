/** What people do with their own account: name, password, second factor, sessions. */
import { z } from 'zod';

import { AccountsFault } from './accounts-fault.ts';
import { type AuthCore, type CallOrigin, retryAfterSeconds } from './auth-core.ts';
import { findAccount, type Person } from './person.ts';
import { countAttempt, forgetFailures, takeBackAttempt } from './sign-in-failures.ts';

/** The account as its owner sees it. */
export interface OwnAccountState {
  /** False: comes by single sign-on alone. */
  readonly hasPassword: boolean;
  readonly hasTwoFactor: boolean;
  readonly mustHaveTwoFactor: boolean;
}

/** One place where the person is signed in. */
export interface OpenSession {
  readonly id: string;
  readonly userAgent: string;
  readonly address: string;
  readonly signedInBy: string;
  readonly openedAt: Temporal.Instant;
  readonly lastUsedAt: Temporal.Instant;
}

/** What is asked with the password; `cookies` are whole Set-Cookie values of the renewed session. */
export type ConfirmedOutcome<Result = unknown> =
  | ({ readonly kind: 'done'; readonly cookies: readonly string[] } & Result)
  | { readonly kind: 'wrong-password' }
  | { readonly kind: 'wrong-code' }
  /** Nothing to do it with: no password, or the second factor is on already. */
  | { readonly kind: 'not-possible' }
  | { readonly kind: 'too-many-attempts'; readonly retryAfterSeconds: number };

export interface TwoFactorStart {
  /** `otpauth://…` for the picture that an app of codes reads. */
  readonly uri: string;
  /** Each signs in once without the app. */
  readonly backupCodes: readonly string[];
}

export interface OwnAccount {
  read(person: Person): Promise<OwnAccountState>;
  rename(person: Person, name: string): Promise<void>;
  /** Ends every other session. */
  changePassword(
    person: Person,
    passwords: { readonly current: string; readonly next: string },
    origin: CallOrigin,
  ): Promise<ConfirmedOutcome>;
  /** Gives the secret for the app; nothing changes before a code of it is confirmed. */
  startTwoFactor(
    person: Person,
    password: string,
    origin: CallOrigin,
  ): Promise<ConfirmedOutcome<TwoFactorStart>>;
  confirmTwoFactor(code: string, origin: CallOrigin): Promise<ConfirmedOutcome>;
  turnTwoFactorOff(person: Person, password: string, origin: CallOrigin): Promise<ConfirmedOutcome>;
  /** Ten new backup codes; the old ones no longer work. */
  renewBackupCodes(
    person: Person,
    password: string,
    origin: CallOrigin,
  ): Promise<ConfirmedOutcome<Pick<TwoFactorStart, 'backupCodes'>>>;
  /** Asks for the password again before a secret is shown. */
  confirmPassword(person: Person, password: string, origin: CallOrigin): Promise<ConfirmedOutcome>;
  /** Where the person is signed in, the latest first. */
  listSessions(person: Person): Promise<readonly OpenSession[]>;
  /** True when there was such a session of this person. */
  endSession(person: Person, sessionId: string): Promise<boolean>;
  /** Ends every session, and no device is trusted any longer. */
  endEverySession(person: Person): Promise<void>;
}

const Refusal = z.object({ code: z.string().optional() });
const Started = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) });
const Renewed = z.object({ backupCodes: z.array(z.string()) });

export function createOwnAccount(core: AuthCore): OwnAccount {
  const { pool } = core;
  return {
    async read({ accountId }) {
      const account = await findAccount(pool, accountId);
      const { rows } = await pool.query(
        `select from account_credentials where account_id = $1 and provider_id = 'credential'`,
        [accountId],
      );
      return {
        hasPassword: rows.length > 0,
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
    changePassword: async (person, { current, next }, origin) =>
      confirmed(core, person, origin, '/change-password', {
        currentPassword: current,
        newPassword: next,
        revokeOtherSessions: true,
      }),
    async startTwoFactor(person, password, origin) {
      const answer = await confirmed(core, person, origin, '/two-factor/enable', {
        password,
        method: 'totp',
        issuer: core.productName,
      });
      if (answer.kind !== 'done') return answer;
      const { totpURI, backupCodes } = Started.parse(answer.body);
      return { kind: 'done', cookies: answer.cookies, uri: totpURI, backupCodes };
    },
    async confirmTwoFactor(code, origin) {
      return outcomeOf(await core.post('/two-factor/verify-totp', { code }, origin));
    },
    turnTwoFactorOff: async (person, password, origin) =>
      confirmed(core, person, origin, '/two-factor/disable', { password }),
    async renewBackupCodes(person, password, origin) {
      const path = '/two-factor/generate-backup-codes';
      const answer = await confirmed(core, person, origin, path, { password });
      if (answer.kind !== 'done') return answer;
      return { kind: 'done', cookies: answer.cookies, ...Renewed.parse(answer.body) };
    },
    async confirmPassword(person, password, origin) {
      const { hasPassword } = await this.read(person);
      if (!hasPassword) return { kind: 'not-possible' };
      return counted(core, person, async () =>
        (await core.isPassword(password, origin))
          ? { kind: 'done', cookies: [] }
          : { kind: 'wrong-password' },
      );
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
    endEverySession: async ({ accountId }) => endEverySession(core, accountId),
  };
}

/** Ends the sessions of an account, forgets the devices it trusts and every step that is under way. */
export async function endEverySession(
  { pool }: Pick<AuthCore, 'pool'>,
  accountId: string,
): Promise<void> {
  await pool.query('delete from account_sessions where account_id = $1', [accountId]);
  // Trusted devices, second steps and links to a new password hold the account's id alone.
  await pool.query('delete from account_verifications where value = $1', [accountId]);
}

/** Asks better-auth what needs the password. */
const confirmed = async (
  core: AuthCore,
  person: Person,
  origin: CallOrigin,
  path: string,
  body: object,
): Promise<ConfirmedOutcome<{ readonly body: unknown }>> =>
  counted(core, person, async () => outcomeOf(await core.post(path, body, origin)));

/** Wrong passwords count like those of a sign-in, so that none can be guessed here. */
async function counted<Result>(
  core: AuthCore,
  { email }: Person,
  ask: () => Promise<ConfirmedOutcome<Result>>,
): Promise<ConfirmedOutcome<Result>> {
  const attempt = await countAttempt(core.pool, email, core.now());
  if (attempt.kind === 'locked') {
    return { kind: 'too-many-attempts', retryAfterSeconds: attempt.retryAfterSeconds };
  }
  const outcome = await ask();
  if (outcome.kind === 'done') await forgetFailures(core.pool, email, core.now());
  else if (outcome.kind !== 'wrong-password') await takeBackAttempt(core.pool, email);
  return outcome;
}

async function outcomeOf(answer: Response): Promise<ConfirmedOutcome<{ readonly body: unknown }>> {
  if (answer.status === 429) {
    return { kind: 'too-many-attempts', retryAfterSeconds: retryAfterSeconds(answer) };
  }
  if (answer.status >= 500) throw new AccountsFault('sign-in-failed');
  const body: unknown = await answer.json();
  if (answer.ok) return { kind: 'done', cookies: answer.headers.getSetCookie(), body };
  const code = Refusal.safeParse(body).data?.code;
  if (code === 'INVALID_PASSWORD') return { kind: 'wrong-password' };
  if (code === 'INVALID_CODE') return { kind: 'wrong-code' };
  return { kind: 'not-possible' };
}
