/** Normalized text has nothing invisible and no surrounding space, and normalizing it again changes nothing. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeCode, normalizeLines, normalizeText } from './normalized-text.ts';

const zeroWidthSpace = '\u200b';
const zeroWidthNonJoiner = '\u200c';

describe('normalizeText', () => {
  it.each([
    ['  Cell   ', 'Cell'],
    ['', null],
    [' \t\r\n\u00a0\u3000\ufeff', null],
    ['José'.normalize('NFD'), 'José'],
    [`Ana${zeroWidthSpace}`, 'Ana'],
    [`e${zeroWidthSpace}\u0301`, 'é'],
    ['Ana\tMaria', 'Ana Maria'],
    ['Ana \r\n Maria', 'Ana Maria'],
    ['Ana\u2028Maria', 'Ana Maria'],
    ['\u202eanA\u202c', 'anA'],
    ['\u2067Ana\u2069', 'Ana'],
    ['An\u00ada', 'Ana'],
    ['Ana  Maria', 'Ana  Maria'],
    [`می${zeroWidthNonJoiner}خواهم`, `می${zeroWidthNonJoiner}خواهم`],
    ["O'Neill-Ávila", "O'Neill-Ávila"],
  ])('keeps %j as %j', (text, kept) => {
    expect(normalizeText(text)).toBe(kept);
  });
});

describe('normalizeCode', () => {
  it.each([
    [` 1001${zeroWidthSpace} `, '1001'],
    [`10${zeroWidthNonJoiner}01`, '1001'],
    ['\ufeff1001', '1001'],
    ['1001\u{e0031}', '1001'],
    ['A\u0000B', 'A B'],
    [zeroWidthSpace, null],
    [' 01 ', '01'],
  ])('keeps %j as %j', (text, kept) => {
    expect(normalizeCode(text)).toBe(kept);
  });
});

describe('normalizeLines', () => {
  it.each([
    ['Camp Verde \r\n\r\n Gate 3', 'Camp Verde\nGate 3'],
    ['Gate\t3\rRear', 'Gate 3\nRear'],
    ['\n \n', null],
  ])('keeps %j as %j', (text, kept) => {
    expect(normalizeLines(text)).toBe(kept);
  });
});

describe('any text', () => {
  const unpleasant = fc.constantFrom(
    ...Array.from(
      ' \t\n\r\u0000\u0085\u00a0\u00ad\u061c\u0301\u180e\u200b\u200c\u200d\u200e\u2000\u2028\u202e\u2060\u2066\ufeff',
    ),
    '\ud800',
    '\u{e0061}',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.oneof(unpleasant, fc.string({ maxLength: 2 }))).map((parts) => parts.join('')),
  );

  it.each([
    ['normalizeText', normalizeText],
    ['normalizeCode', normalizeCode],
    ['normalizeLines', normalizeLines],
  ])('%s never throws and is idempotent', (_, normalize) => {
    fc.assert(
      fc.property(text, (one) => {
        const kept = normalize(one);
        fc.pre(kept !== null);
        expect(normalize(kept)).toBe(kept);
        expect(kept).not.toBe('');
        expect(kept).toBe(kept.trim().normalize('NFC'));
        // eslint-disable-next-line no-control-regex
        expect(kept.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
      { numRuns: 2000 },
    );
  });
});
