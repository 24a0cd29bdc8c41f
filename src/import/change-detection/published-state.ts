/**
 * What a night has to know of all published students, read on a connection of its own while the lists are read from
 * the other side: nothing but an import changes it.
 */
import type { Queryable } from '../../database/queryable.ts';
import { pendingAcceptances } from '../plan/accepted-fields.ts';
import type { DecisionBasis } from '../plan/assembly.ts';
import { PublishedFingerprints } from './published-fingerprints.ts';
import { isExpired } from '../plan/status-decisions.ts';

export interface PublishedState {
  /** Of all students who were ever delivered. */
  readonly fingerprints: PublishedFingerprints;
  /** Enrollments that do not count, by reason. */
  readonly uncounted: Readonly<Record<string, number>>;
  /** Students whose decision does not hold for the night. */
  readonly expired: readonly number[];
}

/**
 * All students are gone through once, and come as three strings of bytes: a row for each of a hundred thousand would
 * cost more than everything that is done with them. `kept` has Skyward's ids with the fingerprint of the delivery
 * that the record stands for, `other` the ids of those who have to be looked at whatever is delivered: everybody
 * while empty values that a person accepted wait to be published.
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
        and not exists (select from accepted_fields ${pendingAcceptances}) as has_fingerprint,
      ${isExpired} as is_expired
    from students s where s.district_id = $1 and s.skyward_id is not null
  ) s`;

interface StateRow {
  readonly withFingerprint: Buffer;
  readonly withoutFingerprint: Buffer;
  readonly expired: Buffer;
  readonly uncounted: readonly (readonly { readonly reason: string }[])[];
}

/** Reads the published state for a night that decides `under` these rules. */
export async function readPublishedState(
  db: Queryable,
  districtId: number,
  { today, rules }: DecisionBasis,
): Promise<PublishedState> {
  const { rows } = await db.query<StateRow>(stateQuery, [districtId, today, rules]);
  const [row] = rows;
  if (row === undefined) throw new Error('A question for numbers had no answer');
  return {
    fingerprints: new PublishedFingerprints(
      readBigints(row.withFingerprint),
      readBigints(row.withoutFingerprint),
    ),
    uncounted: countReasons(row.uncounted),
    expired: [...readBigints(row.expired)].map(Number),
  };
}

/** The numbers in a string of bytes, each as PostgreSQL sends a bigint: the highest byte first. */
function readBigints(bytes: Buffer): BigInt64Array {
  const swapped = Buffer.from(bytes).swap64();
  return new BigInt64Array(swapped.buffer, swapped.byteOffset, swapped.length / 8);
}

function countReasons(uncounted: StateRow['uncounted']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of uncounted.flat()) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
