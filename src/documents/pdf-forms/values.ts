/** Plans the values of a PDF form's fields: a formatted value of Details, or why there is none. */
import { formatLongDay } from '../../contract/day-format.ts';
import type { PdfFormField, PdfFormMapping } from '../../contract/documents/pdf-forms.ts';
import { type Binding, type Details, findBinding, type Reading } from '../bindings.ts';

/** The setting of one field. */
export type PdfFieldSetting =
  | { readonly field: string; readonly text: string }
  | { readonly field: string; readonly option: string }
  | { readonly field: string; readonly isOff: true };

/** One mapped field: its setting (null for none), the displayed value, and a note for the user. */
export interface PlannedFilling {
  readonly field: string;
  readonly binding: string;
  readonly setting: PdfFieldSetting | null;
  readonly value: string | null;
  readonly note: string | null;
}

/** Reads a binding: from a student's Details, or the catalog's example. */
export type BindingReader = (binding: Binding) => Reading;

export const createBindingReader =
  (details: Details): BindingReader =>
  (binding) =>
    binding.read(details);

export const exampleReader: BindingReader = ({ example }) => ({ value: example, origin: 'record' });

/** Lists the problems of a mapping for these fields, one sentence each; empty if it is valid. */
export function mappingProblems(
  fields: readonly PdfFormField[],
  mapping: readonly PdfFormMapping[],
): string[] {
  const known = new Map(fields.map((field) => [field.name, field]));
  const seen = new Set<string>();
  return mapping.flatMap(({ field: name, binding, format, when }) => {
    const field = known.get(name);
    const isTwice = seen.has(name);
    seen.add(name);
    if (field === undefined) return [`The file has no field "${name}".`];
    const found = findBinding(binding);
    return [
      isTwice ? `The field "${name}" is mapped twice.` : undefined,
      isFillable(field) ? undefined : `The field "${name}" is a ${field.kind} and can’t be filled.`,
      found === undefined ? `The field "${name}" binds to "${binding}", which does not exist.` : '',
      found !== undefined && found.holds !== 'date' && isOfDate(format)
        ? `The field "${name}" formats "${binding}" as a date, which it is not.`
        : undefined,
      when.some(({ option }) => field.options.every(({ value }) => value !== option))
        ? `The field "${name}" does not have all of the mapped options.`
        : undefined,
    ].filter((problem): problem is string => problem !== undefined && problem !== '');
  });
}

/** Whether the field can be filled. */
const isFillable = ({ kind }: PdfFormField): boolean => kind !== 'signature' && kind !== 'button';

const isOfDate = (format: PdfFormMapping['format']): boolean =>
  ['long-date', 'short-date', 'month', 'day', 'year'].includes(format);

/** Plans the mapped fields in the order of the file. */
export function planFillings(
  fields: readonly PdfFormField[],
  mapping: readonly PdfFormMapping[],
  read: BindingReader,
): PlannedFilling[] {
  const byField = new Map(mapping.map((one) => [one.field, one]));
  return fields.flatMap((field) => {
    const mapped = byField.get(field.name);
    const binding = mapped && findBinding(mapped.binding);
    if (mapped === undefined || binding === undefined || !isFillable(field)) return [];
    return [planFilling(field, mapped, binding, read(binding))];
  });
}

function planFilling(
  field: PdfFormField,
  mapped: PdfFormMapping,
  binding: Binding,
  reading: Reading,
): PlannedFilling {
  const of = { field: field.name, binding: binding.path };
  const empty = (note: string | null): PlannedFilling => ({
    ...of,
    setting: null,
    value: null,
    note,
  });
  if ('missing' in reading) return empty(reading.missing);
  const text = formatForField(reading.value, mapped.format, binding, field);
  if (text === '') return empty('The value is empty in this format.');
  if (field.kind !== 'text') return chooseOption(field, mapped, text, of);
  const length = field.isComb ? text.length : Array.from(text).length;
  if (field.maxLength !== null && length > field.maxLength) {
    return empty(
      `The value has ${length} characters and the field takes ${field.maxLength}; fill it in manually.`,
    );
  }
  return { ...of, setting: { field: field.name, text }, value: text, note: null };
}

/** Selects the option for the text; a single box is checked for its value and unchecked for any other. */
function chooseOption(
  field: PdfFormField,
  { when }: PdfFormMapping,
  text: string,
  of: Pick<PlannedFilling, 'field' | 'binding'>,
): PlannedFilling {
  const optionTexts = new Map(when.map((one) => [one.option, one.text]));
  const option = field.options.find(({ value, label }) => {
    const given = optionTexts.get(value) ?? '';
    return given === '' ? isSame(value, text) || isSame(label, text) : isSame(given, text);
  });
  if (option === undefined) {
    const isBox = field.kind === 'checkbox' && field.options.length === 1;
    return isBox
      ? { ...of, setting: { field: field.name, isOff: true }, value: 'Not checked', note: null }
      : {
          ...of,
          setting: null,
          value: null,
          note: `The field offers no "${text}"; choose manually.`,
        };
  }
  const value = field.kind === 'checkbox' ? `Checked: ${text}` : option.label;
  return { ...of, setting: { field: field.name, option: option.value }, value, note: null };
}

const isSame = (a: string, b: string): boolean =>
  a.trim().toLocaleLowerCase('en') === b.trim().toLocaleLowerCase('en');

/** Formats the value as text: people as lines, dates in the selected format. */
function formatForField(
  value: Extract<Reading, { value: unknown }>['value'],
  format: PdfFormMapping['format'],
  { holds }: Binding,
  field: Pick<PdfFormField, 'isMultiline' | 'kind'>,
): string {
  const text =
    typeof value === 'string'
      ? holds === 'date'
        ? formatDay(value, format)
        : value
      : value
          .map((row) =>
            ['name', 'relationship', 'phone']
              .map((key) => row[key] ?? '')
              .filter((part) => part !== '')
              .join(', '),
          )
          .join('\n');
  const inCase =
    format === 'capitals'
      ? text.toLocaleUpperCase('en')
      : format === 'digits'
        ? text.replaceAll(/\D/g, '')
        : text;
  return normalizeText(inCase, field.kind === 'text' && field.isMultiline);
}

const pad = (number: number): string => String(number).padStart(2, '0');

function formatDay(value: string, format: PdfFormMapping['format']): string {
  const date = Temporal.PlainDate.from(value);
  if (format === 'month') return pad(date.month);
  if (format === 'day') return pad(date.day);
  if (format === 'year') return String(date.year);
  if (format === 'short-date' || format === 'digits') {
    return `${pad(date.month)}/${pad(date.day)}/${date.year}`;
  }
  return formatLongDay(date);
}

/** Normalizes text for a field: no broken or control characters; line breaks only in multi-line fields. */
function normalizeText(text: string, isMultiline: boolean): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(isMultiline ? '\t' : /[\n\t]/g, ' ')
    .replaceAll(/[[\p{Cc}\p{Cf}]--[\n]]/gv, '')
    .trim();
}
