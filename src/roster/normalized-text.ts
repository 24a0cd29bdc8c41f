/** Normalizes text when it is read, so that the same words written differently become the same text. */

/** Invisible characters without meaning: zero-width spaces, byte order marks and direction marks. */
// eslint-disable-next-line no-misleading-character-class
const invisible = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** Invisible characters in numbers and codes. Names may contain joiners, so these are kept there. */
const unseenInCodes = /\p{Cf}/gu;

/** Control characters such as tabs and newlines, with surrounding white space. */
// eslint-disable-next-line no-control-regex
const controls = /\s*[\u0000-\u001f\u007f-\u009f\u2028\u2029]+\s*/g;

/** Returns the text trimmed, on one line, without invisible characters, in Unicode NFC; null if it is empty. */
export function normalizeText(text: string): string | null {
  if (isPlain(text)) return text;
  return textOrNull(text.replace(invisible, '').replace(controls, ' '));
}

/** Normalizes each line and drops empty ones; null if all are empty. */
export function normalizeLines(text: string): string | null {
  if (isPlain(text)) return text;
  const lines = text.split(lineEnd).map((line) => normalizeText(line));
  return lines.filter((line) => line !== null).join('\n') || null;
}

const lineEnd = /\r\n|[\n\r\u0085\u2028\u2029]/;

/** Normalizes a number or code, removing all invisible characters. */
export function normalizeCode(text: string): string | null {
  if (isPlain(text)) return text;
  return textOrNull(text.replace(unseenInCodes, '').replace(controls, ' '));
}

function textOrNull(text: string): string | null {
  const normalized = text.trim().normalize('NFC');
  return normalized === '' ? null : normalized;
}

/** Returns whether text is printable ASCII without leading or trailing space, as most text is, so that it needs no normalization. */
export function isPlain(text: string): boolean {
  const last = text.length - 1;
  for (let index = 0; index <= last; index++) {
    const character = text.charCodeAt(index);
    if (character > 126 || character < 32) return false;
  }
  return last >= 0 && text.charCodeAt(0) !== 32 && text.charCodeAt(last) !== 32;
}
