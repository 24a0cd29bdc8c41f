/** The form of rows if switches differ from the default: names of members, dates, missing values. */
import { valueKind, type FieldDefinition } from '../district/catalog.ts';
import type { Value } from '../district/columns.ts';
import { defaultSwitchValues, type SwitchName, type SwitchValues } from './contract-switches.ts';

/** A form of rows other than the default. */
export interface RowFormat {
  /** Returns a member's name from the requested one. */
  formatName(name: string): string;
  /** Returns a value as sent; undefined omits the member. */
  formatValue(field: FieldDefinition, value: Value): Value | undefined;
  /** Whether missing values are omitted. */
  readonly omitsNulls: boolean;
  /** Whether fields of related rows are members of the row, with dotted names. */
  readonly isFlat: boolean;
  /** Additional members that were not requested, as JSON. */
  readonly extras: readonly string[];
}

const rowSwitches = [
  'field-case',
  'row-extras',
  'dotted-fields',
  'missing-value',
  'missing-text',
  'missing-id',
  'missing-date',
  'date-form',
] as const satisfies readonly SwitchName[];

/** Returns the form set by the switches; undefined for the default one. */
export function createRowFormat(switches: SwitchValues): RowFormat | undefined {
  if (rowSwitches.every((name) => switches[name] === defaultSwitchValues[name])) return undefined;
  const omitsNulls = switches['missing-value'] === 'absent';
  return {
    formatName: (name) => formatMemberName(switches['field-case'], name),
    formatValue(field, value) {
      if (value === null) return missingValue(switches, field) ?? (omitsNulls ? undefined : null);
      if (valueKind(field.type) !== 'date' || typeof value !== 'string') return value;
      return formatDate(switches['date-form'], field, value);
    },
    omitsNulls,
    isFlat: switches['dotted-fields'] === 'flat',
    extras: switches['row-extras'] === 'some' ? ['"RowVersion":"AAAAAAAB2nM="', '"_links":[]'] : [],
  };
}

function formatMemberName(format: SwitchValues['field-case'], name: string): string {
  if (format === 'lower-first') return name.slice(0, 1).toLowerCase() + name.slice(1);
  if (format === 'lower') return name.toLowerCase();
  return format === 'upper' ? name.toUpperCase() : name;
}

/** Returns the value for a missing value of this field; undefined if it is null. */
function missingValue(switches: SwitchValues, field: FieldDefinition): Value | undefined {
  if (field.type === 'Text') return switches['missing-text'] === 'empty' ? '' : undefined;
  if (field.type === 'BigInt') return switches['missing-id'] === 'zero' ? 0 : undefined;
  if (field.type !== 'Date') return undefined;
  const day = {
    null: undefined,
    empty: '',
    'first-day-of-dotnet': '0001-01-01T00:00:00',
    'last-day-of-dotnet': '9999-12-31T00:00:00',
  }[switches['missing-date']];
  return day === undefined || day === '' ? day : formatDate(switches['date-form'], field, day);
}

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

/** Formats a date from `YYYY-MM-DDTHH:MM:SS`; a DateTime keeps its time in every form. */
function formatDate(
  format: SwitchValues['date-form'],
  { type }: FieldDefinition,
  iso: string,
): string {
  const [date = '', time = '00:00:00'] = iso.split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  const us = `${Number(month)}/${Number(day)}/${year}`;
  const [hour = '', ...rest] = time.split(':');
  const clock = [Number(hour) % 12 || 12, ...rest].join(':');
  const half = Number(hour) < 12 ? 'AM' : 'PM';
  const isDay = type === 'Date';
  return {
    'iso-midnight': iso,
    'iso-date': isDay ? date : iso,
    'iso-midnight-utc': `${iso}Z`,
    'us-date': isDay ? us : `${us} ${clock} ${half}`,
    'us-midnight': `${us} ${clock} ${half}`,
    'us-midnight-narrow-space': `${us} ${clock}\u202F${half}`,
    'day-month-name': `${day}-${months[Number(month) - 1]}-${year}`,
  }[format];
}
