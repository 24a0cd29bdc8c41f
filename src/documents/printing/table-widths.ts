/** Divides the width of a table among its columns. Pure. */

/** What the texts of a column need. */
export interface ColumnNeed {
  /** Of the longest word, which would be broken in less. */
  readonly word: number;
  /** Of the longest text on one line. */
  readonly text: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Gives each column room for its longest word, if there is enough, and shares the rest by what their texts need. */
export function columnWidths(needs: readonly ColumnNeed[], width: number): readonly number[] {
  const words = sum(needs.map(({ word }) => word));
  if (words >= width) return capWidths(needs, width);
  const wants = needs.map(({ word, text }) => Math.max(text - word, 0));
  const wanted = sum(wants);
  const rest = width - words;
  return needs.map(({ word }, index) => {
    const want = wants[index] ?? 0;
    if (wanted > rest) return word + (want / wanted) * rest;
    return word + want + (rest - wanted) / needs.length;
  });
}

/** Not every word fits: only those of the widest columns are broken, which get the same width. */
function capWidths(needs: readonly ColumnNeed[], width: number): readonly number[] {
  let rest = width;
  let count = needs.length;
  for (const { word } of needs.toSorted((a, b) => a.word - b.word)) {
    if (word * count > rest) break;
    rest -= word;
    count -= 1;
  }
  const cap = rest / Math.max(count, 1);
  return needs.map(({ word }) => Math.min(word, cap));
}
