/** What stands in a cell of a table to save (CSV). */

/**
 * A text that a spreadsheet would take for a formula, written with signs of full width too, gets an apostrophe in front
 * (OWASP, CSV injection). Quoting is left to the caller.
 */
export const guardCell = (text: string): string =>
  /^\s*[=+\-@＝＋－＠]|^[\t\r]/.test(text) ? `'${text}` : text;
