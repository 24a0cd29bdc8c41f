/** Fields that came empty for everybody, and whose empty values a person has accepted. */
import type { Queryable } from '../../database/queryable.ts';
import { toFieldName, type SourceField } from './emptied-values.ts';

/** Not published yet, of the district in $1. */
export const pendingAcceptances = 'where district_id = $1 and applied_run_id is null';

/** The names of the fields whose empty values the next import publishes. */
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

/** Says that a run has published what was accepted before it began; in the transaction that publishes. */
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

/** SQL that says whether the fields that a run `r` kept can still be accepted: it published, and none did since. */
export const canBeAccepted = `(r.state in ('published', 'unchanged')
  and not exists (select from import_runs later where later.district_id = r.district_id
    and later.id > r.id and later.state in ('published', 'unchanged')))`;

/**
 * Accepts the empty values of a field whose values a run has kept: the next import looks at everybody and publishes
 * them. False when the run kept no such field, is not the latest that published, or it was accepted already.
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
       and r.report -> 'keptFields' @> jsonb_build_array(jsonb_build_object('object', $3::text, 'field', $4::text))
       and ${canBeAccepted}
     on conflict do nothing`,
    [districtId, runId, object, field, by, reason],
  );
  return rowCount === 1;
}
