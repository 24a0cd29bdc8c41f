/** Parses search conditions (all 22 types, single or in groups) into tests of rows. */
import { valueKind, type FieldDefinition } from '../district/catalog.ts';
import type { Value } from '../district/columns.ts';
import type { SwitchValues } from './contract-switches.ts';
import { parseDay, formatDay } from '../day.ts';
import type { FieldPath } from './field-path.ts';
import { isRecord, parseMembers, ApiError } from './api-error.ts';

/** The names listed by a public client; `Betwen` is that client's spelling. */
export const conditionTypes = [
  'Equal',
  'NotEqual',
  'Less',
  'LessEqual',
  'Greater',
  'GreaterEqual',
  'BetweenInclusive',
  'NotBetwenInclusive',
  'BetweenExclusive',
  'NotBetwenExclusive',
  'Null',
  'NotNull',
  'List',
  'NotList',
  'Like',
  'NotLike',
  'Begins',
  'NotBegins',
  'Contains',
  'NotContains',
  'Ends',
  'NotEnds',
] as const;

export type ConditionType = (typeof conditionTypes)[number];

const conditionKinds = [
  'LongSearchCondition',
  'StringSearchCondition',
  'BoolSearchCondition',
] as const;
type ConditionKind = (typeof conditionKinds)[number];

/** Returns whether a row matches. */
export type RowTest = (row: number) => boolean;

const everyRow: RowTest = () => true;

/** Context for parsing a condition. */
export interface ConditionContext {
  /** Finds a field by its path, or throws. */
  readonly follow: (path: string) => FieldPath;
  readonly switches: Pick<SwitchValues, 'empty-group' | 'nested-groups' | 'condition-kind'>;
}

/** Parses a condition or group. If it is null, missing or empty, every row matches. */
export function parseCondition(
  value: unknown,
  context: ConditionContext,
  isInGroup = false,
): RowTest {
  if (value === null || value === undefined) return everyRow;
  const kinds = [...conditionKinds, 'SearchConditionGroup'] as const;
  const members = parseMembers(value, kinds, 'SearchCondition');
  if (members.size !== 1) {
    throw new ApiError(400, `A SearchCondition must have exactly one of ${kinds.join(', ')}.`);
  }
  const kind = kinds.find((each) => members.has(each.toLowerCase())) ?? 'SearchConditionGroup';
  const inner = members.get(kind.toLowerCase());
  if (kind !== 'SearchConditionGroup') return parseSingle(kind, inner, context);
  if (isInGroup && context.switches['nested-groups'] === 'refused') {
    throw new ApiError(400, 'A SearchConditionGroup must not be inside another one.');
  }
  return parseGroup(inner, context);
}

function parseGroup(value: unknown, context: ConditionContext): RowTest {
  const members = parseMembers(value, ['ConditionGroupType', 'Conditions'], 'SearchConditionGroup');
  const type = members.get('conditiongrouptype');
  if (type !== 'And' && type !== 'Or') {
    throw new ApiError(400, "ConditionGroupType must be 'And' or 'Or'.");
  }
  const conditions = members.get('conditions');
  if (!Array.isArray(conditions)) throw new ApiError(400, 'Conditions must be a list.');
  const tests = conditions.map((each: unknown) => parseCondition(each ?? {}, context, true));
  if (tests.length === 0) {
    if (context.switches['empty-group'] === 'taken') return everyRow;
    throw new ApiError(400, 'A SearchConditionGroup needs at least one condition.');
  }
  return type === 'And'
    ? (row) => tests.every((test) => test(row))
    : (row) => tests.some((test) => test(row));
}

function parseSingle(kind: ConditionKind, value: unknown, context: ConditionContext): RowTest {
  const members = parseMembers(value, ['FieldName', 'ConditionType', 'Value', 'List'], kind);
  const name = members.get('fieldname');
  if (typeof name !== 'string') throw new ApiError(400, `${kind} has no FieldName.`);
  const requestedType = members.get('conditiontype');
  const type = conditionTypes.find(
    (each) => each === requestedType || correctSpelling(each) === requestedType,
  );
  if (type === undefined) {
    throw new ApiError(
      400,
      `Unknown ConditionType '${String(requestedType)}' for ${name}. Known: ${conditionTypes.join(', ')}.`,
    );
  }
  const { field, read } = context.follow(name);
  if (context.switches['condition-kind'] === 'fits-type' && kind !== kindForField(field)) {
    throw new ApiError(400, `A condition on ${name} has to be a ${kindForField(field)}.`);
  }
  const test = valueTest(type, field, kind, members.get('value'), members.get('list'));
  return (row) => test(read(row));
}

