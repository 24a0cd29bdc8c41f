/** Seals stored secrets with a new sealing key, while the system is running. */
import type pg from 'pg';

import {
  isSealedWith,
  openSecret,
  SealError,
  sealSecret,
  type SealingKey,
} from './sealed-secret.ts';

/** A column of sealed values in a table with a district id. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The column that identifies a row of a district; without it, a district has one row at a time. */
  readonly id?: string;
  /** The purpose that the secret of a row is bound to. */
  readonly purpose: (districtId: number, id: number) => string;
  /** The purpose it was bound to in an earlier version; such a value is sealed again. */
  readonly formerPurpose?: (districtId: number) => string;
}

/**
 * Seals values of a former key or a former purpose with `key`. Returns how many. A value that is replaced meanwhile
 * keeps its new content. Throws `SealError` when no key opens a value.
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
