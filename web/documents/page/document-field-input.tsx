/** An input for a document field, with the source of its value. */
import { Button, Textarea, TextInput } from '@mantine/core';
import { useId, useState } from 'react';

import type { DocumentField } from '../../../src/contract/documents/documents.ts';
import type {
  FieldValue,
  FormField,
  PersonRow,
} from '../../../src/contract/documents/form-template.ts';
import { isWide } from '../form-paper.tsx';
import { DateField } from '../../shell/fields/date-field.tsx';
import { Select } from '../../shell/fields/select.tsx';
import { ownSource } from './section-fields.ts';

const yesOrNo = [
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No' },
];

interface FieldInputProps {
  readonly field: FormField;
  readonly held: DocumentField;
  readonly value: FieldValue;
  /** Changed and not saved yet, so the source is not known. */
  readonly isUnsaved: boolean;
  /** Required, empty, and marked, since the user tried to complete the document. */
  readonly isMarked: boolean;
  /** Hides the label, which the section's heading repeats. */
  readonly isLabelHidden: boolean;
  /** The source that the section's heading names. */
  readonly shared: string | undefined;
  readonly onEdit: (value: FieldValue) => void;
  readonly onBlur: () => void;
}

/** Characters that fit into an input on one line. */
const maxLineLength = 32;

/** The id of a field's input, to focus it. */
const toInputId = (key: string): string => `field-${key}`;

/** Moves the focus to a field's input, which scrolls it into view. */
export const focusField = (key: string): void =>
  document.querySelector<HTMLElement>(`#${CSS.escape(toInputId(key))}`)?.focus();

export function FieldInput({
  field,
  held,
  value,
  isUnsaved,
  isMarked,
  isLabelHidden,
  shared,
  onEdit,
  onBlur,
}: FieldInputProps) {
  const noteId = useId();
  const text = typeof value === 'string' ? value : '';
  // A long address wraps. Decided once, since another input would lose the focus.
  const [wraps] = useState(() => text.length > maxLineLength);
  const lines = field.kind === 'text' ? (field.lines ?? 1) : 0;
  const rows = Math.max(lines, wraps && lines === 1 ? 2 : 1);
  const common = {
    id: toInputId(field.key),
    label: field.label,
    value: text,
    error: isMarked && 'This field is required.',
    withAsterisk: field.isRequired === true,
    ...(field.help !== undefined && { description: field.help }),
    'aria-describedby': noteId,
    onBlur,
  };
  const edit = (next: string) => onEdit(next === '' ? null : next);
  const typed = {
    ...common,
    onChange: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
      edit(currentTarget.value),
  };
  return (
    <div className="document-field" data-wide={isWide(field) || undefined}>
      {field.kind === 'people' && (
        <PeopleInput
          field={field}
          rows={typeof value === 'string' || value === null ? [] : value}
          noteId={noteId}
          isMarked={isMarked}
          isLabelHidden={isLabelHidden}
          onEdit={onEdit}
          onBlur={onBlur}
        />
      )}
      {field.kind === 'text' && rows > 1 && (
        <Textarea {...typed} rows={Math.min(rows, 12)} maxLength={10_000} />
      )}
      {((field.kind === 'text' && rows === 1) || field.kind === 'signature') && (
        <TextInput
          {...typed}
          maxLength={10_000}
          {...(field.kind === 'signature' && { placeholder: 'Signed on paper, or type the name' })}
        />
      )}
      {field.kind === 'date' && <DateField {...common} onChange={edit} />}
      {(field.kind === 'choice' || field.kind === 'yes-no') && (
        <Select
          {...common}
          none="Not chosen"
          options={
            field.kind === 'choice'
              ? field.options.map((option) => ({ value: option, label: option }))
              : yesOrNo
          }
          onChange={edit}
        />
      )}
      <p className="document-source" id={noteId} data-empty={held.note !== null || undefined}>
        {isUnsaved ? 'Not saved yet' : ownSource({ field, held }, shared)}
      </p>
    </div>
  );
}

interface PeopleInputProps {
  readonly field: Extract<FormField, { kind: 'people' }>;
  readonly rows: readonly PersonRow[];
  readonly noteId: string;
  readonly isMarked: boolean;
  readonly isLabelHidden: boolean;
  readonly onEdit: (value: FieldValue) => void;
  readonly onBlur: () => void;
}

function PeopleInput({
  field,
  rows,
  noteId,
  isMarked,
  isLabelHidden,
  onEdit,
  onBlur,
}: PeopleInputProps) {
  const inputId = toInputId(field.key);
  const replaced = (index: number, row: PersonRow) =>
    rows.map((one, place) => (place === index ? row : one));
  return (
    <fieldset className="document-rows" aria-describedby={noteId}>
      <legend className={isLabelHidden ? 'visually-hidden' : undefined}>
        {field.label}
        {field.isRequired === true && <span aria-hidden> *</span>}
      </legend>
      {isMarked && <p className="document-error">Add at least one person.</p>}
      {rows.map((row, index) => (
        // Rows have no key other than their position.
        // oxlint-disable-next-line react/no-array-index-key
        <div className="document-row" key={index}>
          {field.columns.map(({ key, label }, column) => (
            <TextInput
              key={key}
              id={index === 0 && column === 0 ? inputId : undefined}
              label={label}
              aria-label={`${label} of person ${index + 1}`}
              value={row[key] ?? ''}
              maxLength={500}
              onBlur={onBlur}
              onChange={({ currentTarget }) =>
                onEdit(replaced(index, { ...row, [key]: currentTarget.value }))
              }
            />
          ))}
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={`Remove person ${index + 1}`}
            onClick={() => onEdit(rows.filter((_, place) => place !== index))}
          >
            Remove
          </Button>
        </div>
      ))}
      {rows.length < 30 && (
        <Button
          variant="default"
          size="xs"
          id={rows.length === 0 ? inputId : undefined}
          onClick={() => onEdit([...rows, {}])}
        >
          Add a person
        </Button>
      )}
    </fieldset>
  );
}
