/** Describes objects of Skyward's API: module, name, key, and fields with their types and requirements. */
import {
  isPlain,
  normalizeCode,
  normalizeLines,
  normalizeText,
} from '../../roster/normalized-text.ts';
import { hasKnownForm, qmlativDate } from './qmlativ-date.ts';

/** Longer texts are rejected as data problems. */
const maxTextLength = 10_000;

/** Names, numbers and codes are indexed, so they must be shorter. */
const maxNameLength = 200;

/** A field we ask for. What comes in another form than the contract promises is read as well. */
export interface QmlativField<Value> {
  /** Returns the value to store, or why it is invalid. */
  readonly read: (value: unknown) => Value | InvalidValue;
  /** A required field without permission fails the import; an optional one is reported as a missing permission. */
  readonly required: boolean;
  /** False if a row without a value is unusable. */
  readonly nullable: boolean;
  /** True if a row with an unreadable value is unusable; otherwise only the value is unknown. */
  readonly isVital: boolean;
  readonly kind: 'id' | 'text' | 'flag' | 'date' | 'number';
}

export type QmlativFields = Readonly<Record<string, QmlativField<unknown>>>;

/** An object of the API with the fields we read. */
export interface QmlativObject<Fields extends QmlativFields = QmlativFields> {
  readonly module: string;
  readonly name: string;
  readonly key: string;
  readonly fields: Fields;
  /** False if an import works without the object. */
  readonly required: boolean;
  /** True when its rows belong to one school year, so that each year is read by itself. */
  readonly yearBound: boolean;
}

/** The type of an object's rows. Fields without permission are null. */
export type RowOf<Object extends QmlativObject> = {
  -readonly [Name in keyof Object['fields']]: Object['fields'][Name] extends QmlativField<
    infer Value
  >
    ? Value
    : never;
};

/** Returns the name of an object in errors and reports, for example `Student/Student`. */
export function objectPath(object: QmlativObject): string {
  return `${object.module}/${object.name}`;
}

/** Why a value is invalid; a constant text, so that it never contains the value. */
export class InvalidValue {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Reads a value that is neither null nor absent. Returns null if it stands for no value. */
type Reader<Value> = (value: unknown) => Value | null | InvalidValue;

const notAnId = new InvalidValue('not a whole number');
const outOfRange = new InvalidValue('a number out of range');
const notText = new InvalidValue('not text');
const notExact = new InvalidValue('a number too large to be read exactly');
const tooLong = (max: number) =>
  new InvalidValue(`longer than ${max.toLocaleString('en-US')} characters`);
const holdsNul = new InvalidValue('contains a character that cannot be stored (NUL)');
const holdsHalf = new InvalidValue('contains half of a surrogate pair');
const notAFlag = new InvalidValue('neither true nor false');
const notADay = new InvalidValue('not a real date');
const unknownDay = new InvalidValue(
  'not a real date in a known format; if Skyward shows a date, send this message to support',
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

/** Reads the key of a row, which may be zero. */
export function readKey(value: unknown): number | undefined {
  const key = readWhole(value);
  return typeof key === 'number' ? key : undefined;
}

/** Reads an id. Zero means none. */
function readId(value: unknown): number | null | InvalidValue {
  const number = readWhole(value);
  return number === 0 ? null : number;
}

/** Returns a reader of integers in a range. */
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

/** A type of field with different requirements. */
interface Requirements<Value> {
  /** Required, and a row without a value is unusable. */
  readonly filled: QmlativField<Value>;
  /** Required, though a row may have no value. */
  readonly needed: QmlativField<Value | null>;
  /** Optional: an import works without it. */
  readonly wanted: QmlativField<Value | null>;
  /** Optional, but identifies a person, so a row with an unreadable value is unusable. */
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
/** Integers that determine the order of rows. */
export const rank = createField('number', readNumber(-(2 ** 31), 2 ** 31 - 1));
export const year = createField('number', readNumber(1000, 9999));
/** Text on one line, normalized. */
export const text = createField('text', readText(normalizeText, maxTextLength));
/** Text on several lines, normalized. */
export const lines = createField('text', readText(normalizeLines, maxTextLength));
/** A part of a name. */
export const namePart = createField('text', readText(normalizeText, maxNameLength));
/** Numbers and codes, which are compared character by character. */
export const code = createField('text', readText(normalizeCode, maxNameLength));
export const flag = createField('flag', readFlag);
/** A date as `YYYY-MM-DD`. */
export const day = {
  ...createField('date', readDay),
  /** Required in every row, but a row with an unreadable value is used without it and reported by the mapping. */
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
