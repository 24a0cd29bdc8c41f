/** Publishes the plan of an import with set-based SQL in one transaction: readers see all of it or nothing. */
import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import type { RunFailure } from '../import-report.ts';
import { markAcceptancesApplied } from '../plan/accepted-fields.ts';
import { differ, publishedStudentColumns, studentParts } from '../plan/comparison.ts';
import { type DateHoldPlan, recordDateHold } from '../plan/date-holds.ts';
import { recordDuplicateNumbers } from '../plan/duplicate-numbers.ts';
import { recordShares } from '../plan/normal-shares.ts';
import { recordProblems } from '../plan/recorded-problems.ts';
import { recordPlan } from '../runs/run-plan.ts';
import { rebuildIndexes, dropIndexes } from './dropped-indexes.ts';

const columnList = (columns: readonly string[], alias = '') =>
  columns.map((column) => (alias === '' ? column : `${alias}.${column}`)).join(', ');

const addStudents = `
  insert into students (district_id, id, first_run_id, changed_run_id, ${columnList(publishedStudentColumns)})
  overriding system value
  select district_id, id, $2, $2, ${columnList(publishedStudentColumns)}
  from next_students where is_new and district_id = $1`;

/**
 * A fingerprint that is removed, because a student could not be read completely, is removed only together with a
 * change. Without a change the published record still matches it.
 */
const publishedValueColumns = publishedStudentColumns.filter(
  (column) => column !== 'source_fingerprint',
);

const changeStudents = `
  update students s
  set (${columnList(publishedStudentColumns)}) = row(${columnList(publishedStudentColumns, 'n')}),
    changed_run_id = case when exists (select from planned_changes p where p.student_id = n.id)
      then $2 else s.changed_run_id end,
    missing_since_run_id = case when d.is_changed then null else s.missing_since_run_id end,
    updated_at = now()
  from next_students n join decisions d on d.student_id = n.id
  where s.district_id = $1 and s.id = n.id and not n.is_new
    and (${differ('s', 'n', publishedValueColumns)}
      or (n.source_fingerprint is distinct from s.source_fingerprint
        and (n.source_fingerprint is not null
          or exists (select from planned_changes p where p.student_id = n.id)))
      or (d.is_changed and s.missing_since_run_id is not null))`;

/** Records matches by student number, so that users can find and undo them. Runs before the records change. */
const recordNumberMatches = `
  insert into record_takeovers
    (district_id, run_id, record_id, former_skyward_id, former_missing_since_run_id, skyward_id, sign)
  select $1, $2, s.id, s.skyward_id, s.missing_since_run_id, a.skyward_id, a.sign
  from number_matches a
  join next_students n on n.id = a.student_id and n.skyward_id = a.skyward_id
  join students s on s.district_id = $1 and s.id = n.id`;

const partStatements = (part: (typeof studentParts)[number]) => [
  `delete from ${part.table} o using planned_changes p
   where o.district_id = $1 and p.record = '${part.record}' and p.field is null
     and p.new_value is null and o.student_id = p.student_id and o.skyward_id = p.record_id`,
  `update ${part.table} o
   set (${columnList(part.columns)}) = row(${columnList(part.columns, 'n')})
   from next_${part.table} n
   where o.district_id = $1 and o.student_id = n.student_id and o.skyward_id = n.skyward_id
     and ${differ('o', 'n', part.columns)}`,
  // New rows are found in the plan, not by anti-join with the table being filled: its statistics are stale, and
  // the planner would choose a nested loop over all its rows.
  `insert into ${part.table} (district_id, student_id, skyward_id, ${columnList(part.columns)})
   select n.district_id, n.student_id, n.skyward_id, ${columnList(part.columns, 'n')}
   from next_${part.table} n
   where n.district_id = $1
     and (n.student_id in (select id from next_students where is_new)
       or (n.student_id, n.skyward_id) in (select student_id, record_id from planned_changes
         where record = '${part.record}' and field is null and old_value is null))`,
];

/**
 * Records who was missing from Skyward before this run, so that undoing it can restore that. Runs before the records
 * change.
 */
const recordMissingChanges = `
  insert into missing_changes (district_id, student_id, run_id, former_run_id)
  select $1, s.id, $2, s.missing_since_run_id
  from students s
  where s.district_id = $1 and (
    s.id in (select student_id from missing_students where is_newly_missing)
    or s.missing_since_run_id is not null and s.id in (
      select n.id from next_students n join decisions d on d.student_id = n.id
      where d.is_changed and not n.is_new))`;

const recordChanges = `
  insert into student_changes (district_id, run_id, student_id, record, record_id, field, old_value, new_value)
  select $1, $2, student_id, record, record_id, field, old_value, new_value from planned_changes`;

