/** Reduces a page of a list to its form: how members are written and how many have no value. Contains no values. */
import type { QmlativObject } from '../objects/qmlativ-object.ts';
import { objectPath, readKey } from '../objects/qmlativ-object.ts';
import { type DateForm, writtenDate } from './date-form.ts';

type FieldKind = QmlativObject['fields'][string]['kind'];

/** Counts of the forms of a field over the rows of a page. */
export interface FieldForm {
  readonly kind: FieldKind;
  absent: number;
  null: number;
  emptyText: number;
  zero: number;
  /** `0001-01-01` and `9999-12-31`, in any format. */
  firstDay: number;
  lastDay: number;
  filled: number;
  readonly dateForms: Set<DateForm>;
}

export type MemberCase = 'asked' | 'lower-first' | 'lower' | 'upper' | 'other';

export type NextForm =
  | 'absent'
  | 'null'
  | 'empty'
  | 'path'
  | 'path-with-query'
  | 'lower-case-path'
  | 'absolute'
  | 'other';

/** A page of a list without its content. */
export interface ListForm {
  readonly object: string;
  readonly envelope: 'documented' | 'lower' | 'other';
  readonly rows: number;
  readonly next: NextForm;
  /** The page and page size in Next. */
  readonly nextPage: number | undefined;
  readonly nextPageSize: number | undefined;
  /** Whether there were members that were not requested. */
  readonly hasExtras: boolean;
  readonly memberCase: MemberCase | undefined;
  readonly order: 'ascending' | 'descending' | 'neither' | undefined;
  readonly fields: ReadonlyMap<string, FieldForm>;
  /** The form of fields of related objects, if requested. */
  readonly nesting: 'nested' | 'flat' | undefined;
  /** Related rows that are null, and that are absent although others are not. */
  readonly relatedNull: number;
  readonly relatedAbsent: number;
  /** The days between end dates and withdrawal dates of enrollments. */
  readonly withdrawals: WithdrawalForm;
}

export interface WithdrawalForm {
  readonly same: number;
  readonly nextDay: number;
  /** Those of `nextDay` that are on a weekend. */
  readonly onWeekend: number;
  readonly later: number;
}

export interface AskedList {
  readonly object: QmlativObject;
  readonly fields: readonly string[];
  /** The requested path of the object, below the base URL. */
  readonly path: string;
}

type Row = Readonly<Record<string, unknown>>;

/** Members of an envelope by lower-case name. */
export interface Envelope {
  readonly rows: readonly unknown[];
  readonly next: unknown;
  readonly names: readonly string[];
}

/** Finds the list in a response; null if it is null, undefined if the response has none. */
export function findEnvelope(json: unknown): Envelope | null | undefined {
  if (!isRow(json)) return undefined;
  const rows = member(json, 'objects');
  const paging = member(json, 'paging');
  if (rows === null) return null;
  if (!Array.isArray(rows)) return undefined;
  const names = [...Object.keys(json), ...(isRow(paging) ? Object.keys(paging) : [])];
  return { rows, next: isRow(paging) ? member(paging, 'next') : undefined, names };
}

/** Returns the form of a page. */
export function listForm({ rows, next, names }: Envelope, asked: AskedList): ListForm {
  const records = rows.filter(isRow);
  const plain = asked.fields.filter((field) => !field.includes('.'));
  return {
    object: objectPath(asked.object),
    envelope: envelopeCase(names),
    rows: rows.length,
    ...nextForm(next, asked.path),
    hasExtras: hasExtras(names, records, asked.fields),
    memberCase: memberCase(records, plain),
    order: orderOf(keysOf(rows, asked.object)),
    fields: new Map(plain.map((field) => [field, fieldForm(records, asked.object, field)])),
    ...relatedForm(records, asked.fields),
    withdrawals: withdrawalForm(records),
  };
}

/** Returns the keys of rows, to compare pages during the probe; never stored. */
export const keysOf = (rows: readonly unknown[], { key }: QmlativObject): number[] =>
  rows.flatMap((row) => (isRow(row) ? (readKey(member(row, key.toLowerCase())) ?? []) : []));

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function member(row: Row, lower: string): unknown {
  for (const name in row) if (name.toLowerCase() === lower) return row[name];
  return undefined;
}

const envelopeNames = ['Objects', 'Paging', 'Next'];

function envelopeCase(names: readonly string[]): ListForm['envelope'] {
  const known = names.filter((name) =>
    envelopeNames.some((one) => one.toLowerCase() === name.toLowerCase()),
  );
  if (known.every((name) => envelopeNames.includes(name))) return 'documented';
  return known.every((name) => name === name.toLowerCase()) ? 'lower' : 'other';
}

function hasExtras(
  names: readonly string[],
  rows: readonly Row[],
  fields: readonly string[],
): boolean {
  const envelope = new Set(envelopeNames.map((name) => name.toLowerCase()));
  if (names.some((name) => !envelope.has(name.toLowerCase()))) return true;
  const asked = new Set(
    fields.flatMap((field) => [field.toLowerCase(), field.toLowerCase().split('.')[0]]),
  );
  return rows.some((row) => Object.keys(row).some((name) => !asked.has(name.toLowerCase())));
}

const spellings = {
  asked: (name: string) => name,
  'lower-first': (name: string) => name.slice(0, 1).toLowerCase() + name.slice(1),
  lower: (name: string) => name.toLowerCase(),
  upper: (name: string) => name.toUpperCase(),
} as const;

