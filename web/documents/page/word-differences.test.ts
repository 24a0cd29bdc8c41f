import { array, assert, constantFrom, property } from 'fast-check';
import { expect, it } from 'vitest';

import { compareWords, type TextPiece } from './word-differences.ts';

/** Shows changed words in brackets. */
const show = (pieces: readonly TextPiece[]) =>
  pieces.map(({ text, isChanged }) => (isChanged ? `[${text.trim()}]` : text.trim())).join(' ');

const compare = (before: string, after: string) => {
  const compared = compareWords(before, after);
  return [show(compared.before), show(compared.after)];
};

it('marks the one word that changed', () => {
  expect(compare('12 Elm St, Lufkin, TX 75901', '12 Oak St, Lufkin, TX 75901')).toEqual([
    '12 [Elm] St, Lufkin, TX 75901',
    '12 [Oak] St, Lufkin, TX 75901',
  ]);
});

it('marks added and removed words on their side only', () => {
  expect(compare('Ana Reyes', 'Ana María Reyes')).toEqual(['Ana Reyes', 'Ana [María] Reyes']);
  expect(compare('Ana María Reyes', 'Ana Reyes')).toEqual(['Ana [María] Reyes', 'Ana Reyes']);
});

it('marks everything of texts without a common word, and nothing of equal ones', () => {
  expect(compare('06', '07')).toEqual(['[06]', '[07]']);
  expect(compare('', 'new here')).toEqual(['', '[new here]']);
  expect(compare('as it was', 'as it was')).toEqual(['as it was', 'as it was']);
});

it('returns pieces that join to both texts, and whose kept pieces are the same words', () => {
  const text = array(constantFrom('a', 'b', 'c', ' ', '\n', 'dé')).map((of) => of.join(''));
  const join = (pieces: readonly TextPiece[]) => pieces.map((piece) => piece.text).join('');
  const kept = (pieces: readonly TextPiece[]) =>
    join(pieces.filter(({ isChanged }) => !isChanged))
      .split(/\s+/)
      .filter(Boolean);
  assert(
    property(text, text, (before, after) => {
      const compared = compareWords(before, after);
      expect(join(compared.before)).toBe(before);
      expect(join(compared.after)).toBe(after);
      expect(kept(compared.before)).toEqual(kept(compared.after));
    }),
  );
});

it('compares very long texts as a whole', () => {
  const long = 'word '.repeat(2_000);
  expect(compareWords(long, 'word').after).toEqual([{ text: 'word', isChanged: true }]);
});
