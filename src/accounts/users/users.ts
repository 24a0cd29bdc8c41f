/**
 * User management of administrators. Every query is limited to the district.
 *
 * This folder manages a district's users and invitations.
 */
import type pg from 'pg';

import type { Role } from '../../contract/endpoint.ts';
import { transaction } from '../../database/transaction.ts';
import type { AuthCore } from '../auth-core.ts';
import { endAllSessions } from './own-account.ts';
import { clearAllFailures } from '../sign-in/sign-in-failures.ts';

/** A user as administrators see them. */
export interface ListedUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: DistrictRole;
  readonly schools: readonly number[] | null;
  readonly hasTwoFactor: boolean;
  /** Suspended by an administrator. */
  readonly isSuspended: boolean;
  /** Locked out until then, after too many wrong passwords. */
  readonly lockedOutUntil: Temporal.Instant | null;
  readonly lastSignedInAt: Temporal.Instant | null;
  /** The version of the account; a change must send the one it is based on. */
  readonly version: string;
}

/** The roles of a district's users. */
export type DistrictRole = Exclude<Role, 'technician'>;

export interface UserUpdate {
  readonly role: DistrictRole;
  readonly schools: readonly number[] | null;
}

/** `last-administrator`: the district would be left without an active administrator. */
export type UserOutcome =
  | { readonly kind: 'done'; readonly email: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'changed-meanwhile' }
  | { readonly kind: 'last-administrator' };

export interface Users {
  /** Lists the users of a district; of none: technicians. */
  list(districtId: number | null): Promise<readonly ListedUser[]>;
  /** Changes role and schools; the user's sessions end. `version` as listed. */
  change(
    districtId: number,
    id: string,
    change: UserUpdate & { readonly version: string },
  ): Promise<UserOutcome>;
  /** Suspends the account, which ends its sessions, or reactivates it, which also ends a lockout. */
  setSuspended(districtId: number | null, id: string, isSuspended: boolean): Promise<UserOutcome>;
  /** Turns off two-step verification of a user who lost the app and the backup codes; the sessions end. */
  disableTwoFactor(districtId: number, id: string): Promise<UserOutcome>;
  /** Removes the account with all its sessions. Its events stay in the audit trail. */
  remove(districtId: number, id: string): Promise<UserOutcome>;
  /** Whether administrators who sign in with a password need two-step verification. */
  requiresTwoFactor(districtId: number): Promise<boolean>;
  setRequiresTwoFactor(districtId: number, isRequired: boolean): Promise<void>;
}

interface Found {
  readonly email: string;
  readonly role: Role;
  readonly isSuspended: boolean;
  readonly version: string;
}

