/** Detects the format of a date and parses it. */

/** The formats by their names in the report, in the order in which they are tried. */
const dateForms = {
  'iso-date': /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/,
  'iso-midnight': /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T00:00:00(?:\.0+)?$/,
  'iso-midnight-utc': /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T00:00:00(?:\.0+)?Z$/,
  'us-date': /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})$/,
  'us-midnight': /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4}) 12:00:00 AM$/,
  'us-midnight-narrow-space':
    /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4}) 12:00:00\u202fAM$/,
  'day-month-name': /^(?<day>\d\d)-(?<name>[A-Z]{3})-(?<year>\d{4})$/i,
} as const satisfies Record<string, RegExp>;

export type DateForm = keyof typeof dateForms | 'other';

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

export interface WrittenDate {
  readonly form: DateForm;
  /** Undefined if it cannot be parsed. */
  readonly date: Temporal.PlainDate | undefined;
}

export function writtenDate(text: string): WrittenDate {
  for (const [form, pattern] of Object.entries(dateForms)) {
    const parts = pattern.exec(text)?.groups;
    if (parts === undefined) continue;
    const month =
      parts['name'] === undefined
        ? Number(parts['month'])
        : months.indexOf(parts['name'].toUpperCase()) + 1;
    const [year, day] = [Number(parts['year']), Number(parts['day'])];
    return { form: form as DateForm, date: findDate(year, month, day) };
  }
  return { form: 'other', date: undefined };
}

function findDate(year: number, month: number, day: number): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' });
  } catch {
    return undefined;
  }
}
