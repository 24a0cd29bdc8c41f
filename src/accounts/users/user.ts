/** A person as every request knows them, read fresh from their account. */
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

/** A signed-in person. */
export interface User {
  readonly accountId: string;
  /** null: a technician, who works for every district. */
  readonly districtId: number | null;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Entities whose students this person sees; null: all of the district. */
  readonly schools: readonly number[] | null;
}

/** A person with what sign-in has to know of the account. */
export interface AccountState {
  readonly user: User;
  /** Locked by an administrator. */
  readonly isSuspended: boolean;
  readonly hasTwoFactor: boolean;
  /** A technician, or the district wants it of its administrators; counts for who signs in by password. */
  readonly mustHaveTwoFactor: boolean;
  /** The district takes no passwords: never true for technicians, who have no district. */
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

/** The account of this id; `undefined` when it is gone. */
export async function findAccount(
  client: Queryable,
  accountId: string,
): Promise<AccountState | undefined> {
  const { rows } = await client.query<Row>(`${select} where a.id = $1`, [accountId]);
  return toAccountState(rows[0]);
}

/** The account of this e-mail, whatever its capitals. */
export async function findAccountByEmail(
  client: Queryable,
  email: string,
): Promise<AccountState | undefined> {
  const { rows } = await client.query<Row>(`${select} where a.email = lower($1)`, [email]);
  return toAccountState(rows[0]);
}

/** Whether the account has a password that counts: none does where the district takes none. */
export async function hasPassword(client: Queryable, accountId: string): Promise<boolean> {
  const { rows } = await client.query(
    `select from account_credentials c join accounts a on a.id = c.account_id ${joins}
     where a.id = $1 and c.provider_id = 'credential'
       and not coalesce(o.is_enabled and o.is_required, false)`,
    [accountId],
  );
  return rows.length > 0;
}

/** A session that has not run out, with the person whose it is. */
export interface OpenSession extends AccountState {
  readonly sessionId: string;
  readonly signedInBy: string;
  /** An hour has gone by since it was opened or prolonged. */
  readonly needsRenewal: boolean;
  /** Who it is was shown within the last minutes. */
  readonly isRecentlyAuthenticated: boolean;
  /** The person's own district; null for technicians. Nearly every request asks for it. */
  readonly district: Pick<District, 'id' | 'domain' | 'name' | 'timeZone'> | null;
}

/**
 * The session of a token; `undefined` when there is none, it has run out, is too old, or its account is gone, or
 * it was opened by password where the district takes none any more.
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

/** Whether the session is still open, and its person still the same with the same rights. */
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
