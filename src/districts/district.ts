/**
 * Districts: their settings, sealed credentials and notices, and the setup that connects them to Skyward. This file
 * stores and reads a district and its connection.
 */
import type pg from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { z } from 'zod';
import type { LimitOverrides } from '../contract/safety-limits.ts';
import { prepared } from '../database/prepared-statement.ts';
import { transaction } from '../database/transaction.ts';
import type { StatusRules } from '../enrollment/status-settings.ts';
import type { SealedColumn } from './resealing.ts';
import { openSecret, sealSecret, type SealingKey } from './sealed-secret.ts';

/** A district with its settings; without its credentials. */
export interface District extends StatusRules {
  readonly id: number;
  readonly domain: string;
  readonly name: string;
  readonly timeZone: string;
  /** Its own safety limits. */
  readonly ownLimits: LimitOverrides;
  /** Null until the district has been connected. */
  readonly baseUrl: string | null;
}

/** How to connect to a district's Skyward. Contains the secret: never log or show it. */
export interface SkywardConnection {
  readonly baseUrl: string;
  readonly clientKey: string;
  readonly clientSecret: string;
  readonly entityId: number | null;
  /** Which of the vendor's integration tokens to use; null: the default one. */
  readonly integrationTokenName: string | null;
  readonly pageSize: number;
  readonly concurrency: number;
  readonly allowPrivateAddress: boolean;
}

const isTimeZone = (zone: string) => {
  try {
    return Temporal.Now.zonedDateTimeISO(zone).timeZoneId !== '';
  } catch {
    return false;
  }
};

/** Settings of a district as a person enters them. Every message names the field and what is expected. */
export const DistrictSettings = z.object({
  domain: z
    .string()
    .trim()
    .toLowerCase()
    .regex(
      /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
      "The domain is the district's e-mail domain, such as demo.example.",
    )
    .max(253),
  name: z.string().trim().min(1, 'The name must not be empty.').max(200),
  timeZone: z
    .string()
    .refine(isTimeZone, 'The time zone is not known. Write it as America/Chicago.'),
});
export type DistrictSettings = z.infer<typeof DistrictSettings>;

export const ConnectionSettings = z.object({
  baseUrl: z.string().trim().min(1, 'The API base URL must not be empty.'),
  clientKey: z.string().trim().min(1, 'The client key must not be empty.').max(500),
  clientSecret: z.string().min(1, 'The client secret must not be empty.').max(2000),
  entityId: z.int().positive().nullable(),
  integrationTokenName: z
    .string()
    .trim()
    .toLowerCase()
    .regex(
      /^[a-z][a-z0-9_]{0,39}$/,
      'The name of an integration token is a word such as washington.',
    )
    .nullable()
    .default(null),
  allowPrivateAddress: z.boolean(),
});
export type ConnectionSettings = z.infer<typeof ConnectionSettings>;
/** The input of `ConnectionSettings`; omitted members have their default. */
type NewConnection = z.input<typeof ConnectionSettings>;

/** A district was not found, exists already, or is not connected. */
class DistrictError extends Error {
  override readonly name = 'DistrictError';
  readonly code: 'district-unknown' | 'district-exists' | 'district-not-connected';
  readonly advice: string;
  constructor(code: DistrictError['code'], message: string, advice: string) {
    super(message);
    this.code = code;
    this.advice = advice;
  }
}

/** Returns what a district decides statuses by. */
export const districtRules = ({
  graduationCode,
  ignoredCode,
  nextSchoolYear,
  stayingCodes,
}: District): StatusRules => ({ graduationCode, ignoredCode, nextSchoolYear, stayingCodes });

const columns = `d.id, d.domain, d.name, d.time_zone as "timeZone",
  d.next_school_year as "nextSchoolYear",
  d.graduation_code as "graduationCode", d.ignored_code as "ignoredCode",
  d.staying_codes as "stayingCodes",
  d.own_limits as "ownLimits", c.base_url as "baseUrl"`;

const fromDistricts = 'from districts d left join skyward_connections c on c.district_id = d.id';

/** Returns all districts, ordered by domain. */
export async function listDistricts(pool: pg.Pool): Promise<District[]> {
  const { rows } = await pool.query<District>(
    `select ${columns} ${fromDistricts} order by d.domain`,
  );
  return rows;
}

/** Returns the district with this domain, if there is one. */
export async function findDistrict(pool: pg.Pool, domain: string): Promise<District | undefined> {
  const { rows } = await pool.query<District>({
    ...prepared(`select ${columns} ${fromDistricts} where d.domain = $1`),
    values: [domain.trim().toLowerCase()],
  });
  return rows[0];
}

/** Returns the name of the district with this id. Throws `district-unknown`. */
export async function getDistrictName(
  pool: pg.Pool,
  districtId: number,
): Promise<Pick<District, 'name' | 'domain' | 'timeZone'>> {
  const { rows } = await pool.query<Pick<District, 'name' | 'domain' | 'timeZone'>>(
    'select name, domain, time_zone as "timeZone" from districts where id = $1',
    [districtId],
  );
  const [found] = rows;
  if (found !== undefined) return found;
  throw new DistrictError(
    'district-unknown',
    `There is no district with the ID ${districtId}.`,
    'It was just removed: sign in again.',
  );
}

