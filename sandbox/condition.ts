/** Search conditions: all 22 types, single or in groups, turned into a test of a row. */
import type { FieldDefinition } from './catalogue.ts';
import type { Value } from './columns.ts';
import { findDay, isoDay } from './day.ts';
import type { FieldPath } from './field-path.ts';
import { isRecord, membersOf, Refusal } from './refusal.ts';

/** The names as a public client lists them; `Betwen` is that client's spelling (contract 8). */
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

/** Whether a row is wanted. */
export type RowTest = (row: number) => boolean;

const everyRow: RowTest = () => true;

/**
 * Reads a condition or group. Null or missing means every row, and so does an empty group.
 * `follow` finds a field by its path, or refuses.
 */
export function parseCondition(value: unknown, follow: (path: string) => FieldPath): RowTest {
  if (value === null || value === undefined) return everyRow;
  const kinds = [...conditionKinds, 'SearchConditionGroup'] as const;
  const members = membersOf(value, kinds, 'SearchCondition');
  if (members.size !== 1) {
    throw new Refusal(400, `A SearchCondition holds exactly one of ${kinds.join(', ')}.`);
  }
  const kind = kinds.find((each) => members.has(each.toLowerCase())) ?? 'SearchConditionGroup';
  const inner = members.get(kind.toLowerCase());
  return kind === 'SearchConditionGroup'
    ? parseGroup(inner, follow)
    : parseSingle(kind, inner, follow);
}

function parseGroup(value: unknown, follow: (path: string) => FieldPath): RowTest {
  const members = membersOf(value, ['ConditionGroupType', 'Conditions'], 'SearchConditionGroup');
  const type = members.get('conditiongrouptype');
  if (type !== 'And' && type !== 'Or') {
    throw new Refusal(400, "ConditionGroupType must be 'And' or 'Or'.");
  }
  const conditions = members.get('conditions');
  if (!Array.isArray(conditions)) throw new Refusal(400, 'Conditions must be a list.');
  const tests = conditions.map((each: unknown) => parseCondition(each ?? {}, follow));
  if (tests.length === 0) return everyRow;
  return type === 'And'
    ? (row) => tests.every((test) => test(row))
    : (row) => tests.some((test) => test(row));
}

function parseSingle(
  kind: ConditionKind,
  value: unknown,
  follow: (path: string) => FieldPath,
): RowTest {
  const members = membersOf(value, ['FieldName', 'ConditionType', 'Value', 'List'], kind);
  const name = members.get('fieldname');
  if (typeof name !== 'string') throw new Refusal(400, `${kind} has no FieldName.`);
  const given = members.get('conditiontype');
  const type = conditionTypes.find((each) => each === given || corrected(each) === given);
  if (type === undefined) {
    throw new Refusal(
      400,
      `Unknown ConditionType '${String(given)}' for ${name}. Known: ${conditionTypes.join(', ')}.`,
    );
  }
  const { field, read } = follow(name);
  const test = valueTest(type, field, kind, members.get('value'), members.get('list'));
  return (row) => test(read(row));
}

function corrected(type: ConditionType): string {
  return type.replace('Betwen', 'Between');
}

/**
 * The test of a value. As in SQL a missing value passes no test but `Null`, the `Not…` ones
 * included; text is compared without case.
 */
function valueTest(
  type: ConditionType,
  field: FieldDefinition,
  kind: ConditionKind,
  value: unknown,
  list: unknown,
): (value: Value) => boolean {
  const one = (): Value => comparable(field, kind, value);
  const many = (): Value[] => manyOf(value, list).map((each) => comparable(field, kind, each));
  const text = (): string => textOperand(field, value);
  switch (type) {
    case 'Null':
      return (each) => each === null;
    case 'NotNull':
      return (each) => each !== null;
    case 'Equal':
    case 'NotEqual': {
      const operand = one();
      return present((each) => (folded(each) === operand) === (type === 'Equal'));
    }
    case 'Less':
    case 'LessEqual':
    case 'Greater':
    case 'GreaterEqual':
      return orderTest(type, one());
    case 'BetweenInclusive':
    case 'NotBetwenInclusive':
    case 'BetweenExclusive':
    case 'NotBetwenExclusive':
      return betweenTest(type, field, many());
    case 'List':
    case 'NotList': {
      const operands = new Set(many());
      return present((each) => operands.has(folded(each)) === (type === 'List'));
    }
    case 'Like':
    case 'NotLike': {
      const pattern = likePattern(text());
      return present((each) => pattern.test(String(each)) === (type === 'Like'));
    }
    case 'Begins':
    case 'NotBegins': {
      const operand = text();
      return present((each) => lower(each).startsWith(operand) === (type === 'Begins'));
    }
    case 'Contains':
    case 'NotContains': {
      const operand = text();
      return present((each) => lower(each).includes(operand) === (type === 'Contains'));
    }
    case 'Ends':
    case 'NotEnds': {
      const operand = text();
      return present((each) => lower(each).endsWith(operand) === (type === 'Ends'));
    }
  }
}

