/** Formats a field's value as text. Pure. */
import { formatDay } from '../../src/contract/day-format.ts';
import type {
  FieldValue,
  FormField,
  PersonRow,
} from '../../src/contract/documents/form-template.ts';

/** Returns the value as text; rows of people one below the other, empty for no value. */
export function formatValue(field: FormField, value: FieldValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return value.map((row) => formatPerson(field, row)).join('\n');
  if (field.kind === 'date') return formatDay(value);
  if (field.kind === 'yes-no') return value === 'yes' ? 'Yes' : 'No';
  return value;
}

/** Returns a row of people in the order of the form's columns; stored rows have none. */
export function formatPerson(field: FormField | undefined, row: PersonRow): string {
  const values =
    field?.kind === 'people' ? field.columns.map(({ key }) => row[key]) : Object.values(row);
  return values.filter(Boolean).join(', ');
}
