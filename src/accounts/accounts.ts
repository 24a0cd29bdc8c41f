/**
 * Users: creating accounts, signing in and out, and finding the caller of a request.
 *
 * This folder is for users: sign-in, single sign-on, invitations, and the audit trail.
 */
import type { Logger } from 'pino';
import { z } from 'zod';

import { Role } from '../contract/endpoint.ts';
import { PersonalName } from '../contract/students/personal-name.ts';
import type { Database } from '../database/database.ts';
import type { SealingKey } from '../districts/sealed-secret.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { ConcurrencyCounts } from '../network/concurrency-limiter.ts';
import { createAuthCore } from './auth-core.ts';
import { maxPasswordLength, minPasswordLength } from './auth-options.ts';
import { createInvitations, type Invitations } from './users/invitations.ts';
import { findKnownDevice } from './sign-in/known-device.ts';
import { insertAccount } from './users/new-account.ts';
import { createOwnAccount, replacePassword, type OwnAccount } from './users/own-account.ts';
import type { HashingLimits, PasswordHashing } from './sign-in/password-hashing.ts';
import { createUsers, type Users } from './users/users.ts';
import {
  findSession,
  hasPassword,
  isCallerStillValid,
  type OpenSession,
  type User,
} from './users/user.ts';
import { resealTwoFactors, type ResealCounts } from './sign-in/two-factor.ts';
import { createSignIn, type SignIn } from './sign-in/sign-in.ts';
import { createSingleSignOn, type SingleSignOn } from './single-sign-on/single-sign-on.ts';
import { defaultProductName } from '../contract/product-name.ts';

export type { User } from './users/user.ts';

export interface NewAccount {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  /** null only for technicians. */
  readonly districtId: number | null;
  readonly role: Role;
  /** For staff and read-only users: the entities whose students they see (default all). */
  readonly schools?: readonly number[] | undefined;
}

/** `invalid` has the field and the reason. */
export type CreateAccountOutcome =
  | { readonly kind: 'created'; readonly accountId: string }
  | { readonly kind: 'email-taken' }
  | { readonly kind: 'invalid'; readonly field: keyof NewAccount; readonly message: string };

/** `not-possible`: users of the district sign in with single sign-on only. */
export type SetPasswordOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'invalid'; readonly message: string }
  | { readonly kind: 'not-possible' };

/** The caller of a request and the session. */
export interface Caller {
  readonly user: User;
  readonly district: OpenSession['district'];
  readonly sessionId: string;
  /** `password` or `single-sign-on`. */
  readonly signedInBy: string;
  /** Only the own account can be used until two-step verification is set up. */
  readonly needsTwoFactor: boolean;
  /** The user has authenticated within the last minutes, with password and code or by single sign-on. */
  readonly isRecentlyAuthenticated: boolean;
  /** Set-Cookie values if the session was extended. */
  readonly cookies: readonly string[];
}

export interface Accounts extends SignIn {
  /** Creates an account with a password. The e-mail is stored in lower case and belongs to one account. */
  createAccount(account: NewAccount): Promise<CreateAccountOutcome>;
  /** Replaces the password of a user who lost it, and ends all sessions. */
  setPassword(accountId: string, password: string): Promise<SetPasswordOutcome>;
  /** Returns the caller with a valid session cookie in these headers, or `undefined`. */
  findCaller(headers: Headers): Promise<Caller | undefined>;
  /** False: administrators get links instead of mails. */
  readonly canMail: boolean;
  /** Returns whether the session is still open, with the same rights, and the account is not suspended. */
  isCallerStillValid(caller: Pick<Caller, 'user' | 'sessionId'>): Promise<boolean>;
  /** Seals the secrets of two-factor authentication with the current sealing key. */
  resealTwoFactors(): Promise<ResealCounts>;
  /** What users do with their own account. */
  readonly own: OwnAccount;
  /** What administrators do with the accounts of their district. */
  readonly users: Users;
  readonly invitations: Invitations;
  /** Single sign-on of districts. */
  readonly singleSignOn: SingleSignOn;
  /** Returns the device of this request if a user has signed in on it. */
  findDevice(request: Request): string | undefined;
  /** How many passwords are being hashed, and how many wait. */
  hashingCounts(): ConcurrencyCounts;
  /** Resolves when background work is done, such as sending a mail after the response. */
  idle(): Promise<void>;
}