export function createUsers(core: AuthCore): Users {
  const { pool } = core;
  const withUser = async (
    districtId: number | null,
    id: string,
    work: (client: pg.ClientBase, user: Found) => Promise<UserOutcome>,
  ): Promise<UserOutcome> =>
    transaction(pool, async (client) => {
      // Serialized, so that two administrators cannot remove each other's role at the same time.
      await client.query('select from districts where id = $1 for update', [districtId]);
      const { rows } = await client.query<Found>(
        `select email, role, locked_at is not null as "isSuspended", ${version} as version
         from accounts where district_id is not distinct from $1 and id = $2 for update`,
        [districtId, id],
      );
      return rows[0] === undefined ? { kind: 'unknown' } : work(client, rows[0]);
    });
  const endSessionsIfDone = async (id: string, outcome: UserOutcome): Promise<UserOutcome> => {
    if (outcome.kind === 'done') await endAllSessions(pool, id);
    return outcome;
  };

  return {
    list: async (districtId) => list(pool, districtId, core.now()),

    change: async (districtId, id, change) => {
      const outcome = await withUser(districtId, id, async (client, user) => {
        if (user.version !== change.version) return { kind: 'changed-meanwhile' };
        const stays = change.role === 'administrator' || user.isSuspended;
        if (!stays && (await isLastAdministrator(client, districtId, id, user))) {
          return { kind: 'last-administrator' };
        }
        await client.query(
          `update accounts set role = $3, schools = $4, updated_at = now()
           where district_id = $1 and id = $2`,
          [districtId, id, change.role, change.role === 'administrator' ? null : change.schools],
        );
        return { kind: 'done', email: user.email };
      });
      return endSessionsIfDone(id, outcome);
    },

    setSuspended: async (districtId, id, isSuspended) => {
      const outcome = await withUser(districtId, id, async (client, user) => {
        if (isSuspended && (await isLastAdministrator(client, districtId, id, user))) {
          return { kind: 'last-administrator' };
        }
        await client.query(
          `update accounts set locked_at = case when $3 then coalesce(locked_at, now()) end,
             updated_at = now() where district_id is not distinct from $1 and id = $2`,
          [districtId, id, isSuspended],
        );
        if (!isSuspended) await clearLockout(client, id, user.email);
        return { kind: 'done', email: user.email };
      });
      return isSuspended ? endSessionsIfDone(id, outcome) : outcome;
    },

    disableTwoFactor: async (districtId, id) => {
      const outcome = await withUser(districtId, id, async (client, user) => {
        await client.query('delete from account_two_factors where account_id = $1', [id]);
        await client.query(
          `update accounts set two_factor_enabled = false, updated_at = now()
           where district_id = $1 and id = $2`,
          [districtId, id],
        );
        return { kind: 'done', email: user.email };
      });
      return endSessionsIfDone(id, outcome);
    },

    remove: async (districtId, id) => {
      const outcome = await withUser(districtId, id, async (client, user) => {
        if (await isLastAdministrator(client, districtId, id, user)) {
          return { kind: 'last-administrator' };
        }
        await client.query('delete from accounts where district_id = $1 and id = $2', [
          districtId,
          id,
        ]);
        return { kind: 'done', email: user.email };
      });
      return endSessionsIfDone(id, outcome);
    },

    async requiresTwoFactor(districtId) {
      const { rows } = await pool.query<{ required: boolean }>(
        'select requires_two_factor as required from districts where id = $1',
        [districtId],
      );
      return rows[0]?.required ?? false;
    },
    async setRequiresTwoFactor(districtId, isRequired) {
      await pool.query('update districts set requires_two_factor = $2 where id = $1', [
        districtId,
        isRequired,
      ]);
    },
  };
}

const version = `to_char(updated_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS')`;

async function list(
  pool: pg.Pool,
  districtId: number | null,
  now: Temporal.Instant,
): Promise<readonly ListedUser[]> {
  const { rows } = await pool.query<ListedUser>(
    `select a.id, a.name, a.email, a.role, a.schools, a.two_factor_enabled as "hasTwoFactor",
       a.locked_at is not null as "isSuspended", a.last_signed_in_at as "lastSignedInAt",
       greatest((select max(f.locked_until) from account_sign_in_failures f
           where f.locked_until > $2::timestamptz
             and (f.email_digest = sha256(convert_to(a.email, 'UTF8'))
               or f.own_of = sha256(convert_to(a.email, 'UTF8')))),
         case when t.locked_until > $2::timestamptz then t.locked_until end) as "lockedOutUntil",
       to_char(a.updated_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') as version
     from accounts a
     left join account_two_factors t on t.account_id = a.id
     where a.district_id is not distinct from $1 order by lower(a.name), a.email`,
    [districtId, now.toString()],
  );
  return rows;
}

/** Returns whether no other administrator of the district could sign in. Called while holding the district's lock. */
async function isLastAdministrator(
  client: pg.ClientBase,
  districtId: number | null,
  id: string,
  user: Found,
): Promise<boolean> {
  if (user.role !== 'administrator' || user.isSuspended) return false;
  const { rows } = await client.query(
    `select from accounts where district_id = $1 and role = 'administrator' and locked_at is null
       and id <> $2 limit 1`,
    [districtId, id],
  );
  return rows.length === 0;
}

async function clearLockout(client: pg.ClientBase, id: string, email: string): Promise<void> {
  await clearAllFailures(client, email);
  await client.query(
    `update account_two_factors set failed_verification_count = 0, locked_until = null
     where account_id = $1`,
    [id],
  );
}
