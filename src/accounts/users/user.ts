/** The user of a request, read from the account each time. */
import type { Queryable } from '../../database/queryable.ts';

import type { Role } from '../../contract/endpoint.ts';
import { prepared } from '../../database/prepared-statement.ts';
import type { District } from '../../districts/district.ts';
import {
  reauthenticationMinutes,
  maxSessionDays,
  renewalSeconds,
  sessionSeconds,
} from '../auth-options.ts';

/** A signed-in user. */
export interface User {
  readonly accountId: string;
  /** null: a technician, who works for all districts. */
  readonly districtId: number | null;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Entities whose students this user sees; null: all of the district. */
  readonly schools: readonly number[] | null;
}

/** A user with what sign-in needs. */
export interface AccountState {
  readonly user: User;
  /** Suspended by an administrator. */
  readonly isSuspended: boolean;
  readonly hasTwoFactor: boolean;
  /** A technician, or the district requires it of administrators; applies to sign-in with a password. */
  readonly mustHaveTwoFactor: boolean;
  /** The district does not use passwords; never true for technicians, who have no district. */
  readonly mustUseSingleSignOn: boolean;
}

type Row = User & Omit<AccountState, 'user'>;

const columns = `a.id as "accountId", a.district_id as "districtId", a.name, a.email, a.role, a.schools,
    a.locked_at is not null as "isSuspended", a.two_factor_enabled as "hasTwoFactor",
    a.role = 'technician' or a.role = 'administrator' and coalesce(d.requires_two_factor, false)
      as "mustHaveTwoFactor",
    coalesce(o.is_enabled and o.is_required, false) as "mustUseSingleSignOn"`;

const joins = `left join districts d on d.id = a.district_id
    left join district_sign_on o on o.district_id = a.district_id`;

const select = `select ${columns} from accounts a ${joins}`;

/** Returns the account with this id; `undefined` if it was deleted. */
export async function findAccount(
  client: Queryable,
  accountId: string,
): Promise<AccountState | undefined> {
  const { rows } = await client.query<Row>(`${select} where a.id = $1`, [accountId]);
  return toAccountState(rows[0]);
}

/** Returns the account with this e-mail, ignoring case. */
export async function findAccountByEmail(
  client: Queryable,
  email: string,
): Promise<AccountState | undefined> {
  const { rows } = await client.query<Row>(`${select} where a.email = lower($1)`, [email]);
  return toAccountState(rows[0]);
}

/** Returns whether the account has a password that can be used; none can if the district does not use passwords. */
export async function hasPassword(client: Queryable, accountId: string): Promise<boolean> {
  const { rows } = await client.query(
    `select from account_credentials c join accounts a on a.id = c.account_id ${joins}
     where a.id = $1 and c.provider_id = 'credential'
       and not coalesce(o.is_enabled and o.is_required, false)`,
    [accountId],
  );
  return rows.length > 0;
}

/** A session that has not expired, with its user. */
export interface OpenSession extends AccountState {
  readonly sessionId: string;
  readonly signedInBy: string;
  /** It was opened or extended more than an hour ago. */
  readonly needsRenewal: boolean;
  /** The user authenticated within the last minutes. */
  readonly isRecentlyAuthenticated: boolean;
  /** The user's district, which nearly every request needs; null for technicians. */
  readonly district: Pick<District, 'id' | 'domain' | 'name' | 'timeZone'> | null;
}

/**
 * Returns the session of a token; `undefined` if there is none, it has expired or is too old, its account was
 * deleted, or it was opened with a password that the district no longer allows.
 */
export async function findSession(
  client: Queryable,
  token: string,
): Promise<OpenSession | undefined> {
  const { rows } = await client.query<Row & Omit<OpenSession, keyof AccountState>>({
    ...prepared(`select ${columns}, s.id as "sessionId", s.signed_in_by as "signedInBy",
         s.expires_at <= now() + make_interval(secs => $2) as "needsRenewal",
         coalesce(s.proven_at > now() - make_interval(mins => $3), false) as "isRecentlyAuthenticated",
         case when d.id is not null then
           jsonb_build_object('id', d.id, 'domain', d.domain, 'name', d.name, 'timeZone', d.time_zone)
         end as district
       from account_sessions s join accounts a on a.id = s.account_id ${joins}
       where s.token = $1 and s.expires_at > now() and s.created_at > now() - make_interval(days => $4)
         and not (s.signed_in_by = 'password' and coalesce(o.is_enabled and o.is_required, false))`),
    values: [token, sessionSeconds - renewalSeconds, reauthenticationMinutes, maxSessionDays],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const { sessionId, signedInBy, needsRenewal, isRecentlyAuthenticated, district, ...account } =
    row;
  return {
    ...toAccountState(account),
    sessionId,
    signedInBy,
    needsRenewal,
    isRecentlyAuthenticated,
    district,
  };
}

/** Returns whether the session is still open, with the same user and rights. */
export async function isCallerStillValid(
  client: Queryable,
  { sessionId, user }: Pick<OpenSession, 'sessionId' | 'user'>,
): Promise<boolean> {
  const { rows } = await client.query({
    ...prepared(`select from account_sessions s join accounts a on a.id = s.account_id
       where s.id = $1 and s.expires_at > now() and s.created_at > now() - make_interval(days => $2)
         and a.id = $3 and a.locked_at is null and a.role = $4
         and a.district_id is not distinct from $5 and a.schools is not distinct from $6`),
    values: [sessionId, maxSessionDays, user.accountId, user.role, user.districtId, user.schools],
  });
  return rows.length === 1;
}

function toAccountState(row: Row): AccountState;
function toAccountState(row: Row | undefined): AccountState | undefined;
function toAccountState(row: Row | undefined): AccountState | undefined {
  if (row === undefined) return undefined;
  const { isSuspended, hasTwoFactor, mustHaveTwoFactor, mustUseSingleSignOn, ...user } = row;
  return { user, isSuspended, hasTwoFactor, mustHaveTwoFactor, mustUseSingleSignOn };
}

/** Remembers that the user signed in. */
export async function recordSignIn(
  client: Queryable,
  accountId: string,
  now: Temporal.Instant,
): Promise<void> {
  await client.query('update accounts set last_signed_in_at = $2 where id = $1', [
    accountId,
    now.toString(),
  ]);
}
