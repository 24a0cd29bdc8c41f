/** The app's selects: one of a few options, in a form or as the filter of a list. */
import './fields.css';

import { NativeSelect, type NativeSelectProps } from '@mantine/core';

export interface SelectOption<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
}

export interface SelectGroup<Value extends string = string> {
  readonly group: string;
  readonly items: readonly SelectOption<Value>[];
}

type Options<Value extends string> = readonly (SelectOption<Value> | SelectGroup<Value>)[];

interface FieldProps<Value extends string> extends Omit<
  NativeSelectProps,
  'data' | 'value' | 'onChange' | 'children'
> {
  readonly options: Options<Value>;
}

interface RequiredChoice<Value extends string> {
  readonly none?: never;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

interface OptionalChoice<Value extends string> {
  /** The text of no selection, whose value is empty. */
  readonly none: string;
  readonly value: Value | '';
  readonly onChange: (value: Value | '') => void;
}

type SelectProps<Value extends string> = FieldProps<Value> &
  (RequiredChoice<Value> | OptionalChoice<Value>);

/** A native select: it supports every keyboard, screen reader and a phone's own picker. */
export function Select<Value extends string>({
  options,
  none,
  onChange,
  ...rest
}: SelectProps<Value>) {
  const empty = none === undefined ? [] : [{ value: '', label: none }];
  return (
    <NativeSelect
      {...rest}
      data={[...empty, ...options.map(toData)]}
      // Only one of the options can be selected.
      onChange={({ currentTarget }) => onChange(currentTarget.value as Value)}
    />
  );
}

/** Returns a label for each value as options. */
export const listOptions = <Value extends string>(
  labels: Readonly<Record<Value, string>>,
): readonly SelectOption<Value>[] =>
  Object.entries<string>(labels).map(([value, label]) => ({ value: value as Value, label }));

const toData = <Value extends string>(option: SelectOption<Value> | SelectGroup<Value>) =>
  'items' in option ? { ...option, items: [...option.items] } : option;

interface FilterSelectProps<Value extends string> {
  /** For screen readers; the selected option says it to others. */
  readonly label: string;
  /** The text of no filter: `All grades`. */
  readonly none: string;
  readonly value: Value | undefined;
  readonly options: readonly SelectOption<Value>[];
  /** Names a value that is not among the options, such as several values in the address. */
  readonly otherLabel?: string;
  readonly onChange: (value: Value | undefined) => void;
}

/** The filter of a list, marked while it is in use. */
export function FilterSelect<Value extends string>({
  label,
  none,
  value,
  options,
  otherLabel,
  onChange,
}: FilterSelectProps<Value>) {
  const isListed = value === undefined || options.some((option) => option.value === value);
  return (
    <Select
      className="filter-select"
      data-chosen={value !== undefined}
      aria-label={label}
      none={none}
      value={value ?? ''}
      options={isListed ? options : [{ value, label: otherLabel ?? value }, ...options]}
      onChange={(next) => onChange(next === '' ? undefined : next)}
    />
  );
}