function memberCase(rows: readonly Row[], fields: readonly string[]): MemberCase | undefined {
  const came = fields.flatMap((field) => {
    const lower = field.toLowerCase();
    const names = rows.flatMap((row) =>
      Object.keys(row).filter((name) => name.toLowerCase() === lower),
    );
    return [...new Set(names)].map((name) => ({ name, field }));
  });
  if (came.length === 0) return undefined;
  for (const [form, format] of Object.entries(spellings))
    if (came.every(({ name, field }) => name === format(field))) return form as MemberCase;
  return 'other';
}

function nextForm(
  next: unknown,
  path: string,
): Pick<ListForm, 'next' | 'nextPage' | 'nextPageSize'> {
  if (typeof next !== 'string') {
    const form = next === undefined ? 'absent' : next === null ? 'null' : 'other';
    return { next: form, nextPage: undefined, nextPageSize: undefined };
  }
  const [address = '', query] = next.split('?');
  const [, page, pageSize] = /\/(\d{1,9})\/(\d{1,9})\/?$/.exec(address) ?? [];
  const numbers = {
    nextPage: page === undefined ? undefined : Number(page),
    nextPageSize: pageSize === undefined ? undefined : Number(pageSize),
  };
  if (next === '') return { next: 'empty', ...numbers };
  if (/^https?:/i.test(next)) return { next: 'absolute', ...numbers };
  if (query !== undefined) return { next: 'path-with-query', ...numbers };
  const isLowered = path !== path.toLowerCase() && address === address.toLowerCase();
  return { next: isLowered ? 'lower-case-path' : 'path', ...numbers };
}

function orderOf(keys: readonly number[]): ListForm['order'] {
  if (keys.length < 3) return undefined;
  const steps = keys.slice(1).map((key, place) => key - (keys[place] ?? 0));
  if (steps.every((step) => step > 0)) return 'ascending';
  return steps.every((step) => step < 0) ? 'descending' : 'neither';
}

function fieldForm(rows: readonly Row[], object: QmlativObject, field: string): FieldForm {
  const form: FieldForm = {
    kind: object.fields[field]?.kind ?? 'text',
    absent: 0,
    null: 0,
    emptyText: 0,
    zero: 0,
    firstDay: 0,
    lastDay: 0,
    filled: 0,
    dateForms: new Set(),
  };
  for (const row of rows) note(form, member(row, field.toLowerCase()));
  return form;
}

function note(form: FieldForm, value: unknown): void {
  if (value === undefined) form.absent += 1;
  else if (value === null) form.null += 1;
  else if (value === '') form.emptyText += 1;
  else if (form.kind === 'date' && typeof value === 'string') recordDate(form, value);
  else if (form.kind === 'id' && (value === 0 || value === '0')) form.zero += 1;
  else form.filled += 1;
}

function recordDate(form: FieldForm, text: string): void {
  const written = writtenDate(text);
  form.dateForms.add(written.form);
  const { date } = written;
  if (date?.year === 1) form.firstDay += 1;
  else if (date?.year === 9999) form.lastDay += 1;
  else form.filled += 1;
}

/** Detects whether fields of related objects are nested. */
function relatedForm(
  rows: readonly Row[],
  fields: readonly string[],
): Pick<ListForm, 'nesting' | 'relatedNull' | 'relatedAbsent'> {
  const none = { nesting: undefined, relatedNull: 0, relatedAbsent: 0 };
  const dotted = fields.filter((field) => field.includes('.')).map((field) => field.toLowerCase());
  if (dotted.length === 0) return none;
  const relations = new Set(dotted.map((field) => field.split('.')[0] ?? ''));
  const isFlat = rows.some((row) => dotted.some((field) => member(row, field) !== undefined));
  if (isFlat) return { ...none, nesting: 'flat' };
  const inner = new Set(
    dotted.filter((field) => field.split('.').length > 2).map((field) => field.split('.')[1] ?? ''),
  );
  let [relatedNull, relatedAbsent, found] = [0, 0, 0];
  const recordRelated = (value: unknown): void => {
    if (value === null) relatedNull += 1;
    else if (value === undefined) relatedAbsent += 1;
    else found += 1;
  };
  for (const row of rows)
    for (const relation of relations) {
      const related = member(row, relation);
      recordRelated(related);
      if (isRow(related)) for (const name of inner) recordRelated(member(related, name));
    }
  return { nesting: found > 0 ? 'nested' : undefined, relatedNull, relatedAbsent };
}

function withdrawalForm(rows: readonly Row[]): WithdrawalForm {
  const form = { same: 0, nextDay: 0, onWeekend: 0, later: 0 };
  for (const row of rows) {
    const end = dayOf(member(row, 'enddate'));
    const withdrawal = dayOf(member(row, 'withdrawaldate'));
    if (end === undefined || withdrawal === undefined) continue;
    // A no-show is withdrawn on the same day.
    const start = dayOf(member(row, 'startdate'));
    if (start === undefined || Temporal.PlainDate.compare(end, start) <= 0) continue;
    const { days } = end.until(withdrawal, { largestUnit: 'day' });
    if (days === 0) form.same += 1;
    else if (days > 1) form.later += 1;
    else if (days === 1) {
      form.nextDay += 1;
      if (withdrawal.dayOfWeek >= 6) form.onWeekend += 1;
    }
  }
  return form;
}

function dayOf(value: unknown): Temporal.PlainDate | undefined {
  const date = typeof value === 'string' ? writtenDate(value).date : undefined;
  return date?.year === 1 || date?.year === 9999 ? undefined : date;
}
