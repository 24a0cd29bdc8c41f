/** Single sign-ons on their way to the provider and back: kept in the database, bound to the browser that left. */
import { createHash } from 'node:crypto';

import type pg from 'pg';
import { z } from 'zod';

import { networkOf } from '../network/caller-address.ts';

/** What one single sign-on keeps from its start to its end. */
export const SingleSignOnStart = z.strictObject({
  districtId: z.number(),
  issuer: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  /** The session that wants a fresh proof; null: a sign-in, which opens one. */
  proofFor: z.strictObject({ accountId: z.string(), sessionId: z.string() }).nullable(),
});
export type SingleSignOnStart = z.infer<typeof SingleSignOnStart>;

/** What the browser has to come back with: `state` in the address, `secret` in a cookie. */
export interface StartKey {
  readonly state: string;
  readonly secret: string;
}

/** How long a person may take at the provider. */
export const startMinutes = 10;
/** A large school that begins its day behind one address. */
const mostOfNetwork = 300;
const mostOfDistrict = 2_000;

/** Keeps a start. Removes expired ones, and the oldest of a network or district that has too many. */
export async function keepStart(
  pool: pg.Pool,
  key: StartKey,
  start: SingleSignOnStart,
  address: string,
): Promise<void> {
  const network = networkOf(address);
  // What another start is just removing is skipped: two that remove the same rows never wait for each other.
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
    [network, mostOfNetwork - 1, start.districtId, mostOfDistrict - 1],
  );
  await pool.query(
    `insert into single_sign_on_starts (key_digest, district_id, network, kept, expires_at)
     values ($1, $2, $3, $4, now() + make_interval(mins => $5))`,
    [digestOf(key), start.districtId, network, JSON.stringify(start), startMinutes],
  );
}

/** The start of this state and browser, once; `undefined` when there is none or it has expired. */
export async function takeStart(
  pool: pg.Pool,
  key: StartKey,
): Promise<SingleSignOnStart | undefined> {
  const { rows } = await pool.query<{ kept: unknown; isOpen: boolean }>(
    `delete from single_sign_on_starts where key_digest = $1
     returning kept, expires_at > now() as "isOpen"`,
    [digestOf(key)],
  );
  return rows[0]?.isOpen ? SingleSignOnStart.parse(rows[0].kept) : undefined;
}

const digestOf = ({ state, secret }: StartKey): Buffer =>
  createHash('sha256').update(`${state}.${secret}`).digest();
