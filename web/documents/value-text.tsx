/** Formats values of documents, their sources and their events. */
import { formatDay } from '../../src/contract/day-format.ts';
import type {
  DocumentEvent,
  DocumentField,
  ValueSource,
} from '../../src/contract/documents/documents.ts';
import type { FieldValue, FormField } from '../../src/contract/documents/form-template.ts';
import { formatPerson, formatValue } from './value-format.ts';

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

/** A read-only value; rows of people as a list. */
export function ValueText({
  field,
  value,
}: {
  readonly field: FormField | undefined;
  readonly value: FieldValue;
}) {
  if (value === null) return <span className="nothing">Empty</span>;
  if (typeof value !== 'string') {
    return (
      <ul className="document-people">
        {value.map((row, index) => (
          // Two rows may be equal.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>{formatPerson(field, row)}</li>
        ))}
      </ul>
    );
  }
  if (field?.kind === 'date') return <time dateTime={value}>{formatDay(value)}</time>;
  return <span className="document-text">{field ? formatValue(field, value) : value}</span>;
}

/** Labels of a document's events. */
export const eventLabels: Readonly<Record<DocumentEvent, string>> = {
  created: 'Created',
  edited: 'Edited',
  'details-updated': 'Student information updated',
  completed: 'Completed',
  amended: 'Opened to amend',
  reopened: 'Reopened',
  deleted: 'Deleted',
  restored: 'Restored',
};
