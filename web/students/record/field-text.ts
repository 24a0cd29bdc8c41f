/** Formats the value of a field of the catalog by its type. */
import { formatDay } from '../../../src/contract/day-format.ts';
import type { Field } from '../../../src/roster/fields/catalog.ts';

/** Returns `yes` or `no`, a date as users write it, any other value as it is; null if there is none. */
export function fieldText(
  type: Field['type'],
  value: string | number | boolean | null,
): string | null {
  if (value === null || value === '') return null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return type === 'date' ? formatDay(String(value)) : String(value);
}
