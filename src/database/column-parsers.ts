/** Parsers for column values: days as text, instants as Temporal, never as a JS Date. */
import { type CustomTypesConfig, types } from 'pg';

type Parser = (text: string) => unknown;

/** The declaration of pg lists only some type numbers; any number is valid. */
type BuiltInParsers = (oid: number, format: 'text' | 'binary') => Parser;

/**
 * Returns the `types` option for our pools and clients:
 * `date`, `timestamp`, `interval` and `numeric` -> text as PostgreSQL writes it;
 * `timestamptz` -> `Temporal.Instant`; `int8` -> number, a value beyond 2^53 throws;
 * arrays of these likewise; other types as pg parses them (json parsed, bytea as Buffer).
 * Pass instants and days as text parameters (`value.toString()`).
 */
export function columnParsers(): CustomTypesConfig {
  const scalars = new Map<number, Parser>([
    [20, parseInt8],
    [1082, asText],
    [1114, asText],
    [1184, parseInstant],
    [1186, asText],
    [1700, asText],
  ]);
  const arrays = new Map<number, Parser>([
    [1016, parseInt8],
    [1115, asText],
    [1182, asText],
    [1185, parseInstant],
    [1187, asText],
    [1231, asText],
  ]);
  const parsers = new Map(scalars);
  const builtIn: BuiltInParsers = types.getTypeParser;
  const parseTextArray = builtIn(1009, 'text');
  for (const [oid, parse] of arrays) {
    parsers.set(oid, (text) => mapElements(parseTextArray(text), parse));
  }
  return {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      (format === 'binary' ? undefined : parsers.get(oid)) ?? builtIn(oid, format ?? 'text'),
  };
}

const asText: Parser = (text) => text;

const parseInstant: Parser = (text) => Temporal.Instant.from(text);

const parseInt8: Parser = (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(
      'A bigint column contains a number beyond 2^53, which JavaScript cannot represent exactly. Select it as text (column::text).',
    );
  }
  return value;
};

function mapElements(value: unknown, parse: Parser): unknown {
  if (Array.isArray(value)) return value.map((element) => mapElements(element, parse));
  return typeof value === 'string' ? parse(value) : value;
}
