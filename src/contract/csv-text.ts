/** Tables to save: CSV (RFC 4180) that a spreadsheet opens as text. */

/**
 * A text that a spreadsheet would take for a formula, written with signs of full width too, gets an apostrophe in front
 * (OWASP, CSV injection).
 */
export const guardCell = (text: string): string =>
  /^\s*[=+\-@＝＋－＠]|^[\t\r]/.test(text) ? `'${text}` : text;

/** Begins a file, so that Excel reads it as UTF-8. */
export const byteOrderMark = '\uFEFF';

/** One line of a table with its line end; a cell is quoted where it needs to be. */
export const csvLine = (cells: readonly (string | null)[]): string =>
  `${cells.map((cell) => csvCell(cell ?? '')).join(',')}\r\n`;

function csvCell(value: string): string {
  const safe = guardCell(value);
  return /[",\r\n\t;]/.test(safe) || safe !== value ? `"${safe.replaceAll('"', '""')}"` : safe;
}
