/** People who sign in: making their accounts, signing them in and out, knowing who calls. */
import { betterAuth } from 'better-auth';
import type { Logger } from 'pino';
import { z } from 'zod';

import { Role } from '../contract/endpoint.ts';
import type { Database } from '../database/database.ts';
import { transaction } from '../database/transaction.ts';
import { AccountsFault } from './accounts-fault.ts';
import {
  authOptions,
  clientAddressHeader,
  defaultSignInTriesPerMinute,
  longestPassword,
  shortestPassword,
} from './auth-options.ts';

/** A signed-in person. */
export interface Person {
  readonly accountId: string;
  /** null: a technician, who works for every district. */
  readonly districtId: number | null;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Entities whose students this person sees; null: all of the district. */
  readonly schools: readonly number[] | null;
}

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

/** `cookies` are whole Set-Cookie values for the answer. */
export type SignInOutcome =
  | { readonly kind: 'signed-in'; readonly cookies: readonly string[]; readonly person: Person }
  | { readonly kind: 'refused' }
  | { readonly kind: 'too-many-attempts'; readonly retryAfterSeconds: number };

export interface Caller {
  readonly person: Person;
  /** Set-Cookie values when the session was prolonged. */
  readonly cookies: readonly string[];
}

export interface Accounts {
  /** Makes an account with a password. The e-mail is kept in small letters and belongs to one account. */
  createAccount(account: NewAccount): Promise<CreateAccountOutcome>;
  /** Checks a password; `request` gives origin and headers, `address` is the caller's, for the rate limit. */
  signIn(
    credentials: { readonly email: string; readonly password: string },
    request: Request,
    address: string,
  ): Promise<SignInOutcome>;
  /** Ends the session of the request's cookie; gives the cookies that remove it. */
  signOut(request: Request, address: string): Promise<readonly string[]>;
  /** Whose session the cookie of these headers names; `undefined` when none that is valid. */
  findCaller(headers: Headers): Promise<Caller | undefined>;
}

export interface AccountsOptions {
  readonly database: Pick<Database, 'pool'>;
  /** Signs the session cookies: at least 32 random characters, the same for all servers of a database. */
  readonly secret: string;
  /** The address people type, as `https://iep.example.org`. Absent: a local server over plain http. */
  readonly publicUrl?: string | undefined;
  /** From one address; 30 unless told. */
  readonly signInTriesPerMinute?: number | undefined;
  readonly log: Logger;
}

const AuthUser = z.object({
  id: z.string(),
  districtId: z.number().nullable(),
  name: z.string(),
  email: z.string(),
  role: Role,
});

const NewAccountFields = z.object({
  email: z.email('is not an e-mail address').max(254, 'is longer than 254 characters'),
  password: z
    .string()
    .min(shortestPassword, `is shorter than ${shortestPassword} characters`)
    .max(longestPassword, `is longer than ${longestPassword} characters`),
  name: z.string().trim().min(1, 'is empty').max(200, 'is longer than 200 characters'),
  districtId: z.int().positive().nullable(),
  role: Role,
  schools: z.array(z.int().positive()).optional(),
});

/** Opens the accounts of a database. Throws `AccountsFault` for a secret too short or an unusable address. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { database, secret, publicUrl, log } = options;
  const { signInTriesPerMinute = defaultSignInTriesPerMinute } = options;
  checkOptions(secret, publicUrl);
  const auth = betterAuth(
    authOptions({ pool: database.pool, secret, publicUrl, signInTriesPerMinute, log }),
  );

  const personOf = async ({ id, ...user }: z.infer<typeof AuthUser>): Promise<Person> => ({
    accountId: id,
    ...user,
    schools: await findSchoolsOf(database, id),
  });

  return {
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
      const { password } = await auth.$context;
      return insertAccount(database, parsed.data, await password.hash(parsed.data.password));
    },

    async signIn(credentials, request, address) {
      const answer = await auth.handler(
        authRequest(request, address, '/api/auth/sign-in/email', credentials),
      );
      if (answer.status === 429) {
        const seconds = Number(answer.headers.get('x-retry-after'));
        return { kind: 'too-many-attempts', retryAfterSeconds: seconds > 0 ? seconds : 60 };
      }
      if (answer.status >= 500) throw new AccountsFault('sign-in-failed');
      if (!answer.ok) return { kind: 'refused' };
      const { user } = z.object({ user: AuthUser }).parse(await answer.json());
      return {
        kind: 'signed-in',
        cookies: answer.headers.getSetCookie(),
        person: await personOf(user),
      };
    },

    async signOut(request, address) {
      const answer = await auth.handler(authRequest(request, address, '/api/auth/sign-out', {}));
      if (!answer.ok) throw new AccountsFault('sign-out-failed');
      return answer.headers.getSetCookie();
    },

    async findCaller(requestHeaders) {
      if (!requestHeaders.has('cookie')) return undefined;
      const { headers, response } = await auth.api.getSession({
        headers: requestHeaders,
        returnHeaders: true,
      });
      if (response === null) return undefined;
      const person = await personOf(AuthUser.parse(response.user));
      return { person, cookies: headers.getSetCookie() };
    },
  };
}

async function findSchoolsOf(
  database: Pick<Database, 'pool'>,
  accountId: string,
): Promise<readonly number[] | null> {
  const { rows } = await database.pool.query<{ schools: number[] | null }>(
    'select schools from accounts where id = $1',
    [accountId],
  );
  // Removed a moment ago: no school is left to see.
  return rows[0] === undefined ? [] : rows[0].schools;
}

/** The caller's request, turned into one that better-auth knows: same origin and cookies, our address. */
function authRequest(request: Request, address: string, path: string, body: object): Request {
  const headers = new Headers(request.headers);
  headers.delete('content-length');
  headers.set('content-type', 'application/json');
  headers.set(clientAddressHeader, address);
  return new Request(new URL(path, request.url), {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
}

/** Both rows or none; the table itself decides whether the e-mail is free. */
async function insertAccount(
  database: Pick<Database, 'pool'>,
  account: NewAccount,
  passwordHash: string,
): Promise<CreateAccountOutcome> {
  return transaction(database.pool, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `insert into accounts (district_id, name, email, role, schools) values ($1, $2, lower($3), $4, $5)
       on conflict (email) do nothing returning id`,
      [account.districtId, account.name, account.email, account.role, account.schools ?? null],
    );
    const accountId = rows[0]?.id;
    if (accountId === undefined) return { kind: 'email-taken' };
    await client.query(
      `insert into account_credentials (account_id, provider_id, provider_account_id, password)
       values ($1::uuid, 'credential', ($1::uuid)::text, $2)`,
      [accountId, passwordHash],
    );
    return { kind: 'created', accountId };
  });
}

function invalidAccount(error: z.ZodError<NewAccount>): CreateAccountOutcome {
  const issue = error.issues[0];
  const field = NewAccountFields.keyof().safeParse(issue?.path[0]).data ?? 'email';
  return { kind: 'invalid', field, message: `The ${field} ${issue?.message ?? 'is not valid'}.` };
}

function checkOptions(secret: string, publicUrl: string | undefined): void {
  if (secret.length < 32) throw new AccountsFault('session-secret-too-short');
  if (publicUrl === undefined) return;
  const protocol = URL.parse(publicUrl)?.protocol;
  if (protocol !== 'https:' && protocol !== 'http:') throw new AccountsFault('public-url-invalid');
}
