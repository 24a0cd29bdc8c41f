/** The functions under the indexes of words: quick, and the same as what they say plainly. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import type { Database } from './database.ts';

let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const oneOf = (characters: string) => fc.constantFrom(...Array.from(characters));

/** Digits with what people write between them, and texts of any other kind. */
const number = fc.oneof(
  fc.string({ unit: oneOf('0123456789'), minLength: 6, maxLength: 12 }),
  fc.string({ unit: oneOf('01234567891 ()-./+#,x\n\té１٣"\\'), maxLength: 30 }),
  fc.constantFrom('(512) 555-0142', '1 512 555 0142', '+1-512-555-0142', '555-0142', '15125550142'),
  fc.string({ unit: 'grapheme', maxLength: 24 }).filter((text) => !text.includes('\0')),
);

const json = fc.jsonValue({ maxDepth: 2 });
const phone = fc.oneof(
  { weight: 4, arbitrary: fc.record({ number, type: fc.constant('Cell') }) },
  fc.record({ number: json }),
  json,
);

const form = fc.oneof(
  fc.string({ unit: oneOf('abcz059  /#'), maxLength: 40 }),
  fc.string({ unit: oneOf('aé ñß字😀\'"&|:*\\\t\n-'), maxLength: 30 }),
);

/** The indexes give neither a district nor a form that is null. */
const record = fc.record({
  district: fc.integer({ min: 1, max: 100_000 }),
  form,
  phones: fc.option(fc.array(phone, { maxLength: 13 }), { freq: 20 }),
});

it('search_keys marks each word and phone with its district', async () => {
  const records = fc
    .sample(record, { numRuns: 4000, seed: 25 })
    .map((one) => JSON.stringify(one))
    .filter((one) => !one.includes(String.raw`\u0000`) && one.isWellFormed());
  expect(records.length).toBeGreaterThan(3600);
  const { rows } = await database.pool.query<{ given: string; keys: string; plain: string }>(
    `select given, keys, plain from (
       select given, search_keys(district, form, phones)::text as keys, (
         select array_to_tsvector(array_agg(key))::text from (
           select district || '/' || word as key from string_to_table(form, ' ') word where word <> ''
           union select district || '#' || right(digits, 7) || left(digits, -7)
           from jsonb_array_elements(phones) with ordinality phones (phone, nth),
             lateral phone_digits(phone ->> 'number') digits
           where nth <= 10 and digits <> '') keys) as plain
       from unnest($1::text[]) given,
         lateral (select (given::jsonb ->> 'district')::bigint as district, given::jsonb ->> 'form' as form,
           nullif(given::jsonb -> 'phones', 'null') as phones offset 0) one) both_ways
     where keys <> coalesce(plain, '')`,
    [records],
  );
  expect(rows.slice(0, 3)).toEqual([]);
  const { rows: found } = await database.pool.query<{ phones: number }>(
    `select count(*) filter (where keys like '%#%')::integer as phones
     from unnest($1::text[]) given, lateral (select search_keys((given::jsonb ->> 'district')::bigint,
       given::jsonb ->> 'form', nullif(given::jsonb -> 'phones', 'null'))::text as keys) one`,
    [records],
  );
  expect(found[0]?.phones).toBeGreaterThan(2000);
});

it('search_text takes e-mails and addresses of any form', async () => {
  const contacts = fc.array(
    fc.oneof(json, fc.record({ address: json, lines: json }), fc.record({ lines: fc.array(json) })),
    { maxLength: 4 },
  );
  const values = fc
    .sample(contacts, { numRuns: 1000, seed: 26 })
    .map((one) => JSON.stringify(one))
    .filter((one) => !one.includes(String.raw`\u0000`) && one.isWellFormed());
  const { rows } = await database.pool.query<{ missing: number }>(
    `select count(*) filter (where search_text('form', 'Names', given::jsonb, given::jsonb) not like 'form names%')
       ::integer as missing from unnest($1::text[]) given`,
    [values],
  );
  expect(rows[0]?.missing).toBe(0);
});
