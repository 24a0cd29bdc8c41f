/** Recalculates expired statuses from the published enrollments, without Skyward. */
import type pg from 'pg';
import { withDedicatedConnection } from '../../database/dedicated-connection.ts';
import { inTransaction } from '../../database/transaction.ts';
import { formatDecisionSettings } from '../../enrollment/decision-settings.ts';
import type { StatusRules } from '../../enrollment/status-settings.ts';
import { assembleRecalculated, createAssemblyTables } from '../plan/assembly.ts';
import { createChangedStudentTables } from '../plan/changed-students.ts';
import { inactiveThreshold, type LimitOverrides } from '../../contract/safety-limits.ts';
import { createDateHoldTables, holdDateChanges, recordDateHold } from '../plan/date-holds.ts';
import { compareWithPublished, createComparisonTable } from '../plan/comparison.ts';
import { publishStatuses } from './publication.ts';
import { createDecisionTable, decideStatuses } from '../plan/status-decisions.ts';

/** Numbers of students. */
export interface Recalculation {
  readonly decided: number;
  /** Students with a change that users can see. */
  readonly changed: number;
}

/**
 * Recalculates the district's statuses that are expired on `today` and publishes them in one transaction. `findRun`
 * is called in it with the number of changed students and returns the run to record the changes with. Changes by the
 * date alone that exceed the limits are put on hold. Writes nothing if no status is expired. The caller holds the
 * import lock.
 */
export async function recalculateStatuses(
  pool: pg.Pool,
  options: {
    readonly districtId: number;
    readonly today: Temporal.PlainDate;
    readonly schoolYear: number;
    readonly rules: StatusRules;
    readonly limits: LimitOverrides;
    /** A person's word: changes by the date alone are not put on hold. */
    readonly allowsDateChanges?: boolean;
    readonly findRun: (client: pg.ClientBase, changed: number) => Promise<number | null>;
  },
): Promise<Recalculation> {
  const { districtId } = options;
  return withDedicatedConnection(pool, 'daybreak statuses', async (client) => {
    await createChangedStudentTables(client);
    await createDecisionTable(client);
    await createDateHoldTables(client);
    await createAssemblyTables(client);
    await createComparisonTable(client);
    await decideStatuses(client, districtId, options);
    const { allowsDateChanges = false } = options;
    const hold = await holdDateChanges(client, districtId, {
      ...options,
      limits: inactiveThreshold(options.limits),
      allowsDateChanges,
    });
    const decided = await countDecisions(client);
    if (decided === 0 && hold.decidedHoldId === null) return { decided: 0, changed: 0 };
    await assembleRecalculated(client, districtId, {
      today: options.today.toString(),
      rules: formatDecisionSettings(options),
    });
    await compareWithPublished(client, districtId);
    const { rows } = await client.query<{ changed: number }>(
      'select count(distinct student_id)::integer as changed from planned_changes',
    );
    const changed = rows[0]?.changed ?? 0;
    await inTransaction(client, async () => {
      await publishStatuses(client, districtId, await options.findRun(client, changed));
      await recordDateHold(client, districtId, hold);
    });
    return { decided, changed };
  });
}

async function countDecisions(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ decided: number }>(
    'select count(*)::integer as decided from decisions',
  );
  return rows[0]?.decided ?? 0;
}
