/** Changing the sealing key while everything goes on: what a former key sealed is sealed anew. */
import type pg from 'pg';

import {
  isSealedWith,
  openSecret,
  SealError,
  sealSecret,
  type SealingKey,
} from './sealed-secret.ts';

/** A column of sealed values, one a row, in a table that names the district of each. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The column that tells the rows of a district apart; without one a district has one row at a time. */
  readonly id?: string;
  /** What the secret of a row is bound to. */
  readonly purpose: (districtId: number, id: number) => string;
  /** What it was bound to before; such a value is bound anew. */
  readonly formerPurpose?: (districtId: number) => string;
}

/**
 * Seals everything with `key` that one of its former keys or a former purpose sealed, and gives how many values that were. A value
 * that somebody replaces meanwhile is left as they sealed it. Throws `SealError` when a value opens with none.
 */
export async function resealSecrets(
  pool: pg.Pool,
  key: SealingKey,
  sealedColumns: readonly SealedColumn[],
): Promise<number> {
  let resealed = 0;
  for (const {
    table,
    column,
    id: idColumn = 'district_id',
    purpose,
    formerPurpose,
  } of sealedColumns) {
    const { rows } = await pool.query<{ districtId: number; id: number; sealed: string }>(
      `select distinct district_id as "districtId", ${idColumn} as id, ${column} as sealed
       from ${table} where ${column} is not null`,
    );
    for (const { districtId, id, sealed } of rows) {
      const bound = purpose(districtId, id);
      if (
        isSealedWith(sealed, key) &&
        (formerPurpose === undefined || canOpen(sealed, bound, key))
      ) {
        continue;
      }
      const newlySealed = sealSecret(
        openSecret(sealed, bound, key, formerPurpose?.(districtId)),
        bound,
        key,
      );
      const { rowCount } = await pool.query(
        `update ${table} set ${column} = $4
         where district_id = $1 and ${idColumn} = $2 and ${column} = $3`,
        [districtId, id, sealed, newlySealed],
      );
      resealed += rowCount ?? 0;
    }
  }
  return resealed;
}

function canOpen(sealed: string, purpose: string, key: SealingKey): boolean {
  try {
    openSecret(sealed, purpose, key);
    return true;
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}
