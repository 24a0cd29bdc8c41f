/** Changing the sealing key while everything goes on: what a former key sealed is sealed anew. */
import type pg from 'pg';

import { isSealedWith, openSecret, sealSecret, type SealingKey } from './sealed-secret.ts';

/** A column of sealed values, one a row, in a table that names the district of each. */
export interface SealedPlace {
  readonly table: string;
  readonly column: string;
  /** What the secret of a district is bound to. */
  readonly purpose: (districtId: number) => string;
}

/**
 * Seals everything with `key` that one of its former keys sealed, and gives how many values that were. A value
 * that somebody replaces meanwhile is left as they sealed it. Throws `SealFault` when a value opens with none.
 */
export async function resealSecrets(
  pool: pg.Pool,
  key: SealingKey,
  places: readonly SealedPlace[],
): Promise<number> {
  let resealed = 0;
  for (const { table, column, purpose } of places) {
    const { rows } = await pool.query<{ districtId: number; sealed: string }>(
      `select distinct district_id as "districtId", ${column} as sealed from ${table} where ${column} is not null`,
    );
    for (const { districtId, sealed } of rows) {
      if (isSealedWith(sealed, key)) continue;
      const bound = purpose(districtId);
      const anew = sealSecret(openSecret(sealed, bound, key), bound, key);
      const { rowCount } = await pool.query(
        `update ${table} set ${column} = $3 where district_id = $1 and ${column} = $2`,
        [districtId, sealed, anew],
      );
      resealed += rowCount ?? 0;
    }
  }
  return resealed;
}
