/** Says how an object of Skyward's API is described: its module, name, key and the fields we ask for. */
import { z } from 'zod';
import { qmlativDate } from './qmlativ-date.ts';

/** The longest text a field may hold; longer ones are a fault in the data, not something to store. */
const longestText = 10_000;

/**
 * A field we ask for. `quick` reads what the contract promises and is what nearly every row passes;
 * `tolerant` is tried on the rest and accepts numbers and flags written as text (contract 7.5).
 */
export interface QmlativField<Value> {
  readonly quick: z.ZodType<Value>;
  readonly tolerant: z.ZodType<Value>;
  /** A required field that is not granted fails the reading; an optional one is left out and named once. */
  readonly required: boolean;
  /** False when a row without a value cannot be used. */
  readonly nullable: boolean;
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
  /** True when its rows belong to one school year, so that each year is read by itself (contract 7.4). */
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

type Reader<Value> = (value: unknown) => Value | Refusal;

/** Why a value was not accepted; a constant sentence, so that no value can slip into it. */
class Refusal {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

const notAnId = new Refusal('not a whole number');
const notText = new Refusal('not text');
const tooLong = new Refusal(`longer than ${longestText.toLocaleString('en-US')} characters`);
const holdsNul = new Refusal('holds a character that cannot be stored (NUL)');
const notAFlag = new Refusal('neither true nor false');
const notADay = new Refusal('not a real date');
const missing = new Refusal('without a value');

function readId(value: unknown): number | Refusal {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : notAnId;
}

function readText(value: unknown): string | Refusal {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return notText;
  if (value.length > longestText) return tooLong;
  return value.includes('\0') ? holdsNul : value;
}

function readFlag(value: unknown): boolean | Refusal {
  if (typeof value === 'boolean') return value;
  if (value === 1 || (typeof value === 'string' && /^(true|1)$/i.test(value))) return true;
  if (value === 0 || (typeof value === 'string' && /^(false|0)$/i.test(value))) return false;
  return notAFlag;
}

function readDay(value: unknown): string | Refusal {
  if (typeof value !== 'string') return notADay;
  return qmlativDate(value) ?? notADay;
}

function schemaOf<Value>(read: Reader<Value>): z.ZodType<Value> {
  return z.transform((value, context): Value => {
    const result = read(value);
    if (!(result instanceof Refusal)) return result;
    context.issues.push({ code: 'custom', message: result.reason, input: undefined });
    return z.NEVER;
  });
}

function orMissing<Value>(read: Reader<Value>): Reader<Value> {
  return (value) => (value === undefined || value === null ? missing : read(value));
}

/** Empty text counts as no value except where the field is text itself. */
function orNull<Value>(read: Reader<Value>): Reader<Value | null> {
  return (value) => {
    if (value === undefined || value === null) return null;
    const result = read(value);
    return value === '' && result instanceof Refusal ? null : result;
  };
}

/** A kind of field in its three strengths. */
interface Strengths<Value> {
  /** Required, and a row without a value is unreadable. */
  readonly filled: QmlativField<Value>;
  /** Required, though a row may have no value. */
  readonly needed: QmlativField<Value | null>;
  /** Optional: left out when not granted. */
  readonly wanted: QmlativField<Value | null>;
}

function strengths<Value>(
  kind: QmlativField<Value>['kind'],
  read: Reader<Value>,
  quick: z.ZodType<Value>,
): Strengths<Value> {
  const nullableQuick = z.prefault(quick.nullable(), null);
  const tolerant = schemaOf(orMissing(read));
  const nullable = schemaOf(orNull(read));
  return {
    filled: { kind, quick, tolerant, required: true, nullable: false },
    needed: { kind, quick: nullableQuick, tolerant: nullable, required: true, nullable: true },
    wanted: { kind, quick: nullableQuick, tolerant: nullable, required: false, nullable: true },
  };
}

export const id = strengths('id', readId, z.int());
export const wholeNumber = strengths('number', readId, z.int());
export const text = strengths('text', readText, z.string().max(longestText));
export const flag = strengths('flag', readFlag, z.boolean());
/** A date as `YYYY-MM-DD` text; the pure core turns it into a `Temporal.PlainDate`. */
export const day = strengths('date', readDay, schemaOf(orMissing(readDay)));
