/** Text as it is kept: tidied once, where it enters, so that the same words written in two ways are one text. */

/** A code and its long text. */
export interface CodeLabel {
  readonly code: string | null;
  readonly description: string | null;
}

/** Characters that nobody sees and that say nothing: spaces of no width, marks of byte order and of direction. */
// eslint-disable-next-line no-misleading-character-class
const invisible = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** All that a number or a code can hold without showing it; in names, joiners may belong to the spelling. */
const unseenInCodes = /\p{Cf}/gu;

/** Tabs, line ends and other control characters, with the space around them. */
// eslint-disable-next-line no-control-regex
const controls = /\s*[\u0000-\u001f\u007f-\u009f\u2028\u2029]+\s*/g;

/**
 * The text on one line, without invisible characters and space around it, Unicode composed; null when
 * nothing is left.
 */
export function normalizeText(text: string): string | null {
  if (isPlain(text)) return text;
  return textOrNull(text.replace(invisible, '').replace(controls, ' '));
}

/** The same of several lines, each by itself; those without text are dropped. */
export function normalizeLines(text: string): string | null {
  if (isPlain(text)) return text;
  const lines = text.split(lineEnd).map((line) => normalizeText(line));
  return lines.filter((line) => line !== null).join('\n') || null;
}

const lineEnd = /\r\n|[\n\r\u0085\u2028\u2029]/;

/** The same of a number or a code, which is compared character by character: nothing invisible stays. */
export function normalizeCode(text: string): string | null {
  if (isPlain(text)) return text;
  return textOrNull(text.replace(unseenInCodes, '').replace(controls, ' '));
}

function textOrNull(text: string): string | null {
  const normalized = text.trim().normalize('NFC');
  return normalized === '' ? null : normalized;
}

/** Plain ASCII on one line that neither begins nor ends with a space; most text is, and is kept as it stands. */
export function isPlain(text: string): boolean {
  const last = text.length - 1;
  for (let index = 0; index <= last; index++) {
    const character = text.charCodeAt(index);
    if (character > 126 || character < 32) return false;
  }
  return last >= 0 && text.charCodeAt(0) !== 32 && text.charCodeAt(last) !== 32;
}

/**
 * The long text of a code, else the code itself; null for no code. Undefined for an id that leads nowhere: that is
 * never the same as no code.
 */
export function findLabel(
  labels: ReadonlyMap<number, CodeLabel>,
  id: number | null | undefined,
): string | null | undefined {
  if (id === null || id === undefined) return null;
  const label = labels.get(id);
  return label === undefined ? undefined : (label.description ?? label.code);
}

/** The fields of a row whose ids lead nowhere, as its staged row names them (`unresolved`); null for none. */
export function unresolvedFields(...fields: readonly (string | false)[]): string | null {
  let named: string | null = null;
  for (const field of fields)
    if (field !== false) named = named === null ? field : `${named},${field}`;
  return named;
}
