/**
 * Reads what an import needs about all published students, while the lists are read from Skyward. Only imports change
 * it, so it cannot become stale.
 */
import type { Queryable } from '../../database/queryable.ts';
import { pendingAcceptances } from './accepted-fields.ts';
import type { DecisionBasis } from './assembly.ts';
import { PublishedFingerprints } from '../change-detection/published-fingerprints.ts';
import { isExpired } from './status-decisions.ts';

export interface PublishedState {
  /** All students who were ever received. */
  readonly fingerprints: PublishedFingerprints;
  /** Uncounted enrollments by reason. */
  readonly uncounted: Readonly<Record<string, number>>;
  /** Students whose decision is expired on the import date. */
  readonly expired: readonly number[];
}

/**
 * Returns all students in one row with binary strings, because 100,000 rows would cost more than everything done with
 * them. `withFingerprint` has SIS ids with fingerprints, `withoutFingerprint` the ids of students to be checked in any
 * case: all of them while accepted empty values wait to be published.
 */
const stateQuery = `
  select coalesce(string_agg(int8send(skyward_id) || int8send(source_fingerprint), '' order by skyward_id)
      filter (where has_fingerprint), '') as "withFingerprint",
    coalesce(string_agg(int8send(skyward_id), '' order by skyward_id) filter (where not has_fingerprint), '') as "withoutFingerprint",
    coalesce(string_agg(int8send(id), '') filter (where is_expired), '') as expired,
    coalesce(jsonb_agg(status_left_out) filter (where status_left_out <> '[]'), '[]') as uncounted
  from (
    select s.id, s.skyward_id, s.source_fingerprint, s.status_left_out,
      s.missing_since_run_id is null and s.source_fingerprint is not null
        and not exists (select from accepted_fields ${pendingAcceptances})
        and not exists (select from import_runs undo
          where undo.district_id = $1 and undo.undoes_run_id is not null and undo.state = 'restored'
            and not exists (select from import_runs later where later.district_id = $1 and later.id > undo.id
              and not later.is_dry_run and later.state in ('published', 'unchanged'))) as has_fingerprint,
      ${isExpired} as is_expired
    from students s where s.district_id = $1 and s.skyward_id is not null
  ) s`;

interface StateRow {
  readonly withFingerprint: Buffer;
  readonly withoutFingerprint: Buffer;
  readonly expired: Buffer;
  readonly uncounted: readonly (readonly { readonly reason: string }[])[];
}

/** Reads the published state; decisions not based on these rules are expired. */
export async function readPublishedState(
  db: Queryable,
  districtId: number,
  { today, rules }: DecisionBasis,
): Promise<PublishedState> {
  const { rows } = await db.query<StateRow>(stateQuery, [districtId, today, rules]);
  const [row] = rows;
  if (row === undefined) throw new Error('The query returned no row');
  return {
    fingerprints: new PublishedFingerprints(
      readBigints(row.withFingerprint),
      readBigints(row.withoutFingerprint),
    ),
    uncounted: countReasons(row.uncounted),
    expired: [...readBigints(row.expired)].map(Number),
  };
}

/** Reads big-endian 64-bit integers, as PostgreSQL sends them. */
function readBigints(bytes: Buffer): BigInt64Array {
  const swapped = Buffer.from(bytes).swap64();
  return new BigInt64Array(swapped.buffer, swapped.byteOffset, swapped.length / 8);
}

function countReasons(uncounted: StateRow['uncounted']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of uncounted.flat()) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
