/** Says how an object of Skyward's API is described: its module, name, key and the fields we ask for. */
import {
  isPlain,
  normalizeCode,
  normalizeLines,
  normalizeText,
} from '../../roster/normalized-text.ts';
import { hasKnownForm, qmlativDate } from './qmlativ-date.ts';

/** The longest text a field may hold; longer ones are a fault in the data, not something to store. */
const maxTextLength = 10_000;

/** The same of names, numbers and codes: what students are looked up by has to fit into an index. */
const maxNameLength = 200;

/** A field we ask for. What comes in another form than the contract promises is read as well. */
export interface QmlativField<Value> {
  /** The value as it is kept, or why it cannot be. */
  readonly read: (value: unknown) => Value | InvalidValue;
  /** A required field that is not granted fails the reading; an optional one is left out and named once. */
  readonly required: boolean;
  /** False when a row without a value cannot be used. */
  readonly nullable: boolean;
  /** True when a row with a value that cannot be read cannot be used; else it costs that value alone. */
  readonly isVital: boolean;
  readonly kind: 'id' | 'text' | 'flag' | 'date' | 'number';
}

export type QmlativFields = Readonly<Record<string, QmlativField<unknown>>>;

/** An object of the API with the fields we keep. A row is what its fields make of it. */
export interface QmlativObject<Fields extends QmlativFields = QmlativFields> {
  readonly module: string;
  readonly name: string;
  readonly key: string;
  readonly fields: Fields;
  /** False when the night can do without the whole object. */
  readonly required: boolean;
  /** True when its rows belong to one school year, so that each year is read by itself. */
  readonly yearBound: boolean;
}

/** The row that reading an object gives. Fields that were left out are null. */
export type RowOf<Object extends QmlativObject> = {
  -readonly [Name in keyof Object['fields']]: Object['fields'][Name] extends QmlativField<
    infer Value
  >
    ? Value
    : never;
};

/** The object as the catalogue, errors and reports name it, for example `Student/Student`. */
export function objectPath(object: QmlativObject): string {
  return `${object.module}/${object.name}`;
}

/** Why a value was not accepted; a constant sentence, so that no value can slip into it. */
export class InvalidValue {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Reads a value that is neither null nor absent; null: it says that there is none. */
type Reader<Value> = (value: unknown) => Value | null | InvalidValue;

const notAnId = new InvalidValue('not a whole number');
const outOfRange = new InvalidValue('a number out of range');
const notText = new InvalidValue('not text');
const notExact = new InvalidValue('a number too large to be read exactly');
const tooLong = (max: number) =>
  new InvalidValue(`longer than ${max.toLocaleString('en-US')} characters`);
const holdsNul = new InvalidValue('holds a character that cannot be stored (NUL)');
const holdsHalf = new InvalidValue('holds half a character');
const notAFlag = new InvalidValue('neither true nor false');
const notADay = new InvalidValue('not a real date');
const unknownDay = new InvalidValue(
  'not a real date in a form that Daybreak knows; if Skyward shows one, send this message to support',
);
const missing = new InvalidValue('without a value');

function readWhole(value: unknown): number | null | InvalidValue {
  let number = value;
  if (typeof value === 'string') {
    const digits = value.length > maxNameLength ? value : normalizeCode(value);
    if (digits === null) return null;
    number = /^-?\d{1,16}$/.test(digits) ? Number(digits) : digits;
  }
  return typeof number === 'number' && Number.isSafeInteger(number) ? number + 0 : notAnId;
}

/** The key of a row, zero included. */
export function readKey(value: unknown): number | undefined {
  const key = readWhole(value);
  return typeof key === 'number' ? key : undefined;
}

/** Zero is no id: systems write it for "none". */
function readId(value: unknown): number | null | InvalidValue {
  const number = readWhole(value);
  return number === 0 ? null : number;
}

/** A number of the database's `integer`, or less where it can only mean less. */
const readNumber =
  (min: number, max: number): Reader<number> =>
  (value) => {
    const number = readWhole(value);
    return typeof number === 'number' && (number < min || number > max) ? outOfRange : number;
  };

function readText(normalize: (text: string) => string | null, max: number): Reader<string> {
  const isTooLong = tooLong(max);
  return (value) => {
    if (typeof value === 'number')
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? notExact : String(value);
    if (typeof value !== 'string') return notText;
    if (value.length > max) return isTooLong;
    if (isPlain(value)) return value;
    if (value.includes('\0')) return holdsNul;
    return value.isWellFormed() ? normalize(value) : holdsHalf;
  };
}

function readFlag(value: unknown): boolean | null | InvalidValue {
  if (typeof value === 'boolean') return value;
  if (value === 1) return true;
  if (value === 0) return false;
  const text =
    typeof value === 'string' && value.length < maxNameLength ? normalizeCode(value) : value;
  if (text === null) return null;
  if (typeof text !== 'string') return notAFlag;
  if (/^(true|1)$/i.test(text)) return true;
  return /^(false|0)$/i.test(text) ? false : notAFlag;
}

function readDay(value: unknown): string | null | InvalidValue {
  if (typeof value !== 'string') return unknownDay;
  if (value.trim() === '') return null;
  return qmlativDate(value) ?? (hasKnownForm(value) ? notADay : unknownDay);
}

/** A kind of field in its strengths. */
interface Requirements<Value> {
  /** Required, and a row without a value is unreadable. */
  readonly filled: QmlativField<Value>;
  /** Required, though a row may have no value. */
  readonly needed: QmlativField<Value | null>;
  /** Optional: left out when not granted. */
  readonly wanted: QmlativField<Value | null>;
  /** Optional as well, but it says who somebody is: a row in which it cannot be read is not used. */
  readonly identifying: QmlativField<Value | null>;
}

function createField<Value>(
  kind: QmlativField<Value>['kind'],
  read: Reader<Value>,
): Requirements<Value> {
  const filled = (value: unknown) =>
    value === undefined || value === null ? missing : (read(value) ?? missing);
  const nullable = (value: unknown) => (value === undefined || value === null ? null : read(value));
  return {
    filled: { kind, read: filled, required: true, nullable: false, isVital: true },
    needed: { kind, read: nullable, required: true, nullable: true, isVital: true },
    wanted: { kind, read: nullable, required: false, nullable: true, isVital: false },
    identifying: { kind, read: nullable, required: false, nullable: true, isVital: true },
  };
}

export const id = createField('id', readId);
/** Whole numbers by which rows are ordered. */
export const rank = createField('number', readNumber(-(2 ** 31), 2 ** 31 - 1));
/** A year of the calendar has four digits. */
export const year = createField('number', readNumber(1000, 9999));
/** Text on one line, tidied as it enters. */
export const text = createField('text', readText(normalizeText, maxTextLength));
/** Text on several lines. */
export const lines = createField('text', readText(normalizeLines, maxTextLength));
/** A part of a name. */
export const namePart = createField('text', readText(normalizeText, maxNameLength));
/** What is compared character by character: numbers and codes. */
export const code = createField('text', readText(normalizeCode, maxNameLength));
export const flag = createField('flag', readFlag);
/** A date as `YYYY-MM-DD` text; the pure core turns it into a `Temporal.PlainDate`. */
export const day = {
  ...createField('date', readDay),
  /** Required in every row, but a row in which it cannot be read is used without it; the mapping names the row. */
  doubtful: {
    kind: 'date',
    read: (value) => {
      const read = value === undefined || value === null ? null : readDay(value);
      return read instanceof InvalidValue ? null : read;
    },
    required: true,
    nullable: false,
    isVital: false,
  } satisfies QmlativField<string | null>,
};
