/** Editor for one section of a form: its title, introduction and fields. */
import { Button, Group, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { FormField } from '../../src/contract/documents/form-template.ts';
import { useDomain } from '../districts/district-query.ts';
import { FieldEditor, kindLabels } from './field-editor.tsx';
import { type FormSection, createFieldKey, movedAt, removedAt, replacedAt } from './form-draft.ts';
import { bindingsQuery } from './form-queries.ts';

interface SectionEditorProps {
  readonly section: FormSection;
  /** Starting at 1. */
  readonly number: number;
  /** Keys of all fields of the form. */
  readonly keys: readonly string[];
  readonly onChange: (section: FormSection, part: string | null) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

export function SectionEditor({
  section,
  number,
  keys,
  onChange,
  onMove,
  onRemove,
}: SectionEditorProps) {
  const name = section.title === '' ? `section ${number}` : `section “${section.title}”`;
  const withFields = (fields: FormField[], part: string | null) =>
    onChange({ ...section, fields }, part);
  const add = () =>
    withFields(
      [...section.fields, { kind: 'text', key: createFieldKey('field', keys), label: '' }],
      null,
    );
  return (
    <section className="section-editor" aria-label={`Section ${number}`}>
      <Group justify="space-between" align="end" gap="sm">
        <TextInput
          className="section-title"
          label={`Section ${number}`}
          value={section.title}
          maxLength={120}
          onChange={({ currentTarget }) =>
            onChange({ ...section, title: currentTarget.value }, 'title')
          }
        />
        <Order name={name} onMove={onMove} onRemove={onRemove} />
      </Group>
      <Textarea
        label="Introduction, one paragraph per line"
        autosize
        minRows={1}
        maxRows={8}
        value={section.introduction?.join('\n') ?? ''}
        onChange={({ currentTarget }) =>
          onChange(
            { ...section, introduction: currentTarget.value.split('\n').slice(0, 10) },
            'introduction',
          )
        }
      />
      <ol className="field-list">
        {section.fields.map((field, index) => (
          <li key={field.key}>
            <FieldDetails
              field={field}
              onChange={(next, part) =>
                withFields(replacedAt(section.fields, index, next), part && `${field.key} ${part}`)
              }
            />
            <Order
              name={`field “${field.label}”`}
              onMove={(by) => withFields(movedAt(section.fields, index, by), null)}
              onRemove={() => withFields(removedAt(section.fields, index), null)}
            />
          </li>
        ))}
      </ol>
      <div>
        <Button variant="default" size="xs" disabled={section.fields.length >= 60} onClick={add}>
          Add a field
        </Button>
      </div>
    </section>
  );
}

interface FieldDetailsProps {
  readonly field: FormField;
  readonly onChange: (field: FormField, part: string | null) => void;
}

/** A field in one line that opens for editing; a new field is open. */
function FieldDetails({ field, onChange }: FieldDetailsProps) {
  const [isOpen, setOpen] = useState(field.label === '');
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <strong>{field.label === '' ? 'New field' : field.label}</strong>
        <span className="quiet">
          {kindLabels[field.kind]}
          {'binding' in field && field.binding !== undefined && (
            <BindingMeaning path={field.binding} />
          )}
        </span>
      </summary>
      <FieldEditor field={field} onChange={onChange} />
    </details>
  );
}

/** The value from Details that fills a field, in words. */
function BindingMeaning({ path }: { readonly path: string }) {
  const { data } = useQuery(bindingsQuery(useDomain()));
  const meaning = data?.bindings.find((binding) => binding.path === path)?.meaning;
  return meaning === undefined ? null : ` · ${meaning}`;
}

interface OrderProps {
  readonly name: string;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

function Order({ name, onMove, onRemove }: OrderProps) {
  return (
    <Group gap={4} wrap="nowrap">
      <Button
        variant="subtle"
        size="compact-sm"
        aria-label={`Move ${name} up`}
        onClick={() => onMove(-1)}
      >
        ↑
      </Button>
      <Button
        variant="subtle"
        size="compact-sm"
        aria-label={`Move ${name} down`}
        onClick={() => onMove(1)}
      >
        ↓
      </Button>
      <Button variant="subtle" size="compact-sm" aria-label={`Remove ${name}`} onClick={onRemove}>
        Remove
      </Button>
    </Group>
  );
}
