/**
 * Editor for one field of a form: its name, kind and what fills it.
 *
 * This folder has the form library and the form editor.
 */
import { Checkbox, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import type { FormField } from '../../src/contract/documents/form-template.ts';
import { useDomain } from '../districts/district-query.ts';
import { changeKind, createFieldKey } from './form-draft.ts';
import { listOptions, Select } from '../shell/fields/select.tsx';
import { bindingsQuery } from './form-queries.ts';

export const kindLabels: Readonly<Record<FormField['kind'], string>> = {
  text: 'Text',
  date: 'Date',
  choice: 'Choice',
  'yes-no': 'Yes or no',
  people: 'Table of people',
  signature: 'Signature',
};

const formatLabels = {
  'as-is': 'Unchanged',
  'upper-case': 'In capital letters',
  'long-date': 'Date in words (April 17, 2013)',
  'short-date': 'Short date (Apr 17, 2013)',
} as const;

interface FieldEditorProps {
  readonly field: FormField;
  /** `part` names the changed part, for Undo. */
  readonly onChange: (field: FormField, part: string | null) => void;
}

export function FieldEditor({ field, onChange }: FieldEditorProps) {
  return (
    <div className="field-editor">
      <TextInput
        label="Name"
        value={field.label}
        maxLength={200}
        onChange={({ currentTarget }) =>
          onChange({ ...field, label: currentTarget.value }, 'label')
        }
      />
      <Select
        label="Type"
        value={field.kind}
        options={listOptions(kindLabels)}
        onChange={(kind) => onChange(changeKind(field, kind), null)}
      />
      {field.kind !== 'yes-no' && field.kind !== 'signature' && (
        <BindingChoice field={field} onChange={onChange} />
      )}
      {field.kind === 'text' && <TextParts field={field} onChange={onChange} />}
      {field.kind === 'choice' && (
        <Textarea
          label="Options, one per line"
          rows={4}
          value={field.options.join('\n')}
          onChange={({ currentTarget }) =>
            onChange({ ...field, options: currentTarget.value.split('\n') }, 'options')
          }
        />
      )}
      {field.kind === 'people' && <Columns field={field} onChange={onChange} />}
      <TextInput
        label="Help text"
        value={field.help ?? ''}
        maxLength={500}
        onChange={({ currentTarget: { value } }) =>
          onChange(withText(field, 'help', value), 'help')
        }
      />
      <Checkbox
        label="Required to complete the document"
        checked={field.isRequired === true}
        onChange={({ currentTarget }) =>
          onChange({ ...field, isRequired: currentTarget.checked }, null)
        }
      />
    </div>
  );
}

/** Returns the field with this part, or without it if the text is empty. */
function withText(
  field: FormField,
  part: 'help' | 'fallback' | 'binding',
  value: string,
): FormField {
  const { [part]: _before, ...rest } = field as FormField & Record<typeof part, unknown>;
  return value === '' ? rest : { ...rest, [part]: value };
}

type Bound = Extract<FormField, { binding?: string | undefined }>;

function BindingChoice({ field, onChange }: FieldEditorProps & { readonly field: Bound }) {
  const { data, error } = useQuery(bindingsQuery(useDomain()));
  const matching = (data?.bindings ?? []).filter(
    ({ holds }) =>
      (field.kind === 'people') === (holds === 'people') &&
      (field.kind !== 'date' || holds === 'date'),
  );
  const groups = Map.groupBy(matching, ({ path }) => groupLabel(path));
  const chosen = matching.find(({ path }) => path === field.binding);
  return (
    <Select
      label="Filled with"
      value={field.binding ?? ''}
      // Disabled until the catalog is loaded, so that a chosen binding does not look like none.
      disabled={data === undefined}
      {...(error !== null && { error: 'The list of Details could not be loaded.' })}
      {...(chosen && { description: `${chosen.meaning}, such as “${chosen.example}”` })}
      none="Nothing (entered manually)"
      options={
        data === undefined && field.binding !== undefined
          ? [{ value: field.binding, label: '…' }]
          : [...groups].map(([group, bindings]) => ({
              group,
              items: bindings.map(({ path, meaning }) => ({ value: path, label: meaning })),
            }))
      }
      onChange={(binding) => onChange(withText(field, 'binding', binding), null)}
    />
  );
}

function groupLabel(path: string): string {
  const guardian = /^guardians\[(\d)\]/.exec(path)?.[1];
  if (guardian !== undefined) return `Guardian ${guardian}`;
  if (path.startsWith('student.')) return 'Student';
  if (path.startsWith('school.')) return 'School';
  return path === 'guardians' ? 'Guardians' : 'District and date';
}

type TextField = Extract<FormField, { kind: 'text' }>;

function TextParts({ field, onChange }: FieldEditorProps & { readonly field: TextField }) {
  return (
    <>
      <NumberInput
        label="Lines"
        min={1}
        max={30}
        value={field.lines ?? 1}
        onChange={(lines) =>
          onChange({ ...field, lines: typeof lines === 'number' ? lines : 1 }, 'lines')
        }
      />
      {field.binding !== undefined && (
        <Select
          label="Format"
          value={field.format ?? 'as-is'}
          options={listOptions(formatLabels)}
          onChange={(format) => onChange({ ...field, format }, null)}
        />
      )}
      <TextInput
        label={field.binding === undefined ? 'Default text' : 'Text if Details have no value'}
        value={field.fallback ?? ''}
        maxLength={1000}
        onChange={({ currentTarget: { value } }) =>
          onChange(withText(field, 'fallback', value), 'fallback')
        }
      />
    </>
  );
}

/** Columns with these names are filled if the table lists the guardians. */
const filledColumns: ReadonlyMap<string, string> = new Map(
  ['Name', 'Relationship', 'Phone', 'E-mail', 'Address', 'Language'].map((label) => [
    label.toLowerCase(),
    label === 'E-mail' ? 'email' : label.toLowerCase(),
  ]),
);

type PeopleField = Extract<FormField, { kind: 'people' }>;

function Columns({ field, onChange }: FieldEditorProps & { readonly field: PeopleField }) {
  const change = (text: string) => {
    const taken: string[] = [];
    const columns = text.split('\n').map((label) => {
      const known = filledColumns.get(label.trim().toLowerCase());
      const key =
        known !== undefined && !taken.includes(known) ? known : createFieldKey(label, taken);
      taken.push(key);
      return { key, label };
    });
    onChange({ ...field, columns }, 'columns');
  };
  return (
    <Textarea
      label="Columns, one per line"
      description="For guardians, Name, Relationship, Phone, E-mail, Address and Language are pre-filled."
      rows={5}
      value={field.columns.map(({ label }) => label).join('\n')}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}
