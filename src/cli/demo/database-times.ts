/** Moves times that the database stamped with its own clock to the simulated day of the demo. */
import type pg from 'pg';

/** Columns whose values the database stamps when rows are written; imports have their clock as an option. */
const stampedColumns: Readonly<Record<string, readonly string[]>> = {
  skyward_connections: ['updated_at'],
  students: ['created_at', 'updated_at'],
  hand_changes: ['changed_at'],
  hand_set_statuses: ['set_at'],
  caseload_students: ['added_at'],
  form_templates: ['stored_at'],
  documents: ['details_at', 'created_at', 'completed_at', 'deleted_at', 'changed_at'],
  document_versions: ['began_at', 'at'],
  accounts: ['created_at', 'updated_at'],
};

/**
 * Runs `work`, whose rows then have times as if it had begun at `moment`: the clock of a database cannot be set for one
 * connection, and what a user sees of the past must have past times.
 */
export async function workAt(
  pool: pg.Pool,
  districtId: number,
  moment: Temporal.Instant,
  work: () => Promise<void>,
): Promise<void> {
  const { rows } = await pool.query<{ began: Temporal.Instant }>(
    'select clock_timestamp() as began',
  );
  const began = rows[0]?.began ?? Temporal.Now.instant();
  await work();
  const seconds = began.until(moment).total('seconds');
  for (const [table, columns] of Object.entries(stampedColumns)) {
    const moved = columns.map(
      (column) =>
        `${column} = case when ${column} >= $2 then ${column} + make_interval(secs => $3) else ${column} end`,
    );
    await pool.query(
      `update ${table} set ${moved.join(', ')}
       where district_id = $1 and (${columns.map((column) => `${column} >= $2`).join(' or ')})`,
      [districtId, began.toString(), seconds],
    );
  }
}