/** Returns the kind for a field's type; no kind for dates is known, so they are text. */
function kindForField({ type }: FieldDefinition): ConditionKind {
  const form = valueKind(type);
  if (form === 'boolean') return 'BoolSearchCondition';
  return form === 'number' ? 'LongSearchCondition' : 'StringSearchCondition';
}

function correctSpelling(type: ConditionType): string {
  return type.replace('Betwen', 'Between');
}

/** The operand of a condition, parsed when its type needs it. */
interface Operand {
  readonly value: () => Value;
  readonly values: () => Value[];
  readonly bounds: () => readonly [Value, Value];
  /** Lower-cased, for text tests. */
  readonly text: () => string;
}

type ValueTest = (value: Value) => boolean;

/**
 * The test of each type. As in SQL, a missing value matches only `Null`, not even the `Not…`
 * types; text is compared without case.
 */
const valueTests: Readonly<Record<ConditionType, (operand: Operand) => ValueTest>> = {
  Null: () => (value) => value === null,
  NotNull: () => (value) => value !== null,
  Equal: (operand) => present(isEqual(operand)),
  NotEqual: (operand) => present(isNot(isEqual(operand))),
  Less: (operand) => ordered(operand, (order) => order < 0),
  LessEqual: (operand) => ordered(operand, (order) => order <= 0),
  Greater: (operand) => ordered(operand, (order) => order > 0),
  GreaterEqual: (operand) => ordered(operand, (order) => order >= 0),
  BetweenInclusive: (operand) => present(isBetween(operand, 0)),
  NotBetwenInclusive: (operand) => present(isNot(isBetween(operand, 0))),
  BetweenExclusive: (operand) => present(isBetween(operand, 1)),
  NotBetwenExclusive: (operand) => present(isNot(isBetween(operand, 1))),
  List: (operand) => present(isListed(operand)),
  NotList: (operand) => present(isNot(isListed(operand))),
  Like: (operand) => present(isLike(operand)),
  NotLike: (operand) => present(isNot(isLike(operand))),
  Begins: (operand) => textual(operand, (value, part) => value.startsWith(part)),
  NotBegins: (operand) => textual(operand, (value, part) => !value.startsWith(part)),
  Contains: (operand) => textual(operand, (value, part) => value.includes(part)),
  NotContains: (operand) => textual(operand, (value, part) => !value.includes(part)),
  Ends: (operand) => textual(operand, (value, part) => value.endsWith(part)),
  NotEnds: (operand) => textual(operand, (value, part) => !value.endsWith(part)),
};

function valueTest(
  type: ConditionType,
  field: FieldDefinition,
  kind: ConditionKind,
  value: unknown,
  list: unknown,
): ValueTest {
  const values = (): Value[] =>
    listValues(value, list).map((each) => toComparable(field, kind, each));
  return valueTests[type]({
    value: () => toComparable(field, kind, value),
    values,
    bounds: () => {
      const [low, high, ...rest] = values();
      if (low === undefined || high === undefined || rest.length > 0) {
        throw new ApiError(400, `${type} on ${field.name} needs two bounds: "List": [low, high].`);
      }
      return [low, high];
    },
    text: () => textOperand(field, value),
  });
}

function present(test: ValueTest): ValueTest {
  return (value) => value !== null && test(value);
}

function isNot(test: ValueTest): ValueTest {
  return (value) => !test(value);
}

function isEqual(operand: Operand): ValueTest {
  const expected = operand.value();
  return (value) => foldCase(value) === expected;
}

function ordered(operand: Operand, isMatch: (order: number) => boolean): ValueTest {
  const other = operand.value();
  return present((value) => isMatch(compare(value, other)));
}

/** Returns a test of a range; `margin` 0 includes the bounds, 1 excludes them. */
function isBetween(operand: Operand, margin: 0 | 1): ValueTest {
  const [low, high] = operand.bounds();
  return (value) => compare(value, low) >= margin && compare(value, high) <= -margin;
}

