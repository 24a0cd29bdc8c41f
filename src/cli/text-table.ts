/** Formats rows as aligned columns for a terminal. */

export type Alignment = 'left' | 'right';

/** Aligns the columns of `rows`, to the left by default. */
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
