/** Formats a field's value and its source as text. Pure. */
import { formatDay } from '../../src/contract/day-format.ts';
import type { DocumentField, ValueSource } from '../../src/contract/documents/documents.ts';
import type {
  FieldValue,
  FormField,
  PersonRow,
} from '../../src/contract/documents/form-template.ts';
import type { PersonName } from '../../src/contract/values.ts';
import { fullName } from '../students/person-name.ts';

/** Returns the value as text; rows of people one below the other, empty for no value. */
export function formatValue(field: FormField, value: FieldValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return value.map((row) => formatPerson(field, row)).join('\n');
  if (field.kind === 'date') return formatDay(value);
  if (field.kind === 'yes-no') return value === 'yes' ? 'Yes' : 'No';
  return value;
}

/** Returns a row of people in the order of the form's columns; stored rows have none. */
function formatPerson(field: FormField, row: PersonRow): string {
  const values =
    field.kind === 'people' ? field.columns.map(({ key }) => row[key]) : Object.values(row);
  return values.filter(Boolean).join(', ');
}

/** Returns the source of a value, or why there is none; empty for a field that is just empty. */
export function sourceLabel({ source, note }: Pick<DocumentField, 'source' | 'note'>): string {
  if (note !== null) return note;
  return source === null ? '' : formatSource(source);
}

function formatSource({ kind, importDate, by }: ValueSource): string {
  if (kind === 'skyward') {
    return importDate === null ? 'From Skyward' : `From Skyward, ${formatDay(importDate)}`;
  }
  if (kind === 'typed') return by === null ? 'Entered here' : `Entered by ${by}`;
  return {
    manual: 'From Details, added manually',
    calendar: 'Date of creation',
    district: 'From the district',
    form: 'From the form',
  }[kind];
}

/** Names a document by its student and form: `Finn Abbott: IEP Cover Page`. */
export const documentName = ({
  student,
  title,
}: {
  readonly student: { readonly name: PersonName };
  readonly title: string;
}): string => `${fullName(student.name)}: ${title}`;

const number = new Intl.NumberFormat('en-US');

/** `1 document`, `1,250 documents`. */
export const countOf = (count: number, what: string): string =>
  `${number.format(count)} ${what}${count === 1 ? '' : 's'}`;
