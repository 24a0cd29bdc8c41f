/**
 * What a night has to know of all published students, read on a connection of its own while the lists are read from
 * the other side: nothing but an import changes it.
 */
import type pg from 'pg';
import type { DecidedUnder } from './assembly.ts';
import { PublishedFingerprints } from './published-fingerprints.ts';
import { findExpiredDecisions } from './status-decisions.ts';

export interface PublishedState {
  readonly fingerprints: PublishedFingerprints;
  /** Enrollments that do not count, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Students whose decision does not hold for the night. */
  readonly expired: readonly number[];
}

/** Reads the published state for a night that decides `under` these rules. */
export async function readPublishedState(
  db: Pick<pg.ClientBase, 'query'>,
  districtId: number,
  under: DecidedUnder,
): Promise<PublishedState> {
  return {
    fingerprints: await PublishedFingerprints.read(db, districtId),
    leftOut: await countLeftOut(db, districtId),
    expired: await findExpiredDecisions(db, districtId, under),
  };
}

async function countLeftOut(
  db: Pick<pg.ClientBase, 'query'>,
  districtId: number,
): Promise<Record<string, number>> {
  const { rows } = await db.query<{ reason: string; count: number }>(
    `select left_out ->> 'reason' as reason, count(*)::integer as count
     from students, lateral jsonb_array_elements(status_left_out) as left_out
     where district_id = $1 and status_left_out <> '[]'
     group by 1`,
    [districtId],
  );
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]));
}
