/**
 * Generates inputs of endpoints from their schemas: a valid one, and those with one value replaced.
 *
 * This folder builds sample records, inputs and histories.
 */
import { z } from 'zod';

import { type Endpoint, belongsToDistrict } from '../../src/contract/endpoint.ts';

/** Replacements for one value: texts (also names of members), days, and numbers. */
export interface Replacements {
  readonly texts: readonly string[];
  readonly days?: readonly string[];
  readonly numbers?: readonly number[];
}

/** An input of an endpoint; `place` names the replaced value. */
export interface Input {
  readonly place: string;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** Texts that are valid for most schemas; the first valid one is used. */
const validTexts = [
  'Ada',
  'name',
  '1',
  'ada',
  'adalovelace',
  'ada-lovelace',
  '2026-11-23',
  'ada@demo.example',
  'https://hooks.example.org/',
  'America/Chicago',
  '01:00',
  '/students',
  'students:1-2',
  'ENROLLED',
  '1-00000000-0000-4000-8000-000000000000',
  '00000000-0000-4000-8000-000000000000',
  'a long walk at sunrise',
  'data:image/png;base64,AAAA',
];

/** Returns a valid input of an endpoint. */
export function exampleInput({ params, query, body }: Endpoint): Omit<Input, 'place'> {
  return {
    params: params && createExample(params),
    query: query && createExample(query),
    body: body && createExample(body),
  };
}

/** Yields every input in which exactly one value is replaced. */
export function* replacedInputs(endpoint: Endpoint, by: Replacements): Generator<Input> {
  const example = exampleInput(endpoint);
  for (const part of ['params', 'query', 'body'] as const) {
    const schema = endpoint[part];
    if (schema === undefined) continue;
    for (const [place, value] of replaced(schema, by)) {
      yield { ...example, [part]: value, place: `${part}${place}` };
    }
  }
  if (!belongsToDistrict(endpoint)) return;
  for (const domain of by.texts) {
    yield { ...example, params: { ...(example.params as object), domain }, place: 'params.domain' };
  }
}

/** Returns a valid value of a schema. */
function createExample(schema: z.core.$ZodType): unknown {
  const def = getDefinition(innermost(schema));
  if (def.type === 'object') {
    return Object.fromEntries(
      Object.entries(def.shape).map(([name, member]) => [name, createExample(member)]),
    );
  }
  if (def.type === 'array') {
    const one = createExample(def.element);
    return z.safeParse(schema, [one]).success ? [one] : [one, one];
  }
  if (def.type === 'record') return { ada: createExample(def.valueType) };
  if (def.type === 'union') return createExample(def.options[0] ?? schema);
  if (def.type === 'enum') return Object.values(def.entries)[0];
  if (def.type === 'literal') return def.values[0];
  if (def.type === 'boolean') return true;
  if (def.type === 'number') return 1;
  return validTexts.find((text) => z.safeParse(schema, text).success) ?? new Uint8Array();
}

function* replaced(
  schema: z.core.$ZodType,
  by: Replacements,
): Generator<[place: string, value: unknown]> {
  const inner = innermost(schema);
  const def = getDefinition(inner);
  if (def.type === 'object') {
    const example = createExample(inner) as object;
    for (const [name, member] of Object.entries(def.shape)) {
      for (const [place, value] of replaced(member, by)) {
        yield [`.${name}${place}`, { ...example, [name]: value }];
      }
    }
  } else if (def.type === 'array') {
    const [, ...others] = createExample(inner) as unknown[];
    for (const [place, value] of replaced(def.element, by))
      yield [`[]${place}`, [value, ...others]];
  } else if (def.type === 'record') {
    for (const name of by.texts) yield ['{}', { [name]: createExample(def.valueType) }];
    for (const [place, value] of replaced(def.valueType, by)) yield [`{}${place}`, { ada: value }];
  } else if (def.type === 'union') {
    for (const option of def.options) yield* replaced(option, by);
  } else if (def.type === 'number') {
    for (const value of by.numbers ?? []) yield ['', value];
  } else if (def.type === 'string' || def.type === 'enum') {
    const isDay = 'format' in def && def.format === 'date';
    for (const value of [...by.texts, ...((isDay && by.days) || [])]) yield ['', value];
  } else if (!['literal', 'boolean', 'custom'].includes(def.type)) {
    throw new Error(`Unknown schema type ${def.type}: define here how it is replaced`);
  }
}

/** Returns the definition of a schema, which the common type does not declare. */
const getDefinition = (schema: z.core.$ZodType) =>
  (schema as z.ZodType).def as z.core.$ZodTypes['_zod']['def'];

/** Returns the inner schema that reads the input first. */
function innermost(schema: z.core.$ZodType): z.core.$ZodType {
  const def = getDefinition(schema);
  if (def.type === 'pipe') return innermost(def.in);
  return 'innerType' in def ? innermost(def.innerType) : schema;
}
