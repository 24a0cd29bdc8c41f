/** Statuses follow the date: derives those that have run out again, from the last good rows. */
import type pg from 'pg';
import { withOwnConnection } from '../database/own-connection.ts';
import type { StatusRules } from '../enrollment/status-rules.ts';
import { assembleRedecided, createAssemblyTables } from './assembly.ts';
import { createCandidateTables } from './candidates.ts';
import { compareWithPublished, createComparisonTable } from './comparison.ts';
import { publishStatuses } from './publication.ts';
import { createDecisionTable, decidedUnder, decideStatuses } from './status-decisions.ts';

/**
 * Decides again every status of the district whose decision does not hold on `today`, publishes them in
 * one transaction and returns how many were decided. Needs no Skyward; writes nothing when nothing ran out.
 * The caller holds the district's lock.
 */
export async function redecideStatuses(
  pool: pg.Pool,
  order: {
    readonly districtId: number;
    readonly runId: number;
    readonly today: Temporal.PlainDate;
    readonly schoolYear: number;
    readonly rules: StatusRules;
  },
): Promise<number> {
  const { districtId, runId } = order;
  return withOwnConnection(pool, 'daybreak statuses', async (client) => {
    await createCandidateTables(client);
    await createDecisionTable(client);
    await createAssemblyTables(client);
    await createComparisonTable(client);
    const decided = await decideStatuses(client, districtId, { ...order, hasCandidates: false });
    if (decided === 0) return 0;
    await assembleRedecided(client, districtId, {
      today: order.today.toString(),
      rules: decidedUnder(order.schoolYear, order.rules),
    });
    await compareWithPublished(client, districtId);
    await client.query('begin');
    await publishStatuses(client, districtId, runId);
    await client.query('commit');
    return decided;
  });
}
