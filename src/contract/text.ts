/** Text from outside: each text that an endpoint takes is one of these, so that none lacks a length or a check. */
import { z } from 'zod';

/** The first check that can fail: what is too long is looked at no further. */
const maxLength = (max: number, error = `must not be longer than ${max} characters`) =>
  z.maxLength(max, { error, abort: true });

const unprintable = { error: 'must not hold signs that cannot be printed' };

/** Half a character, and U+0000: neither can be stored. */
const whole = z.refine<string>(
  (given) => given.isWellFormed() && !given.includes('\0'),
  unprintable,
);

/** Nothing that moves a cursor, ends a line, or lets what follows be read in the other direction. */
const printable = z.refine<string>(
  (given) => !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(given),
  unprintable,
);

/** One line, as people type it: trimmed; tabs, which come by paste, are spaces. */
export const text = (max: number, error?: string) =>
  z
    .string()
    .overwrite((typed) => typed.replaceAll('\t', ' '))
    .trim()
    .check(maxLength(max, error), whole, printable);

/** Several lines of which nothing is refused but what cannot be stored: line ends become `\n`, tabs stay. */
export const lines = (max: number) =>
  z
    .string()
    .overwrite((typed) =>
      typed
        .replaceAll(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, '\n')
        .replaceAll(/[^\P{Cc}\0\t\n]|[\u202a-\u202e\u2066-\u2069]/gu, ''),
    )
    .check(maxLength(max), whole);

/** Words to search for; what cannot be printed parts them. */
export const searchText = (max: number) =>
  z
    .string()
    .overwrite((typed) => typed.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' '))
    .trim()
    .check(maxLength(max), whole);

/** What names something by its exact characters: a key, a token, an id. */
export const code = (max: number) => z.string().check(maxLength(max), whole, printable);

/** Exactly as it was given, whatever can be stored: passwords, secrets, and names out of files. */
export const exact = (max: number, error?: string) =>
  z.string().check(maxLength(max, error), whole);

/** An e-mail address. */
export const email = (error: string) => text(254).pipe(z.email(error));

/** A whole number from 1 that arrives as text. */
export const wholeNumber = (digits: number) =>
  code(digits)
    .regex(/^[1-9]\d*$/, 'must be a whole number from 1')
    .transform(Number);
