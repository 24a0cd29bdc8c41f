/** Text as a font can draw it: control characters out, what the font lacks as a box. */

/** Whether the font can draw this character. */
export type Glyphs = (codePoint: number) => boolean;

/** What is drawn in place of a character that the font lacks. */
const box = '□';

/** Line ends and tabs stay what they mean; other control characters and lone halves of characters go. */
const clean = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\t', '    ')
    .replaceAll(/[[\p{Cc}\p{Cf}]--[\n]]/gv, '');

/** The text to draw. Composed characters are drawn whole where the font has them so. */
export const printable = (text: string, hasGlyph: Glyphs): string =>
  Array.from(clean(text), (one) => (isDrawn(one, hasGlyph) ? one : box)).join('');

/** The characters that are drawn as boxes, as `U+4E2D`, each once. */
export const unknownCharacters = (text: string, hasGlyph: Glyphs): string[] => [
  ...new Set(
    Array.from(clean(text))
      .filter((one) => !isDrawn(one, hasGlyph))
      .map((one) => `U+${codePointOf(one).toString(16).toUpperCase().padStart(4, '0')}`),
  ),
];

const codePointOf = (character: string): number => character.codePointAt(0) ?? 0;

const isDrawn = (character: string, hasGlyph: Glyphs): boolean =>
  character === '\n' || hasGlyph(codePointOf(character));
