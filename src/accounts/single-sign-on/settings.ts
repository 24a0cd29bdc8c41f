/** Settings of a district's single sign-on: stored with a sealed secret, and checked before it is turned on. */
import type pg from 'pg';

import type { SealedColumn } from '../../districts/resealing.ts';
import { transaction } from '../../database/transaction.ts';
import { openSecret, sealSecret } from '../../districts/sealed-secret.ts';
import { AccountsError } from '../accounts-error.ts';
import type { AuthCore } from '../auth-core.ts';
import type { ProviderCache } from './openid-provider.ts';
import { isAllowedAddress } from './provider-request.ts';

/** The settings as an administrator sees them; the secret never leaves the server. */
export interface SingleSignOnSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly isEnabled: boolean;
  /** While it is turned on, users of the district can neither sign in by password nor set one. */
  readonly isRequired: boolean;
  /** The provider does not say whether an address is verified; those of the district's domain count as verified. */
  readonly trustsEmailAddresses: boolean;
  /** Role and schools of new users; null: accounts are not created automatically. */
  readonly newAccounts: NewAccountRule | null;
}

export interface NewAccountRule {
  readonly role: 'staff' | 'read-only';
  readonly schools: readonly number[] | null;
}

/** Without `clientSecret` the stored one stays, unless the issuer changes. */
export type SingleSignOnSettingsInput = SingleSignOnSettings & {
  readonly clientSecret?: string | undefined;
};

export type StoreOutcome =
  | { readonly kind: 'stored' }
  | {
      readonly kind: 'invalid';
      readonly field: 'issuer' | 'clientSecret';
      readonly message: string;
    };

/** What a sign-in needs. Contains the secret, which must never be logged or shown. */
export interface SingleSignOnConnection extends SingleSignOnSettings {
  readonly districtId: number;
  readonly domain: string;
  readonly clientSecret: string;
}

interface Row {
  readonly districtId: number;
  readonly domain: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly isEnabled: boolean;
  readonly isRequired: boolean;
  readonly trustsEmailAddresses: boolean;
  readonly role: NewAccountRule['role'] | null;
  readonly schools: readonly number[] | null;
  readonly sealed: string;
}

const select = `select s.district_id as "districtId", d.domain, s.issuer, s.client_id as "clientId",
    s.is_enabled as "isEnabled", s.is_required as "isRequired", s.trusts_addresses as "trustsEmailAddresses",
    s.new_account_role as role, s.new_account_schools as schools, s.client_secret_sealed as sealed
  from district_sign_on s join districts d on d.id = s.district_id`;

const toSettings = (row: Row): SingleSignOnSettings => ({
  issuer: row.issuer,
  clientId: row.clientId,
  isEnabled: row.isEnabled,
  isRequired: row.isRequired,
  trustsEmailAddresses: row.trustsEmailAddresses,
  newAccounts: row.role === null ? null : { role: row.role, schools: row.schools },
});

export async function readSingleSignOnSettings(
  pool: pg.Pool,
  districtId: number,
): Promise<SingleSignOnSettings | undefined> {
  const { rows } = await pool.query<Row>(`${select} where s.district_id = $1`, [districtId]);
  return rows[0] === undefined ? undefined : toSettings(rows[0]);
}

/** Returns the district's access to its provider if single sign-on is turned on. Throws `SealError`. */
export async function readSingleSignOnConnection(
  core: Pick<AuthCore, 'pool' | 'sealingKey'>,
  districtId: number,
): Promise<SingleSignOnConnection | undefined> {
  const { rows } = await core.pool.query<Row>(
    `${select} where s.district_id = $1 and s.is_enabled`,
    [districtId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  if (core.sealingKey === undefined) throw new AccountsError('sealing-key-missing');
  const clientSecret = openSecret(row.sealed, sealPurpose(districtId), core.sealingKey);
  return { ...toSettings(row), districtId, domain: row.domain, clientSecret };
}

/** Stores the settings; checks the provider first if single sign-on is being turned on. */
export async function storeSingleSignOnSettings(
  core: AuthCore,
  providers: ProviderCache,
  districtId: number,
  given: SingleSignOnSettingsInput,
): Promise<StoreOutcome> {
  const { pool, sealingKey } = core;
  if (sealingKey === undefined) throw new AccountsError('sealing-key-missing');
  const issuer = given.issuer.trim();
  const rules = { allowPrivateAddresses: core.allowPrivateIssuers };
  if (!isAllowedAddress(issuer, rules)) {
    return {
      kind: 'invalid',
      field: 'issuer',
      message: 'The issuer must be a public address that begins with https://.',
    };
  }
  const { rows } = await pool.query<Row>(`${select} where s.district_id = $1`, [districtId]);
  // A secret is sent only to the provider it was entered for.
  const kept = rows[0]?.issuer === issuer ? rows[0].sealed : undefined;
  const sealed =
    given.clientSecret === undefined
      ? kept
      : sealSecret(given.clientSecret, sealPurpose(districtId), sealingKey);
  if (sealed === undefined) {
    return {
      kind: 'invalid',
      field: 'clientSecret',
      message: 'The client secret is missing; a new issuer needs its own.',
    };
  }
  if (given.isEnabled) {
    const provider = await providers.refresh(issuer);
    if (provider.kind === 'trouble') {
      return { kind: 'invalid', field: 'issuer', message: provider.message };
    }
  }
  await transaction(pool, async (client) => {
    await client.query(
      `insert into district_sign_on (district_id, issuer, client_id, client_secret_sealed, is_enabled,
         is_required, trusts_addresses, new_account_role, new_account_schools)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (district_id) do update set issuer = excluded.issuer, client_id = excluded.client_id,
         client_secret_sealed = excluded.client_secret_sealed, is_enabled = excluded.is_enabled,
         is_required = excluded.is_required, trusts_addresses = excluded.trusts_addresses,
         new_account_role = excluded.new_account_role,
         new_account_schools = excluded.new_account_schools, updated_at = now()`,
      [
        districtId,
        issuer,
        given.clientId,
        sealed,
        given.isEnabled,
        given.isRequired,
        given.trustsEmailAddresses,
        given.newAccounts?.role ?? null,
        given.newAccounts?.schools ?? null,
      ],
    );
    if (given.isEnabled && given.isRequired) await endPasswordSessions(client, districtId);
  });
  return { kind: 'stored' };
}

/** Ends sessions that a password opened, password links, and sign-ins in progress. */
async function endPasswordSessions(client: pg.ClientBase, districtId: number): Promise<void> {
  await client.query(
    `delete from account_sessions where signed_in_by = 'password'
       and account_id in (select id from accounts where district_id = $1)`,
    [districtId],
  );
  await client.query(
    `delete from account_verifications
     where value in (select id::text from accounts where district_id = $1)`,
    [districtId],
  );
}

const sealPurpose = (districtId: number) => `single sign-on secret of district ${districtId}`;

/** Where the client secrets of single sign-on are stored. */
export const singleSignOnSecrets: SealedColumn = {
  table: 'district_sign_on',
  column: 'client_secret_sealed',
  purpose: sealPurpose,
};
