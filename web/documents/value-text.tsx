/** Values of documents and where they come from, in words. */
import type {
  DocumentEvent,
  DocumentField,
  ValueSource,
} from '../../src/contract/documents/documents.ts';
import type { FieldValue, FormField } from '../../src/contract/documents/form-template.ts';
import { formatDay } from '../shell/dates.ts';

/** Where a value comes from, or why there is none; nothing to say of a field that is simply empty. */
export function sourceLabel({ source, note }: Pick<DocumentField, 'source' | 'note'>): string {
  if (note !== null) return note;
  return source === null ? '' : formatSource(source);
}

function formatSource({ kind, importDate, by }: ValueSource): string {
  if (kind === 'skyward') {
    return importDate === null ? 'From Skyward' : `From Skyward, night of ${formatDay(importDate)}`;
  }
  if (kind === 'typed') return by === null ? 'Written here' : `Written here by ${by}`;
  return {
    manual: 'From Details, kept by hand',
    calendar: 'The day of creation',
    district: 'From the district',
    form: 'From the form',
  }[kind];
}

/** A value to read: rows of people one below the other. */
export function ValueText({
  field,
  value,
}: {
  readonly field: FormField | undefined;
  readonly value: FieldValue;
}) {
  if (value === null) return <span className="nothing">Nothing</span>;
  if (typeof value !== 'string') {
    return (
      <ul className="document-people">
        {value.map((row, index) => (
          // Two rows may say the same.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>{Object.values(row).filter(Boolean).join(', ')}</li>
        ))}
      </ul>
    );
  }
  if (field?.kind === 'date') return <time dateTime={value}>{formatDay(value)}</time>;
  if (field?.kind === 'yes-no') return value === 'yes' ? 'Yes' : 'No';
  return <span className="document-text">{value}</span>;
}

/** What happened to a document. */
export const eventLabels: Readonly<Record<DocumentEvent, string>> = {
  created: 'Created',
  edited: 'Edited',
  'details-updated': 'Compared with Details',
  completed: 'Completed',
  amended: 'Opened again to amend',
  reopened: 'Set back to incomplete',
  deleted: 'Deleted',
  restored: 'Brought back',
};
