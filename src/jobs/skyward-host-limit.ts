/** Which Skyward server a district's imports call: several districts may stand on one. */
import { setTimeout as delay } from 'node:timers/promises';

import type pg from 'pg';

import { withOwnConnection } from '../database/own-connection.ts';

/** Host and port of the district's Skyward; null before it is connected. */
export async function findSkywardHost(
  pool: Pick<pg.Pool, 'query'>,
  districtId: number,
): Promise<string | null> {
  const { rows } = await pool.query<{ baseUrl: string }>(
    'select base_url as "baseUrl" from skyward_connections where district_id = $1',
    [districtId],
  );
  const [connection] = rows;
  return connection === undefined ? null : (URL.parse(connection.baseUrl)?.host ?? null);
}

/** How often a place is looked for again; the queue hands out so few too many that it hardly matters. */
const pollIntervalMs = 500;

/**
 * Does the work while holding one of the `places` of a Skyward server, waiting for a free one if need be. The
 * queue counts what is under way as it hands jobs out, but two processes that ask at the same moment both get
 * one; this holds the limit. A place ends with its connection, however the process ends. Throws the reason of
 * the signal when it comes while waiting.
 */
export async function withHostSlot<Result>(
  pool: pg.Pool,
  host: string,
  slots: number,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  return withOwnConnection(pool, 'daybreak Skyward host slot', async (client) => {
    while (!(await takeSlot(client, host, slots))) {
      await delay(pollIntervalMs, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
    return work();
  });
}

/** Takes the first place that is free; false: none is. */
async function takeSlot(client: pg.ClientBase, host: string, slots: number): Promise<boolean> {
  for (let slot = 1; slot <= slots; slot++) {
    const { rows } = await client.query<{ isAcquired: boolean }>(
      `select pg_try_advisory_lock(hashtext('daybreak skyward ' || $1), $2) as "isAcquired"`,
      [host, slot],
    );
    if (rows[0]?.isAcquired === true) return true;
  }
  return false;
}
