import { expect, it } from 'vitest';
import type { z } from 'zod';

import { exampleInput, replacedInputs } from '../../tests/builders/contract-input.ts';
import type { Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { code, email, exact, lines, searchText, text as line } from './text.ts';
import { Day, DomainInPath } from './values.ts';

const all = Object.entries<Endpoint>(endpoints).filter(
  ([, { params, query, body }]) => (params ?? query ?? body) !== undefined,
);
/** The input as the endpoint parses it, or `undefined` if it is rejected. */
const taken = (
  { params, query, body }: Endpoint,
  input: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
): readonly unknown[] | undefined => {
  const { domain = 'demo.example', ...others } = (input.params ?? {}) as Record<string, unknown>;
  const parsed = [
    DomainInPath.safeParse(domain),
    ...(params === undefined ? [] : [params.safeParse(others)]),
    ...(query === undefined ? [] : [query.safeParse(input.query)]),
    ...(body === undefined ? [] : [body.safeParse(input.body)]),
  ];
  return parsed.every(({ success }) => success) ? parsed.map(({ data }) => data) : undefined;
};

it.each(all)('%s takes an example of its input', (_, endpoint) => {
  expect(taken(endpoint, exampleInput(endpoint))).toBeDefined();
});

const rejected = {
  'U+0000': 'a\0b',
  'half a character': 'a\ud800b',
  'the other half': '\udc00',
  'a megabyte': 'a'.repeat(1024 * 1024),
};

it.each(Object.entries(rejected))('no endpoint has %s in any text that it takes', (_, given) => {
  const written = JSON.stringify(given).slice(1, -1);
  const places = all.flatMap(([name, endpoint]) =>
    Array.from(replacedInputs(endpoint, { texts: [given] }))
      .filter((input) => JSON.stringify(taken(endpoint, input) ?? '').includes(written))
      .map(({ place }) => `${name} ${place}`),
  );
  expect(places).toEqual([]);
});

const held = (schema: z.ZodType, given: string): unknown => schema.safeParse(given).data;

it.each([
  '\u001b[2J',
  'a\nb',
  'a\rb',
  'a\u0085b',
  'a\u2028b',
  'a\u202eb',
  'a\u2066b',
  'a\0b',
  'a\udc00',
])('refuses %j in a line and in a code', (given) => {
  expect(held(line(100), given)).toBeUndefined();
  expect(held(code(100), given)).toBeUndefined();
});

it('takes letters of every script, joiners and emoji in a line', () => {
  for (const given of ['Zoë Ñandú-Øst', '김민준', 'עדה', 'क्‍ष', '👩‍🏫', 'O’Brien']) {
    expect(held(line(100), given)).toBe(given);
  }
  expect(held(line(100), '  Poe\tAda ')).toBe('Poe Ada');
  expect(held(code(100), ' a ')).toBe(' a ');
});

it('keeps lines and tabs of a note, and drops invisible characters', () => {
  expect(held(lines(100), 'a\r\nb\vc\u2028d\te\u0007\u202ef')).toBe('a\nb\nc\nd\tef');
  expect(held(lines(100), 'a\0')).toBeUndefined();
});

it('searches for words with anything between them', () => {
  expect(held(searchText(100), ' Poe\tAda\r\n')).toBe('Poe Ada');
});

it('takes a secret as it is', () => {
  expect(held(exact(100), ' p\tä\u0007 ')).toBe(' p\tä\u0007 ');
});

it('counts the length after the trimming, and looks no further at what is too long', () => {
  expect(held(line(3), ' abc ')).toBe('abc');
  expect(held(line(3), 'abcd')).toBeUndefined();
  const { error } = line(3).safeParse('a\0bcdef');
  expect(error?.issues.map(({ message }) => message)).toEqual([
    'must not be longer than 3 characters',
  ]);
});

it('takes an e-mail address on one line', () => {
  const Email = email('must be an e-mail address');
  expect(held(Email, ' ada@demo.example ')).toBe('ada@demo.example');
  for (const given of [
    'ada@demo.example\nBcc: eve@evil.example',
    'a@b',
    `${'a'.repeat(250)}@b.example`,
  ]) {
    expect(held(Email, given)).toBeUndefined();
  }
});

it('takes days that the database has', () => {
  expect(held(Day, '0001-01-01')).toBe('0001-01-01');
  for (const day of ['0000-01-01', '0000-02-29', '+99999-01-01', '-0001-01-01', '2026-02-29']) {
    expect(held(Day, day)).toBeUndefined();
  }
});
