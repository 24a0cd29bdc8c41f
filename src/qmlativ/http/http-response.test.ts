/** Decoding bodies. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyText } from './http-response.ts';

describe('the text of a body', () => {
  /** Larger than a piece, with letters of one to four bytes that a border between pieces may cut. */
  const largeText = fc
    .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), { minLength: 1 })
    .map((words) => words.join(' ').repeat(Math.ceil(150_000 / words.join(' ').length)));

  test('is complete, whatever characters are at chunk boundaries', () => {
    fc.assert(
      fc.property(largeText, (text) => {
        expect(bodyText(Buffer.from(text)) === text).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('equals what Node decodes from invalid bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), (bytes) => {
        const body = Buffer.alloc(140_000, bytes);
        expect(bodyText(body) === body.toString('utf8')).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('is empty for an empty body', () => {
    expect(bodyText(Buffer.alloc(0))).toBe('');
  });
});
