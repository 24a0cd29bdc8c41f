/** People who sign in: making their accounts, signing them in and out, knowing who calls. */
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
import { createOwnAccount, type OwnAccount } from './users/own-account.ts';
import type { HashingLimits, PasswordHashing } from './sign-in/password-hashing.ts';
import { createUsers, type Users } from './users/users.ts';
import { findSession, isCallerStillValid, type OpenSession, type User } from './users/user.ts';
import { resealTwoFactors, type ResealCounts } from './sign-in/two-factor.ts';
import { createSignIn, type SignIn } from './sign-in/sign-in.ts';
import { createSingleSignOn, type SingleSignOn } from './single-sign-on/single-sign-on.ts';

export type { User } from './users/user.ts';

export interface NewAccount {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  /** null for technicians, and for them only. */
  readonly districtId: number | null;
  readonly role: Role;
  /** Of staff and read-only people: the entities whose students they see; absent: all. */
  readonly schools?: readonly number[] | undefined;
}

/** `invalid` names the field and says what is wrong with it. */
export type CreateAccountOutcome =
  | { readonly kind: 'created'; readonly accountId: string }
  | { readonly kind: 'email-taken' }
  | { readonly kind: 'invalid'; readonly field: keyof NewAccount; readonly message: string };

/** Who calls, and by which session. */
export interface Caller {
  readonly user: User;
  readonly district: OpenSession['district'];
  readonly sessionId: string;
  /** `password` or `single-sign-on`. */
  readonly signedInBy: string;
  /** Nothing but the own account may be used before a second factor is set up. */
  readonly needsTwoFactor: boolean;
  /** Who it is was shown within the last minutes, by password and code or by a fresh single sign-on. */
  readonly isRecentlyAuthenticated: boolean;
  /** Set-Cookie values when the session was prolonged. */
  readonly cookies: readonly string[];
}

export interface Accounts extends SignIn {
  /** Makes an account with a password. The e-mail is kept in small letters and belongs to one account. */
  createAccount(account: NewAccount): Promise<CreateAccountOutcome>;
  /** Whose session the cookie of these headers names; `undefined` when none that is valid. */
  findCaller(headers: Headers): Promise<Caller | undefined>;
  /** False: links are shown to administrators instead. */
  readonly canMail: boolean;
  /** Whether the caller is still who they were: the session open, the same rights, nobody locked. */
  isCallerStillValid(caller: Pick<Caller, 'user' | 'sessionId'>): Promise<boolean>;
  /** Seals the secrets of second factors with the sealing key of today. */
  resealTwoFactors(): Promise<ResealCounts>;
  /** What people do with their own account. */
  readonly own: OwnAccount;
  /** What administrators do with the accounts of their district. */
  readonly users: Users;
  readonly invitations: Invitations;
  /** Single sign-on of districts. */
  readonly singleSignOn: SingleSignOn;
  /** The device of this request, if anybody has signed in on it. */
  findDevice(request: Request): string | undefined;
  /** How many passwords are being hashed and wait for it. */
  hashingCounts(): ConcurrencyCounts;
  /** Resolves when nothing goes on behind an answer, such as a mail on its way. */
  idle(): Promise<void>;
}

export interface AccountsOptions {
  readonly database: { readonly web: Pick<Database['web'], 'pool'> };
  /** Signs the session cookies: at least 32 random characters, the same for all servers of a database. */
  readonly secret: string;
  /** The address people type, as `https://iep.example.org`. Absent: a local server over plain http. */
  readonly publicUrl?: string | undefined;
  readonly log: Logger;
  /** Sends invitations and links to a new password; absent: links are shown to administrators. */
  readonly mailer?: Mailer | undefined;
  /** Name of the product in mails and in apps of codes (default SameGoal). */
  readonly productName?: string | undefined;
  /** Seals the client secrets of single sign-on; without it none can be stored. */
  readonly sealingKey?: SealingKey | undefined;
  /** Tests sign in hundreds of times and hash at a lower cost; never set outside of them. */
  readonly passwordHashing?: PasswordHashing | undefined;
  /** How many passwords are hashed at once and may wait: by the processors unless told. */
  readonly hashingLimits?: HashingLimits | undefined;
  /** Lets providers of single sign-on stand at private addresses and speak plain http (default false). */
  readonly allowPrivateIssuers?: boolean | undefined;
  /** The clock of locks and invitations: the system's unless told. */
  readonly now?: (() => Temporal.Instant) | undefined;
}

/** What a password has to be. */
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

/** Opens the accounts of a database. Throws `AccountsFault` for a secret too short or an unusable address. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { database, productName = 'SameGoal', allowPrivateIssuers = false } = options;
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
          message: 'A technician has no district of his own; everybody else has one.',
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

    async findCaller(requestHeaders) {
      const token = await core.sessionToken(requestHeaders);
      if (token === undefined) return undefined;
      const session = await findSession(pool, token);
      if (session === undefined) return undefined;
      const cookies = session.needsRenewal ? await core.renewSession(requestHeaders) : [];
      // Ended by somebody between the two questions; or the account was locked a moment ago.
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
  return { kind: 'invalid', field, message: `The ${field} ${issue?.message ?? 'is not valid'}.` };
}
