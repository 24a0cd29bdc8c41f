/** Writes a new account with its first credentials. */
import type pg from 'pg';

import type { Role } from '../../contract/endpoint.ts';
import { transaction } from '../../database/transaction.ts';

/** A new account; its fields have been checked. */
export interface AccountRow {
  readonly email: string;
  readonly name: string;
  readonly districtId: number | null;
  readonly role: Role;
  readonly schools: readonly number[] | null;
  /** Absent for users of single sign-on. */
  readonly passwordHash?: string | undefined;
}

/** Writes both rows or none; the table's unique index rejects a taken e-mail: `undefined`. */
export async function insertAccount(
  pool: pg.Pool,
  account: AccountRow,
): Promise<string | undefined> {
  return transaction(pool, async (client) => insertAccountOn(client, account));
}

/** The same in the caller's transaction. */
export async function insertAccountOn(
  client: pg.ClientBase,
  account: AccountRow,
): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(
    `insert into accounts (district_id, name, email, role, schools) values ($1, $2, lower($3), $4, $5)
     on conflict (email) do nothing returning id`,
    [account.districtId, account.name, account.email, account.role, account.schools],
  );
  const accountId = rows[0]?.id;
  if (accountId === undefined || account.passwordHash === undefined) return accountId;
  await client.query(
    `insert into account_credentials (account_id, provider_id, provider_account_id, password)
     values ($1::uuid, 'credential', ($1::uuid)::text, $2)`,
    [accountId, account.passwordHash],
  );
  return accountId;
}
