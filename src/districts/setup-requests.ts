/** Stores and reads setup requests. Uses the owner's connections, since technicians see every district. */
import type pg from 'pg';
import type { Queryable } from '../database/queryable.ts';

import { transaction } from '../database/transaction.ts';
import type { Finding } from './access-verification.ts';
import { canTake, type SetupState, type SetupStep } from './setup-state.ts';

/** The result of Verify, stored so that a page can show it without asking Skyward again. */
export interface StoredVerification {
  readonly access: {
    readonly accessId: number;
    readonly name: string;
    readonly key: string;
    readonly authenticationType: string;
    readonly isActive: boolean;
    readonly effectiveDate: string;
    readonly expirationDate: string | null;
    readonly entities: readonly { readonly entityId: number; readonly name: string }[];
  } | null;
  readonly findings: readonly Finding[];
}

/** A setup request without its secret. */
export interface SetupRequest {
  readonly districtId: number;
  readonly id: number;
  readonly domain: string;
  readonly districtName: string;
  readonly state: SetupState;
  readonly channel: 'mail' | 'button';
  readonly requestedBy: string;
  readonly requestedAt: Temporal.Instant;
  readonly customerId: string | null;
  readonly expectedKey: string | null;
  readonly accessId: number | null;
  readonly verification: StoredVerification | null;
  readonly verifiedAt: Temporal.Instant | null;
  readonly baseUrl: string | null;
  readonly entityId: number | null;
  readonly clientKey: string | null;
  readonly secretAt: Temporal.Instant | null;
  readonly note: string | null;
  readonly connectedAt: Temporal.Instant | null;
  readonly confirmationSentAt: Temporal.Instant | null;
  readonly closedAt: Temporal.Instant | null;
  /** Incremented by every change; a step on an older version is a conflict. */
  readonly version: number;
}

const selectRequests = `
  select r.district_id as "districtId", r.id, d.domain, d.name as "districtName", r.state, r.channel,
    r.requested_by as "requestedBy", r.requested_at as "requestedAt", r.customer_id as "customerId",
    r.expected_key as "expectedKey", r.access_id as "accessId", r.verification,
    r.verified_at as "verifiedAt", r.base_url as "baseUrl", r.entity_id as "entityId",
    r.client_key as "clientKey", r.secret_at as "secretAt", r.note, r.connected_at as "connectedAt",
    r.answered_at as "confirmationSentAt", r.closed_at as "closedAt", r.version
  from setup_requests r join districts d on d.id = r.district_id`;

export interface NewRequest {
  readonly districtId: number;
  readonly channel: 'mail' | 'button';
  readonly requestedBy: string;
  readonly requestedAt: Temporal.Instant;
}

/** Opens a request, or returns the district's open one: a second request joins it. */
export async function openRequest(
  client: pg.ClientBase,
  request: NewRequest,
): Promise<{ readonly request: SetupRequest; readonly isNew: boolean }> {
  const added = await client.query(
    `insert into setup_requests (district_id, channel, requested_by, requested_at)
     values ($1, $2, $3, $4)
     on conflict (district_id) where closed_at is null do nothing`,
    [request.districtId, request.channel, request.requestedBy, request.requestedAt.toString()],
  );
  const { rows } = await client.query<SetupRequest>(
    `${selectRequests} where r.district_id = $1 and r.closed_at is null`,
    [request.districtId],
  );
  const [found] = rows;
  if (found === undefined) throw new Error('A request was closed while another one joined it.');
  return { request: found, isNew: added.rowCount === 1 };
}

/** Returns open requests, oldest first, or closed ones, newest first. */
export async function listRequests(
  pool: pg.Pool,
  which: 'open' | 'closed',
  limit = 200,
): Promise<SetupRequest[]> {
  const { rows } = await pool.query<SetupRequest>(
    which === 'open'
      ? `${selectRequests} where r.closed_at is null order by r.requested_at, r.id limit $1`
      : `${selectRequests} where r.closed_at is not null order by r.closed_at desc, r.id limit $1`,
    [limit],
  );
  return rows;
}

/** Returns one request of a district; without an id, its latest. */
export async function findRequest(
  client: Queryable,
  districtId: number,
  id?: number,
): Promise<SetupRequest | undefined> {
  const { rows } = await client.query<SetupRequest>(
    `${selectRequests} where r.district_id = $1 and ($2::bigint is null or r.id = $2)
     order by r.id desc limit 1`,
    [districtId, id ?? null],
  );
  return rows[0];
}

/** Columns that steps write. */
export type RequestChange = Partial<{
  readonly state: SetupState;
  readonly customer_id: string | null;
  readonly expected_key: string | null;
  readonly access_id: number | null;
  readonly verification: string | null;
  readonly verified_at: string;
  readonly base_url: string | null;
  readonly entity_id: number | null;
  readonly client_key: string | null;
  readonly client_secret_sealed: string | null;
  readonly secret_at: string | null;
  readonly note: string | null;
  readonly connected_at: string;
  readonly answered_at: string | null;
  readonly closed_at: string | null;
}>;

/** `conflict`: another user took a step meanwhile, or the step is not allowed now. Has the current request. */
export type StepOutcome =
  | { readonly kind: 'done'; readonly request: SetupRequest }
  | { readonly kind: 'conflict'; readonly request: SetupRequest }
  | { readonly kind: 'not-found' };

/** The version of a request that the caller has seen. */
export interface RequestVersion {
  readonly districtId: number;
  readonly id: number;
  readonly version: number;
}

/**
 * Takes a step on the version that the caller has seen. `work` runs in the same transaction with the request locked
 * and returns what changes, so of two technicians at the same moment one gets a conflict.
 */
export async function takeStep(
  pool: pg.Pool,
  seen: RequestVersion,
  step: SetupStep,
  work: (client: pg.PoolClient, request: SetupRequest) => Promise<RequestChange>,
): Promise<StepOutcome> {
  return transaction(pool, async (client) => {
    const { rowCount } = await client.query(
      'select from setup_requests where district_id = $1 and id = $2 for update',
      [seen.districtId, seen.id],
    );
    const request = await findRequest(client, seen.districtId, seen.id);
    if (rowCount === 0 || request === undefined) return { kind: 'not-found' };
    if (request.version !== seen.version || !canTake(step, request.state)) {
      return { kind: 'conflict', request };
    }
    const change = Object.entries(await work(client, request));
    const columns = change.map(([column], index) => `${column} = $${index + 3}, `);
    await client.query(
      `update setup_requests set ${columns.join('')} version = version + 1
       where district_id = $1 and id = $2`,
      [seen.districtId, seen.id, ...change.map(([, value]) => value)],
    );
    const changed = await findRequest(client, seen.districtId, seen.id);
    if (changed === undefined) throw new Error('A request was removed while it was changed.');
    return { kind: 'done', request: changed };
  });
}

/** Returns the sealed secret of a request that is not completed yet. */
export async function readSealedSecret(
  client: Queryable,
  districtId: number,
  id: number,
): Promise<string | null> {
  const { rows } = await client.query<{ sealed: string | null }>(
    `select client_secret_sealed as sealed from setup_requests where district_id = $1 and id = $2`,
    [districtId, id],
  );
  return rows[0]?.sealed ?? null;
}