/** A user's confirmation of a changed identity applies only to the rows of this import. */
const deleteConfirmations = 'delete from confirmed_identities where district_id = $1';

/** Queues webhook messages about documents whose source values changed (migration 0021). */
const queueWebhooks = 'select queue_demographics_webhooks($1, $2)';

/** Marks students who are missing from Skyward. Students are never deleted. */
const markMissing = `
  update students s set missing_since_run_id = $2
  from missing_students m
  where m.is_newly_missing and s.district_id = $1 and s.id = m.student_id`;

/**
 * Updates the planner's row estimate. With an estimate of no students it would look up the student of each guardian
 * and enrollment with a sequential scan, and an initial import would take hours. ANALYZE also keeps autovacuum from
 * analyzing the table again until the commit.
 */
const analyzeStudents = 'analyze students (district_id, id, skyward_id, student_number)';

/** From this many new students on, indexes and estimates matter. */
const bulkThreshold = 1000;

/**
 * Returns whether the planner's row estimate is far too low. In an installation with many districts a new one
 * changes it little, and ANALYZE would take longer.
 */
async function hasStaleEstimates(client: pg.ClientBase, added: number): Promise<boolean> {
  const { rows } = await client.query<{ estimate: number }>(
    "select reltuples::float8 as estimate from pg_class where oid = 'students'::regclass",
  );
  return added * 10 >= (rows[0]?.estimate ?? 0);
}

/**
 * Ends a run in one transaction: records its problems, then publishes the plan, or only records it if the run is a dry
 * run or held. `finish` records the result of the run.
 */
export async function publishRun<Result>(
  client: pg.ClientBase,
  { districtId, runId }: { readonly districtId: number; readonly runId: number },
  plan: { readonly added: number },
  {
    isDryRun,
    dateHold,
    holdReason,
    accepted,
    shares,
    finish,
  }: {
    readonly isDryRun: boolean;
    readonly dateHold: DateHoldPlan;
    readonly holdReason: RunFailure | undefined;
    readonly accepted: ReadonlySet<string>;
    /** How much the import changes, by measure, for the limits of later ones. */
    readonly shares: ReadonlyMap<string, number>;
    readonly finish: (
      state: 'planned' | 'held' | 'published' | 'unchanged',
      failure?: RunFailure,
    ) => Promise<Result>;
  },
): Promise<Result> {
  return inTransaction(client, async () => {
    await recordProblems(client, districtId, runId);
    await recordDuplicateNumbers(client, districtId, runId);
    if (isDryRun || holdReason !== undefined) await recordPlan(client, districtId, runId);
    if (isDryRun) return finish('planned', holdReason);
    if (holdReason !== undefined) return finish('held', holdReason);
    const rowsWritten = await publishPlan(client, districtId, runId, plan);
    await recordDateHold(client, districtId, dateHold);
    await markAcceptancesApplied(client, districtId, runId, accepted);
    const result = await finish(rowsWritten === 0 ? 'unchanged' : 'published');
    await recordShares(client, districtId, runId, shares);
    return result;
  });
}

/**
 * Writes the plan and returns the number of rows written; `added` is its number of new students. Runs in the
 * transaction that ends the run.
 */
export async function publishPlan(
  client: pg.ClientBase,
  districtId: number,
  runId: number,
  { added }: { readonly added: number },
): Promise<number> {
  let rows = 0;
  const write = async (sql: string, parameters: readonly unknown[]) => {
    const { rowCount } = await client.query(sql, [...parameters]);
    rows += rowCount ?? 0;
  };
  const droppedIndexes = added >= bulkThreshold ? await dropIndexes(client) : undefined;
  await write(addStudents, [districtId, runId]);
  if (added >= bulkThreshold && (await hasStaleEstimates(client, added))) {
    await client.query(analyzeStudents);
  }
  await write(recordNumberMatches, [districtId, runId]);
  await client.query(recordMissingChanges, [districtId, runId]);
  await write(changeStudents, [districtId, runId]);
  for (const part of studentParts) {
    for (const statement of partStatements(part)) await write(statement, [districtId]);
  }
  if (droppedIndexes !== undefined) await rebuildIndexes(client, droppedIndexes);
  await write(recordChanges, [districtId, runId]);
  await write(markMissing, [districtId, runId]);
  await client.query(deleteConfirmations, [districtId]);
  await client.query(queueWebhooks, [districtId, runId]);
  return rows;
}

/** Writes only recalculated statuses. Without a run there are no changes to record. */
export async function publishStatuses(
  client: pg.ClientBase,
  districtId: number,
  runId: number | null,
): Promise<void> {
  await client.query(changeStudents, [districtId, runId]);
  await client.query(recordChanges, [districtId, runId]);
  if (runId !== null) await client.query(queueWebhooks, [districtId, runId]);
}
