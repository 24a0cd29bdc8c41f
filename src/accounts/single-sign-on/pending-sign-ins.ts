/** Single sign-ons in progress: stored in the database, and bound to the browser that started them. */
import { createHash } from 'node:crypto';

import type pg from 'pg';
import { z } from 'zod';

import { toNetwork } from '../../network/caller-address.ts';

/** What one single sign-on stores from start to end. */
export const PendingSignIn = z.strictObject({
  districtId: z.number(),
  issuer: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  /** The session to confirm; null for a sign-in, which opens one. */
  reauthenticates: z.strictObject({ accountId: z.string(), sessionId: z.string() }).nullable(),
});
export type PendingSignIn = z.infer<typeof PendingSignIn>;

/** What the browser must return with: `state` in the address, `secret` in a cookie. */
export interface PendingSignInKey {
  readonly state: string;
  readonly secret: string;
}

/** How long a user may take at the provider. */
export const pendingMinutes = 10;
/** Enough for a large school behind one address in the morning. */
const maxPerNetwork = 300;
const maxPerDistrict = 2_000;

/** Stores a start. Removes expired ones, and the oldest ones of a network or district that has too many. */
export async function savePendingSignIn(
  pool: pg.Pool,
  key: PendingSignInKey,
  start: PendingSignIn,
  address: string,
): Promise<void> {
  const network = toNetwork(address);
  // Skips rows that another start is removing, so that the two never wait for each other.
  await pool.query(
    `with surplus as (
       select key_digest from single_sign_on_starts where expires_at <= now()
       union all (select key_digest from single_sign_on_starts where network = $1
         order by started_at desc offset $2)
       union all (select key_digest from single_sign_on_starts where district_id = $3
         order by started_at desc offset $4))
     delete from single_sign_on_starts where key_digest in (
       select key_digest from single_sign_on_starts
       where key_digest in (select key_digest from surplus) for update skip locked)`,
    [network, maxPerNetwork - 1, start.districtId, maxPerDistrict - 1],
  );
  await pool.query(
    `insert into single_sign_on_starts (key_digest, district_id, network, kept, expires_at)
     values ($1, $2, $3, $4, now() + make_interval(mins => $5))`,
    [toDigest(key), start.districtId, network, JSON.stringify(start), pendingMinutes],
  );
}

/** Returns and removes the start of this state and browser; `undefined` if there is none or it has expired. */
export async function takePendingSignIn(
  pool: pg.Pool,
  key: PendingSignInKey,
): Promise<PendingSignIn | undefined> {
  const { rows } = await pool.query<{ kept: unknown; isOpen: boolean }>(
    `delete from single_sign_on_starts where key_digest = $1
     returning kept, expires_at > now() as "isOpen"`,
    [toDigest(key)],
  );
  return rows[0]?.isOpen ? PendingSignIn.parse(rows[0].kept) : undefined;
}

const toDigest = ({ state, secret }: PendingSignInKey): Buffer =>
  createHash('sha256').update(`${state}.${secret}`).digest();