function isListed(operand: Operand): ValueTest {
  const listed = new Set(operand.values());
  return (value) => listed.has(foldCase(value));
}

function isLike(operand: Operand): ValueTest {
  const pattern = likePattern(operand.text());
  return (value) => pattern.test(String(value));
}

function textual(operand: Operand, isMatch: (value: string, part: string) => boolean): ValueTest {
  const part = operand.text();
  return present((value) => isMatch(String(value).toLowerCase(), part));
}

function foldCase(value: Value): Value {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function compare(left: Value, right: Value): number {
  const value = foldCase(left) ?? '';
  const other = right ?? '';
  return value < other ? -1 : value > other ? 1 : 0;
}

/** Returns the values of `List`; one public client can send them only in `Value`. */
function listValues(value: unknown, list: unknown): unknown[] {
  if (Array.isArray(list)) return list;
  if (list !== undefined && list !== null)
    throw new ApiError(400, 'List must be a list of values.');
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return value.split(',').map((each) => each.trim());
  if (typeof value === 'number') return [value];
  throw new ApiError(400, 'The condition has neither a List nor a Value.');
}

function textOperand(field: FieldDefinition, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value).toLowerCase();
  throw new ApiError(400, `The condition on ${field.name} needs a text as Value.`);
}

/** Converts an SQL pattern: `%` matches any characters, `_` one. */
function likePattern(text: string): RegExp {
  const escaped = text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('%', '.*').replaceAll('_', '.')}$`, 'isu');
}

/** Converts an operand to the form in which the field's values are compared. */
function toComparable(field: FieldDefinition, kind: ConditionKind, value: unknown): Value {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    const shown = isRecord(value) || Array.isArray(value) ? 'a list or an object' : 'missing';
    throw new ApiError(400, `The condition on ${field.name} needs a Value; it is ${shown}.`);
  }
  const text = String(value).trim();
  const mismatch = (expected: string): ApiError =>
    new ApiError(400, `The condition on ${field.name} needs ${expected}, not '${text}'.`);
  if (kind === 'LongSearchCondition' && !/^-?\d+$/u.test(text)) throw mismatch('a whole number');
  if (kind === 'BoolSearchCondition' && parseBoolean(text) === undefined)
    throw mismatch('True or False');
  const form = valueKind(field.type);
  if (form === 'text') return String(value).toLowerCase();
  if (form === 'number') {
    if (!/^-?\d+(\.\d+)?$/u.test(text)) throw mismatch('a number');
    return Number(text);
  }
  if (form === 'boolean') {
    const flag = parseBoolean(text);
    if (flag === undefined) throw mismatch('True or False');
    return flag;
  }
  const dateTime = parseIsoDateTime(text) ?? parseUsDateTime(text);
  if (dateTime === undefined) throw mismatch('a date (YYYY-MM-DD or M/D/YYYY)');
  return dateTime;
}

function parseIsoDateTime(text: string): string | undefined {
  const day = parseDay(text);
  if (day === undefined) return undefined;
  return `${formatDay(day)}t${/T(\d\d:\d\d:\d\d)/u.exec(text)?.[1] ?? '00:00:00'}`;
}

/** Parses `8/31/2026`, alone or with a time of 24 or 12 hours. */
function parseUsDateTime(text: string): string | undefined {
  const match =
    /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([AP])M)?)?$/iu.exec(
      text,
    );
  if (match === null) return undefined;
  const [, month = '', date = '', year = '', hour = '0', minute = '00', second = '00', half] =
    match;
  const day = parseDay(`${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`);
  const isTwelve = half !== undefined && hour === '12';
  const hours = (isTwelve ? 0 : Number(hour)) + (half?.toUpperCase() === 'P' ? 12 : 0);
  if (day === undefined || hours > 23 || Number(minute) > 59 || Number(second) > 59)
    return undefined;
  return `${formatDay(day)}t${String(hours).padStart(2, '0')}:${minute}:${second}`;
}

function parseBoolean(text: string): boolean | undefined {
  if (/^(?:true|1)$/iu.test(text)) return true;
  return /^(?:false|0)$/iu.test(text) ? false : undefined;
}