/** Returns the district with this domain. Throws `district-unknown`. */
export async function getDistrict(pool: pg.Pool, domain: string): Promise<District> {
  const district = await findDistrict(pool, domain);
  if (district !== undefined) return district;
  throw new DistrictError(
    'district-unknown',
    `There is no district with the domain ${domain}.`,
    '`daybreak district list` shows the districts; `daybreak district add` adds one.',
  );
}

/** Adds a district, without a connection if it is still to be set up. Throws `district-exists`. */
export async function addDistrict(
  pool: pg.Pool,
  district: DistrictSettings,
  connection: NewConnection | undefined,
  key: SealingKey,
): Promise<District> {
  await transaction(pool, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `insert into districts (domain, name, time_zone) values ($1, $2, $3)
       on conflict (domain) do nothing returning id`,
      [district.domain, district.name, district.timeZone],
    );
    const added = rows[0];
    if (added === undefined) {
      throw new DistrictError(
        'district-exists',
        `A district with the domain ${district.domain} already exists.`,
        'Change it with `daybreak district set`.',
      );
    }
    if (connection !== undefined) await storeConnection(client, added.id, connection, key);
  });
  return getDistrict(pool, district.domain);
}

/** Replaces a district's connection. */
export async function setConnection(
  pool: pg.Pool,
  districtId: number,
  connection: NewConnection,
  key: SealingKey,
): Promise<void> {
  await transaction(pool, async (client) => {
    await storeConnection(client, districtId, connection, key);
  });
}

/**
 * Replaces address, key and secret. At the same address, the district's entity and the name of its integration
 * token are kept; at another address, the next import looks for the entity again.
 */
export async function replaceCredentials(
  pool: pg.Pool,
  districtId: number,
  credentials: Omit<NewConnection, 'entityId' | 'integrationTokenName'>,
  key: SealingKey,
): Promise<void> {
  await transaction(pool, async (client) => {
    const storedChoices = await findStoredChoices(
      client,
      districtId,
      credentials.baseUrl,
      'for update',
    );
    await storeConnection(client, districtId, { ...credentials, ...storedChoices }, key);
  });
}

/** What is stored with the credentials and kept while the address is the same. */
type StoredChoices = Pick<SkywardConnection, 'entityId' | 'integrationTokenName'>;

/** Returns what is stored for this address; null where nothing is. */
export async function findStoredChoices(
  client: Queryable,
  districtId: number,
  baseUrl: string,
  lock: '' | 'for update' = '',
): Promise<StoredChoices> {
  const { rows } = await client.query<StoredChoices>(
    `select entity_id as "entityId", integration_token_name as "integrationTokenName"
     from skyward_connections where district_id = $1 and base_url = $2 ${lock}`,
    [districtId, baseUrl],
  );
  return rows[0] ?? { entityId: null, integrationTokenName: null };
}

/** Stores these as the credentials of the district, with the secret sealed. */
export async function storeConnection(
  client: pg.ClientBase,
  districtId: number,
  connection: NewConnection,
  key: SealingKey,
): Promise<void> {
  await client.query(
    `insert into skyward_connections (district_id, base_url, client_key, client_secret_sealed,
       entity_id, allow_private_address, integration_token_name)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (district_id) do update set base_url = excluded.base_url,
       client_key = excluded.client_key, client_secret_sealed = excluded.client_secret_sealed,
       entity_id = excluded.entity_id, allow_private_address = excluded.allow_private_address,
       integration_token_name = excluded.integration_token_name,
       updated_at = now()`,
    [
      districtId,
      connection.baseUrl,
      connection.clientKey,
      sealSecret(connection.clientSecret, sealPurpose(districtId), key),
      connection.entityId,
      connection.allowPrivateAddress,
      connection.integrationTokenName ?? null,
    ],
  );
}

const sealPurpose = (districtId: number) => `skyward client secret of district ${districtId}`;

/** The column with the sealed secrets of connections. */
export const connectionSecrets: SealedColumn = {
  table: 'skyward_connections',
  column: 'client_secret_sealed',
  purpose: sealPurpose,
};

/** Returns a district's connection with its secret opened. Throws `district-not-connected` or `SealError`. */
export async function getConnection(
  pool: pg.Pool,
  district: Pick<District, 'id' | 'domain'>,
  key: SealingKey,
): Promise<SkywardConnection> {
  const { rows } = await pool.query<Omit<SkywardConnection, 'clientSecret'> & { sealed: string }>(
    `select base_url as "baseUrl", client_key as "clientKey", client_secret_sealed as sealed,
       entity_id as "entityId", page_size as "pageSize", concurrency,
       allow_private_address as "allowPrivateAddress",
       integration_token_name as "integrationTokenName"
     from skyward_connections where district_id = $1`,
    [district.id],
  );
  const stored = rows[0];
  if (stored === undefined) {
    throw new DistrictError(
      'district-not-connected',
      `${district.domain} is not connected to Skyward.`,
      'Store its API base URL, client key and client secret with `daybreak district set`.',
    );
  }
  const { sealed, ...connection } = stored;
  return { ...connection, clientSecret: openSecret(sealed, sealPurpose(district.id), key) };
}
