/** Limits how many imports call one Skyward host at the same time: several districts may share a host. */
import { setTimeout as delay } from 'node:timers/promises';

import type pg from 'pg';
import type { Queryable } from '../database/queryable.ts';

import { withDedicatedConnection } from '../database/dedicated-connection.ts';

/** The default limit for one host, which serves the schools' staff as well. */
export const defaultPerHost = 4;

/** Returns the host and port of the district's Skyward; null before it is connected. */
export async function findSkywardHost(pool: Queryable, districtId: number): Promise<string | null> {
  const { rows } = await pool.query<{ baseUrl: string }>(
    'select base_url as "baseUrl" from skyward_connections where district_id = $1',
    [districtId],
  );
  const [connection] = rows;
  return connection === undefined ? null : (URL.parse(connection.baseUrl)?.host ?? null);
}

/** How often a free slot is checked for. Waiting is rare: pg-boss already limits jobs by host. */
const pollIntervalMs = 500;

/**
 * Runs `work` while holding one of the host's `slots`, waiting for a free one. The queue limits jobs by host too,
 * but two processes that fetch jobs at the same moment may exceed its limit; this one is exact. A slot is an
 * advisory lock, so it is released even when the process dies. Throws the signal's reason when aborted while waiting.
 */
export async function withHostSlot<Result>(
  pool: pg.Pool,
  host: string,
  slots: number,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  return withDedicatedConnection(pool, 'daybreak Skyward host slot', async (client) => {
    while (!(await takeSlot(client, host, slots))) {
      await delay(pollIntervalMs, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
    return work();
  });
}

/** Takes the first free slot. Returns false when there is none. */
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