function present(test: (value: Value) => boolean): (value: Value) => boolean {
  return (value) => value !== null && test(value);
}

function folded(value: Value): Value {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function lower(value: Value): string {
  return String(value).toLowerCase();
}

function compare(left: Value, right: Value): number {
  const one = folded(left) ?? '';
  const other = right ?? '';
  return one < other ? -1 : one > other ? 1 : 0;
}

function orderTest(
  type: 'Less' | 'LessEqual' | 'Greater' | 'GreaterEqual',
  operand: Value,
): (value: Value) => boolean {
  switch (type) {
    case 'Less':
      return present((each) => compare(each, operand) < 0);
    case 'LessEqual':
      return present((each) => compare(each, operand) <= 0);
    case 'Greater':
      return present((each) => compare(each, operand) > 0);
    case 'GreaterEqual':
      return present((each) => compare(each, operand) >= 0);
  }
}

function betweenTest(
  type: ConditionType,
  field: FieldDefinition,
  bounds: readonly Value[],
): (value: Value) => boolean {
  const [low, high] = bounds;
  if (low === undefined || high === undefined || bounds.length !== 2) {
    throw new Refusal(400, `${type} on ${field.name} needs two bounds: "List": [low, high].`);
  }
  const limit = type.endsWith('Inclusive') ? 0 : 1;
  const wanted = !type.startsWith('Not');
  return present(
    (each) => (compare(each, low) >= limit && compare(each, high) <= -limit) === wanted,
  );
}

/** Several values come as a `List`; one public client can only put them into `Value`. */
function manyOf(value: unknown, list: unknown): unknown[] {
  if (Array.isArray(list)) return list;
  if (list !== undefined && list !== null) throw new Refusal(400, 'List must be a list of values.');
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return value.split(',').map((each) => each.trim());
  if (typeof value === 'number') return [value];
  throw new Refusal(400, 'The condition has neither a List nor a Value.');
}

function textOperand(field: FieldDefinition, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value).toLowerCase();
  throw new Refusal(400, `The condition on ${field.name} needs a text as Value.`);
}

/** `%` stands for any characters, `_` for one (SQL); the rest for itself. */
function likePattern(text: string): RegExp {
  const escaped = text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('%', '.*').replaceAll('_', '.')}$`, 'isu');
}

/** An operand in the form in which the field's values are compared. */
function comparable(field: FieldDefinition, kind: ConditionKind, value: unknown): Value {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    const shown = isRecord(value) || Array.isArray(value) ? 'a list or an object' : 'missing';
    throw new Refusal(400, `The condition on ${field.name} needs a Value; it is ${shown}.`);
  }
  const text = String(value).trim();
  const wrong = (wanted: string): Refusal =>
    new Refusal(400, `The condition on ${field.name} needs ${wanted}, not '${text}'.`);
  if (kind === 'LongSearchCondition' && !/^-?\d+$/u.test(text)) throw wrong('a whole number');
  if (kind === 'BoolSearchCondition' && booleanOf(text) === undefined) throw wrong('True or False');
  switch (field.type) {
    case 'BigInt':
    case 'Int':
    case 'SmallInt':
    case 'TinyInt':
    case 'Decimal': {
      if (!/^-?\d+(\.\d+)?$/u.test(text)) throw wrong('a number');
      return Number(text);
    }
    case 'Bool': {
      const truth = booleanOf(text);
      if (truth === undefined) throw wrong('True or False');
      return truth;
    }
    case 'Date':
    case 'DateTime': {
      const day = findDay(text);
      if (day === undefined) throw wrong('a date (YYYY-MM-DD)');
      const time = /T(\d\d:\d\d:\d\d)/u.exec(text)?.[1] ?? '00:00:00';
      return `${isoDay(day)}t${time}`;
    }
    case 'BinaryData':
    case 'GUID':
    case 'Text':
    case 'Unknown':
      return String(value).toLowerCase();
  }
}

function booleanOf(text: string): boolean | undefined {
  if (/^(?:true|1)$/iu.test(text)) return true;
  return /^(?:false|0)$/iu.test(text) ? false : undefined;
}
