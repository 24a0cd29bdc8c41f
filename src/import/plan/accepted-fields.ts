/**
 * Fields that were empty for all students, and whose empty values a user has accepted.
 *
 * This folder finds changed students and their problems, decides statuses, and compares with what is published.
 */
import type { Queryable } from '../../database/queryable.ts';
import { toFieldName, type SourceField } from './emptied-values.ts';

/** Acceptances of the district $1 that no import has applied yet. */
export const pendingAcceptances = 'where district_id = $1 and applied_run_id is null';

/** Returns the names of the fields whose empty values the next import publishes. */
export async function findAcceptedFields(
  db: Queryable,
  districtId: number,
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<SourceField>(
    `select object, field from accepted_fields ${pendingAcceptances}`,
    [districtId],
  );
  return new Set(rows.map(toFieldName));
}

/** Marks acceptances as applied by a run. Must run in the publishing transaction. */
export async function markAcceptancesApplied(
  db: Queryable,
  districtId: number,
  runId: number,
  accepted: ReadonlySet<string>,
): Promise<void> {
  if (accepted.size === 0) return;
  await db.query(
    `update accepted_fields set applied_run_id = $2
     where district_id = $1 and applied_run_id is null and object || '.' || field = any($3)`,
    [districtId, runId, [...accepted]],
  );
}

/** SQL condition: run `r` published, and no later run has, so its retained fields can be accepted. */
export const canBeAccepted = `(r.state in ('published', 'unchanged')
  and not exists (select from import_runs later where later.district_id = r.district_id
    and later.id > r.id and later.state in ('published', 'unchanged')))`;

/**
 * Accepts the empty values of a field whose values a run retained; the next import checks all students and publishes
 * them. Returns false when the run retained no such field, is not the latest published one, or the field is
 * accepted already.
 */
export async function acceptEmptyField(
  db: Queryable,
  districtId: number,
  runId: number,
  acceptance: SourceField & { readonly by: string; readonly reason: string },
): Promise<boolean> {
  const { object, field, by, reason } = acceptance;
  const { rowCount } = await db.query(
    `insert into accepted_fields (district_id, object, field, accepted_by, reason, run_id)
     select $1, $3, $4, $5, $6, r.id from import_runs r
     where r.district_id = $1 and r.id = $2
       and r.report -> 'retainedFields' @> jsonb_build_array(jsonb_build_object('object', $3::text, 'field', $4::text))
       and ${canBeAccepted}
     on conflict do nothing`,
    [districtId, runId, object, field, by, reason],
  );
  return rowCount === 1;
}