export interface AccountsOptions {
  readonly database: { readonly web: Pick<Database['web'], 'pool'> };
  /** Signs the session cookies: at least 32 random characters, the same for all servers of a database. */
  readonly secret: string;
  /** The public address, such as `https://iep.example.org` (default: a local server over plain http). */
  readonly publicUrl?: string | undefined;
  readonly log: Logger;
  /** Sends invitations and password links; without it administrators get the links. */
  readonly mailer?: Mailer | undefined;
  /** Name of the product in mails and authenticator apps (default SameGoal). */
  readonly productName?: string | undefined;
  /** Seals the client secrets of single sign-on; without it none can be stored. */
  readonly sealingKey?: SealingKey | undefined;
  /** For tests only, which sign in hundreds of times and hash at a lower cost. */
  readonly passwordHashing?: PasswordHashing | undefined;
  /** How many passwords are hashed at once and may wait (default: by the number of processors). */
  readonly hashingLimits?: HashingLimits | undefined;
  /** Allows providers of single sign-on at private addresses and over plain http (default false). */
  readonly allowPrivateIssuers?: boolean | undefined;
  /** The clock of lockouts and invitations (default: the system's). */
  readonly now?: (() => Temporal.Instant) | undefined;
}

/** The rule for passwords. */
const Password = z
  .string()
  .min(minPasswordLength, `is shorter than ${minPasswordLength} characters`)
  .max(maxPasswordLength, `is longer than ${maxPasswordLength} characters`);

const NewAccountFields = z.object({
  email: z.email('is not an e-mail address').max(254, 'is longer than 254 characters'),
  password: Password,
  name: PersonalName,
  districtId: z.int().positive().nullable(),
  role: Role,
  schools: z.array(z.int().positive()).optional(),
});

/** Opens the accounts of a database. Throws `AccountsError` if the secret is too short or the address invalid. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { database, productName = defaultProductName, allowPrivateIssuers = false } = options;
  const { pool } = database.web;
  const core = createAuthCore({
    ...options,
    pool,
    productName,
    allowPrivateIssuers,
    publicUrl: options.publicUrl?.replace(/\/+$/, ''),
    mailer: options.mailer,
    sealingKey: options.sealingKey,
    now: options.now ?? (() => Temporal.Now.instant()),
  });
  return {
    ...createSignIn(core),
    canMail: core.mailer !== undefined,
    own: createOwnAccount(core),
    users: createUsers(core),
    invitations: createInvitations(core),
    singleSignOn: createSingleSignOn(core),
    isCallerStillValid: async (caller) => isCallerStillValid(pool, caller),
    resealTwoFactors: async () => resealTwoFactors(pool, core.twoFactorKeys),
    findDevice: (request) => findKnownDevice(core, request),
    hashingCounts: () => core.hashingCounts(),
    idle: async () => core.idle(),

    async createAccount(account) {
      const parsed = NewAccountFields.safeParse(account);
      if (!parsed.success) return invalidAccount(parsed.error);
      if ((parsed.data.districtId === null) !== (parsed.data.role === 'technician')) {
        return {
          kind: 'invalid',
          field: 'districtId',
          message: 'Technicians belong to no district; all other users belong to one.',
        };
      }
      const { password, ...fields } = parsed.data;
      const accountId = await insertAccount(pool, {
        ...fields,
        schools: fields.schools ?? null,
        passwordHash: await core.hashPassword(password, 'the command line'),
      });
      return accountId === undefined ? { kind: 'email-taken' } : { kind: 'created', accountId };
    },

    async setPassword(accountId, password) {
      const parsed = Password.safeParse(password);
      if (!parsed.success) {
        return { kind: 'invalid', message: `The password ${parsed.error.issues[0]?.message}.` };
      }
      if (!(await hasPassword(pool, accountId))) return { kind: 'not-possible' };
      await replacePassword(
        pool,
        accountId,
        await core.hashPassword(parsed.data, 'the command line'),
      );
      return { kind: 'done' };
    },

    async findCaller(requestHeaders) {
      const token = await core.sessionToken(requestHeaders);
      if (token === undefined) return undefined;
      const session = await findSession(pool, token);
      if (session === undefined) return undefined;
      const cookies = session.needsRenewal ? await core.renewSession(requestHeaders) : [];
      // The session ended or the account was suspended between the two queries.
      if (cookies === undefined || session.isSuspended) return undefined;
      const { user, district, sessionId, isRecentlyAuthenticated, signedInBy } = session;
      const { mustHaveTwoFactor, hasTwoFactor } = session;
      return {
        user,
        district,
        sessionId,
        isRecentlyAuthenticated,
        signedInBy,
        needsTwoFactor: mustHaveTwoFactor && !hasTwoFactor && signedInBy === 'password',
        cookies,
      };
    },
  };
}

function invalidAccount(error: z.ZodError<NewAccount>): CreateAccountOutcome {
  const issue = error.issues[0];
  const field = NewAccountFields.keyof().safeParse(issue?.path[0]).data ?? 'email';
  const label = field === 'email' ? 'e-mail address' : field;
  return { kind: 'invalid', field, message: `The ${label} ${issue?.message ?? 'is not valid'}.` };
}
