/** Converts text to what a font can draw: no control characters, and boxes for missing ones. */

/** Whether the font can draw this character. */
export type Glyphs = (codePoint: number) => boolean;

/** Drawn in place of a character that the font lacks. */
const box = '□';

/** Keeps line breaks and tabs; removes other control characters and lone surrogates. */
const clean = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\t', '    ')
    .replaceAll(/[[\p{Cc}\p{Cf}]--[\n]]/gv, '');

/** Returns the text to draw, with composed characters where the font has them. */
export const printable = (text: string, hasGlyph: Glyphs): string =>
  Array.from(clean(text), (one) => (isDrawn(one, hasGlyph) ? one : box)).join('');

/** Returns the characters drawn as boxes, as `U+4E2D`, each once. */
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
