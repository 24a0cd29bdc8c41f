/** A student's display name and legal name. */
import type { PersonName } from '../../contract/values.ts';

/** The columns that `displayName` needs. */
const nameColumns = [
  'first_name',
  'middle_name',
  'last_name',
  'suffix',
  'legal_first_name',
  'legal_middle_name',
  'legal_last_name',
  'legal_suffix',
] as const;

export type StoredName = Readonly<Partial<Record<(typeof nameColumns)[number], string | null>>>;

/** The columns of `displayName`, of the table or alias. */
export const selectName = (of: string): string =>
  nameColumns.map((column) => `${of}.${column}`).join(', ');

/** Returns the display name; missing parts are taken from the legal name. */
export const displayName = (row: StoredName): PersonName => ({
  first: row.first_name ?? row.legal_first_name ?? null,
  middle: row.middle_name ?? row.legal_middle_name ?? null,
  last: row.last_name ?? row.legal_last_name ?? null,
  suffix: row.suffix ?? row.legal_suffix ?? null,
});

export const legalName = (row: StoredName): PersonName => ({
  first: row.legal_first_name ?? null,
  middle: row.legal_middle_name ?? null,
  last: row.legal_last_name ?? null,
  suffix: row.legal_suffix ?? null,
});
