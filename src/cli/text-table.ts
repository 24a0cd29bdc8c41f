/** Rows of words in aligned columns, for people at a terminal. */

export type Alignment = 'left' | 'right';

/** Aligns the columns of `rows`; a column stands left unless told otherwise. */
export function textTable(
  rows: readonly (readonly string[])[],
  alignment: readonly Alignment[] = [],
): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    }
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) =>
          alignment[index] === 'right'
            ? cell.padStart(widths[index] ?? 0)
            : cell.padEnd(widths[index] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
