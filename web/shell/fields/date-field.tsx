/**
 * The app's date field: typed as people write a date, or picked from the browser's calendar.
 *
 * This folder has the input fields that the whole app shares.
 */
import './fields.css';

import { ActionIcon, TextInput, type TextInputProps } from '@mantine/core';
import { useRef, useState } from 'react';

import { LineIcon } from '../icons.tsx';
import { formatTypedDay, hasWholeYear, parseTypedDay } from './typed-day.ts';

interface DateFieldProps extends Omit<
  TextInputProps,
  'type' | 'value' | 'onChange' | 'min' | 'max' | 'rightSection'
> {
  /** `2026-08-12`; empty for no date. */
  readonly value: string;
  /** The first and the last date that are allowed. */
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  /** Called with a date, or with an empty text once the field has none. */
  readonly onChange: (day: string) => void;
}

/** A text that is no date stays in the field with an error; its value is then empty. */
export function DateField({
  value,
  min,
  max,
  error,
  onChange,
  onBlur,
  onKeyDown,
  ...rest
}: DateFieldProps) {
  const calendar = useRef<HTMLInputElement>(null);
  /** What is being typed, or is no date; undefined while the value is shown. */
  const [typed, setTyped] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [known, setKnown] = useState(value);
  const [sent, setSent] = useState(value);
  if (value !== known) {
    setKnown(value);
    // Changed from elsewhere, such as by Clear filters.
    if (value !== sent) reset();
  }
  function reset() {
    setTyped(undefined);
    setProblem(undefined);
  }
  const send = (day: string) => {
    setSent(day);
    if (day !== value) onChange(day);
  };
  const type = (text: string) => {
    setTyped(text);
    setProblem(undefined);
    const day = parseTypedDay(text);
    if (text.trim() === '') send('');
    else if (day !== undefined && hasWholeYear(text) && !isOutside(day, min, max)) send(day);
  };
  const settle = () => {
    if (typed === undefined) return;
    const day = typed.trim() === '' ? '' : parseTypedDay(typed);
    const found = day === '' ? undefined : findProblem(day, min, max);
    setProblem(found);
    if (found === undefined) setTyped(undefined);
    send(found === undefined ? (day ?? '') : '');
  };
  const pick = (day: string) => {
    reset();
    send(day);
  };
  return (
    <TextInput
      placeholder="m/d/yyyy"
      autoComplete="off"
      maxLength={30}
      {...rest}
      value={typed ?? formatTypedDay(value)}
      error={problem ?? error}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      onBlur={(event) => {
        settle();
        onBlur?.(event);
      }}
      onKeyDown={(event) => {
        // Before the form is sent.
        if (event.key === 'Enter') settle();
        onKeyDown?.(event);
      }}
      rightSection={
        <>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Open the calendar"
            disabled={rest.disabled ?? false}
            onClick={() => calendar.current?.showPicker()}
          >
            <LineIcon name="calendar" size={18} />
          </ActionIcon>
          {/* Opens the calendar of the browser, which needs no download. */}
          <input
            ref={calendar}
            type="date"
            className="date-calendar"
            tabIndex={-1}
            aria-hidden
            min={min}
            max={max}
            value={value}
            onChange={({ currentTarget }) => pick(currentTarget.value)}
          />
        </>
      }
    />
  );
}

const isOutside = (day: string, min: string | undefined, max: string | undefined): boolean =>
  (min !== undefined && day < min) || (max !== undefined && day > max);

function findProblem(
  day: string | undefined,
  min: string | undefined,
  max: string | undefined,
): string | undefined {
  if (day === undefined) return 'Enter a date like 8/12/2026.';
  if (min !== undefined && day < min) return `Enter ${formatTypedDay(min)} or later.`;
  if (max !== undefined && day > max) return `Enter ${formatTypedDay(max)} or earlier.`;
  return undefined;
}
