/**
 * Schemas of text input: every text that an endpoint accepts is one of these, so each has a maximum length and a
 * check.
 */
import { z } from 'zod';

/** The first check: text that is too long is not checked further. */
const maxLength = (max: number, error = `must not be longer than ${max} characters`) =>
  z.maxLength(max, { error, abort: true });

const unprintable = { error: 'must not contain unprintable characters' };

/** Rejects lone surrogates and U+0000, which cannot be stored. */
const whole = z.refine<string>(
  (given) => given.isWellFormed() && !given.includes('\0'),
  unprintable,
);

/** Rejects control characters, line ends and direction marks. */
const printable = z.refine<string>(
  (given) => !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(given),
  unprintable,
);

/** One line of typed text: trimmed, with pasted tabs as spaces. */
export const text = (max: number, error?: string) =>
  z
    .string()
    .overwrite((typed) => typed.replaceAll('\t', ' '))
    .trim()
    .check(maxLength(max, error), whole, printable);

/** Several lines; rejects only what cannot be stored. Line ends become `\n`, tabs stay. */
export const lines = (max: number) =>
  z
    .string()
    .overwrite((typed) =>
      typed
        .replaceAll(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, '\n')
        .replaceAll(/[^\P{Cc}\0\t\n]|[\u202a-\u202e\u2066-\u2069]/gu, ''),
    )
    .check(maxLength(max), whole);

/** Search text; unprintable characters become spaces. */
export const searchText = (max: number) =>
  z
    .string()
    .overwrite((typed) => typed.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' '))
    .trim()
    .check(maxLength(max), whole);

/** A key, token or id, compared exactly. */
export const code = (max: number) => z.string().check(maxLength(max), whole, printable);

/** Any text that can be stored, unchanged: passwords, secrets, and names from files. */
export const exact = (max: number, error?: string) =>
  z.string().check(maxLength(max, error), whole);

/** An e-mail address. */
export const email = (error: string) => text(254).pipe(z.email(error));

/** A whole number from 1, given as text. */
export const wholeNumber = (digits: number) =>
  code(digits)
    .regex(/^[1-9]\d*$/, 'must be a whole number from 1')
    .transform(Number);
