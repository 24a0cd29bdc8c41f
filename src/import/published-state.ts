/**
 * What a night has to know of all published students, read on a connection of its own while the lists are read from
 * the other side: nothing but an import changes it.
 */
import type { Queryable } from '../database/queryable.ts';
import { pendingAcceptances } from './accepted-fields.ts';
import type { DecidedUnder } from './assembly.ts';
import { PublishedFingerprints } from './published-fingerprints.ts';
import { hasRunOut } from './status-decisions.ts';

export interface PublishedState {
  /** Of all students who were ever delivered. */
  readonly fingerprints: PublishedFingerprints;
  /** Enrollments that do not count, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Students whose decision does not hold for the night. */
  readonly expired: readonly number[];
}

/**
 * All students are gone through once, and come as three strings of bytes: a row for each of a hundred thousand would
 * cost more than everything that is done with them. `kept` has Skyward's ids with the fingerprint of the delivery
 * that the record stands for, `other` the ids of those who have to be looked at whatever is delivered: everybody
 * while empty values that a person accepted wait to be published.
 */
const state = `
  select coalesce(string_agg(int8send(skyward_id) || int8send(source_fingerprint), '' order by skyward_id)
      filter (where is_kept), '') as kept,
    coalesce(string_agg(int8send(skyward_id), '' order by skyward_id) filter (where not is_kept), '') as other,
    coalesce(string_agg(int8send(id), '') filter (where has_run_out), '') as expired,
    coalesce(jsonb_agg(status_left_out) filter (where status_left_out <> '[]'), '[]') as "leftOut"
  from (
    select s.id, s.skyward_id, s.source_fingerprint, s.status_left_out,
      s.missing_since_run_id is null and s.source_fingerprint is not null
        and not exists (select from accepted_fields ${pendingAcceptances}) as is_kept,
      ${hasRunOut} as has_run_out
    from students s where s.district_id = $1 and s.skyward_id is not null
  ) s`;

interface StateRow {
  readonly kept: Buffer;
  readonly other: Buffer;
  readonly expired: Buffer;
  readonly leftOut: readonly (readonly { readonly reason: string }[])[];
}

/** Reads the published state for a night that decides `under` these rules. */
export async function readPublishedState(
  db: Queryable,
  districtId: number,
  { today, rules }: DecidedUnder,
): Promise<PublishedState> {
  const { rows } = await db.query<StateRow>(state, [districtId, today, rules]);
  const [row] = rows;
  if (row === undefined) throw new Error('A question for numbers had no answer');
  return {
    fingerprints: new PublishedFingerprints(numbersIn(row.kept), numbersIn(row.other)),
    leftOut: countReasons(row.leftOut),
    expired: [...numbersIn(row.expired)].map(Number),
  };
}

/** The numbers in a string of bytes, each as PostgreSQL sends a bigint: the highest byte first. */
function numbersIn(bytes: Buffer): BigInt64Array {
  const turned = Buffer.from(bytes).swap64();
  return new BigInt64Array(turned.buffer, turned.byteOffset, turned.length / 8);
}

function countReasons(leftOut: StateRow['leftOut']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of leftOut.flat()) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
