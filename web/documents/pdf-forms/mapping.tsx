/** Editor for what fills each field of a PDF form, with a search by field name. */
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { PdfFormField, PdfFormMapping } from '../../../src/contract/documents/pdf-forms.ts';
import { useDomain } from '../../districts/district-query.ts';
import { Select } from '../../shell/fields/select.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { bindingsQuery } from '../../forms/form-queries.ts';
import { formatFieldKind } from './queries.ts';

interface PdfFormMappingListProps {
  readonly fields: readonly PdfFormField[];
  readonly mapping: readonly PdfFormMapping[];
  readonly onChange: (mapping: readonly PdfFormMapping[]) => void;
}

/** Showing more at once would make the page slow. */
const pageSize = 50;
/** With more options, values are matched by option name only. */
const maxLabeledOptions = 20;

export function PdfFormMappingList({ fields, mapping, onChange }: PdfFormMappingListProps) {
  const [search, setSearch] = useState('');
  const [shownCount, setShownCount] = useState(pageSize);
  const byField = new Map(mapping.map((one) => [one.field, one]));
  const searched = search.trim().toLowerCase();
  const matching = fields.filter(({ name, label }) =>
    `${name} ${label ?? ''}`.toLowerCase().includes(searched),
  );
  const change = (field: PdfFormField, mapped: PdfFormMapping | undefined) => {
    const others = mapping.filter(({ field: name }) => name !== field.name);
    onChange(mapped === undefined ? others : [...others, mapped]);
  };
  return (
    <>
      <TextInput
        className="pdf-form-search"
        label="Find a field"
        value={search}
        onChange={({ currentTarget }) => setSearch(currentTarget.value)}
      />
      <ul className="pdf-form-fields" aria-label="Fields">
        {matching.slice(0, shownCount).map((field) => (
          <FieldLine
            key={field.name}
            field={field}
            mapped={byField.get(field.name)}
            onChange={(mapped) => change(field, mapped)}
          />
        ))}
      </ul>
      {matching.length === 0 && <p className="nothing">No fields found</p>}
      {matching.length > shownCount && (
        <Button variant="default" onClick={() => setShownCount(shownCount + pageSize)}>
          Show {Math.min(pageSize, matching.length - shownCount)} more of {matching.length}
        </Button>
      )}
    </>
  );
}

interface FieldLineProps {
  readonly field: PdfFormField;
  readonly mapped: PdfFormMapping | undefined;
  readonly onChange: (mapped: PdfFormMapping | undefined) => void;
}

function FieldLine({ field, mapped, onChange }: FieldLineProps) {
  const isFillable = field.kind !== 'signature' && field.kind !== 'button';
  return (
    <li>
      <div>
        <strong>{field.label ?? field.name}</strong>
        <p className="quiet">
          {formatFieldKind(field)}
          {field.page !== null && `, page ${field.page}`}
          {field.label !== null && `, named ${field.name}`}
        </p>
      </div>
      {isFillable ? (
        <div className="pdf-form-choice">
          <BindingChoice field={field} mapped={mapped} onChange={onChange} />
          {mapped !== undefined && field.options.length > 0 && (
            <OptionTexts field={field} mapped={mapped} onChange={onChange} />
          )}
        </div>
      ) : (
        <p className="nothing">Left empty</p>
      )}
    </li>
  );
}

const dayFormats = [
  ['long-date', 'March 2, 2014'],
  ['short-date', '03/02/2014'],
  ['digits', '03022014'],
  ['month', 'Month: 03'],
  ['day', 'Day: 02'],
  ['year', 'Year: 2014'],
] as const satisfies readonly (readonly [PdfFormMapping['format'], string])[];
const textFormats = [
  ['plain', 'Unchanged'],
  ['capitals', 'IN CAPITALS'],
  ['digits', 'Digits only'],
] as const satisfies readonly (readonly [PdfFormMapping['format'], string])[];

function BindingChoice({ field, mapped, onChange }: FieldLineProps) {
  const { data, error } = useQuery(bindingsQuery(useDomain()));
  if (error !== null)
    return <ProblemNotice title="The list of Details could not be loaded" error={error} />;
  const isDay = data?.bindings.find(({ path }) => path === mapped?.binding)?.holds === 'date';
  const formats = isDay ? dayFormats : textFormats;
  const choose = (path: string) => {
    const chosen = data?.bindings.find((binding) => binding.path === path);
    if (chosen === undefined) return onChange(undefined);
    const format = chosen.holds === 'date' ? 'long-date' : 'plain';
    onChange({ field: field.name, binding: path, format, when: mapped?.when ?? [] });
  };
  const name = field.label ?? field.name;
  return (
    <>
      <Select
        label={<Named name={name}>Value</Named>}
        none="Nothing (left empty)"
        value={mapped?.binding ?? ''}
        options={(data?.bindings ?? []).map(({ path, meaning }) => ({
          value: path,
          label: `${path}: ${meaning}`,
        }))}
        onChange={choose}
      />
      {mapped !== undefined && (field.kind === 'text' || isDay) && (
        <Select<PdfFormMapping['format']>
          label={<Named name={name}>Format</Named>}
          value={mapped.format}
          options={formats.map(([format, label]) => ({ value: format, label }))}
          onChange={(format) => onChange({ ...mapped, format })}
        />
      )}
    </>
  );
}

/** A label followed by the field's name for screen readers. */
const Named = ({ name, children }: { readonly name: string; readonly children: string }) => (
  <>
    {children}
    <span className="visually-hidden"> of {name}</span>
  </>
);

function OptionTexts({
  field,
  mapped,
  onChange,
}: FieldLineProps & { readonly mapped: PdfFormMapping }) {
  if (field.options.length > maxLabeledOptions) {
    return (
      <p className="quiet">Selected when the value is one of its {field.options.length} options.</p>
    );
  }
  const texts = new Map(mapped.when.map(({ option, text }) => [option, text]));
  const setText = (option: string, text: string) => {
    const others = mapped.when.filter((one) => one.option !== option);
    onChange({ ...mapped, when: text === '' ? others : [...others, { option, text }] });
  };
  return (
    <fieldset className="pdf-form-options">
      <legend>
        {field.kind === 'checkbox' ? 'Checked when the value is' : 'Selected when the value is'}
      </legend>
      {field.options.map(({ value, label }) => (
        <TextInput
          key={value}
          label={label}
          placeholder={label}
          value={texts.get(value) ?? ''}
          onChange={({ currentTarget }) => setText(value, currentTarget.value)}
        />
      ))}
    </fieldset>
  );
}
