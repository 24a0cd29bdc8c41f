/** How column values arrive in JavaScript: days as text, instants as Temporal, no JS Date anywhere. */
import { type CustomTypesConfig, types } from 'pg';

type Parser = (text: string) => unknown;

/** pg's declaration knows only an enum of type numbers; any number is meant. */
type BuiltInParsers = (oid: number, format: 'text' | 'binary') => Parser;

/**
 * The `types` option of a pool or client of ours:
 * `date`, `timestamp`, `interval` and `numeric` -> text as PostgreSQL writes it;
 * `timestamptz` -> `Temporal.Instant`; `int8` -> number, a value beyond 2^53 throws;
 * arrays of these likewise; everything else as pg has it (json parsed, bytea as Buffer).
 * As a parameter an instant or a day is given as text (`value.toString()`).
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
      'A bigint column holds a number beyond 2^53, which JavaScript cannot hold exactly. Select it as text (column::text).',
    );
  }
  return value;
};

function mapElements(value: unknown, parse: Parser): unknown {
  if (Array.isArray(value)) return value.map((element) => mapElements(element, parse));
  return typeof value === 'string' ? parse(value) : value;
}
