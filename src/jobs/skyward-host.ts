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
const lookAgainMs = 500;

/**
 * Does the work while holding one of the `places` of a Skyward server, waiting for a free one if need be. The
 * queue counts what is under way as it hands jobs out, but two processes that ask at the same moment both get
 * one; this holds the limit. A place ends with its connection, however the process ends. Throws the reason of
 * the signal when it comes while waiting.
 */
export async function withPlaceAtHost<Result>(
  pool: pg.Pool,
  host: string,
  places: number,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  return withOwnConnection(pool, 'daybreak place at Skyward', async (client) => {
    while (!(await takePlace(client, host, places))) {
      await delay(lookAgainMs, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
    return work();
  });
}

/** Takes the first place that is free; false: none is. */
async function takePlace(client: pg.ClientBase, host: string, places: number): Promise<boolean> {
  for (let place = 1; place <= places; place++) {
    const { rows } = await client.query<{ isTaken: boolean }>(
      `select pg_try_advisory_lock(hashtext('daybreak skyward ' || $1), $2) as "isTaken"`,
      [host, place],
    );
    if (rows[0]?.isTaken === true) return true;
  }
  return false;
}
