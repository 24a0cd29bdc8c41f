/** Shows values of documents, and labels of their events. */
import { formatDay } from '../../../src/contract/day-format.ts';
import type { DocumentEvent } from '../../../src/contract/documents/documents.ts';
import type {
  FieldValue,
  FormField,
  PersonRow,
} from '../../../src/contract/documents/form-template.ts';
import { formatValue } from '../value-format.ts';

/** A read-only value; rows of people as a table. */
export function ValueText({
  field,
  value,
}: {
  readonly field: FormField | undefined;
  readonly value: FieldValue;
}) {
  if (value === null) return <span className="nothing">Empty</span>;
  if (typeof value !== 'string') return <PeopleTable field={field} rows={value} />;
  if (field?.kind === 'date') return <time dateTime={value}>{formatDay(value)}</time>;
  return <span className="document-text">{field ? formatValue(field, value) : value}</span>;
}

/** Rows of people as a table; on a phone, each is a paragraph. */
function PeopleTable({
  field,
  rows,
}: {
  readonly field: FormField | undefined;
  readonly rows: readonly PersonRow[];
}) {
  if (rows.length === 0) return <span className="nothing">Empty</span>;
  const columns = field?.kind === 'people' ? field.columns : [];
  return (
    <table className="people-table">
      <thead>
        <tr>
          {columns.map(({ key, label }) => (
            <th scope="col" key={key}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          // Two rows may be equal.
          // oxlint-disable-next-line react/no-array-index-key
          <tr key={index}>
            {columns.map(({ key, label }) => (
              <td key={key} data-heading={label}>
                {row[key]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
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
