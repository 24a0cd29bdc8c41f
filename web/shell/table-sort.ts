/** How a table is sorted, as text: a column's key; a leading `-` means descending. */

export type TableSort<Key extends string = string> = Key | `-${Key}`;

/** Returns the direction for `aria-sort`, if the table is sorted by the column. */
export const sortDirection = (
  sort: string | undefined,
  column: string,
): 'ascending' | 'descending' | undefined =>
  sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : undefined;

/** Returns the next order for a click on a heading: ascending, then descending, then undefined for the default. */
export function nextSort<Key extends string>(
  sort: string | undefined,
  column: Key,
): TableSort<Key> | undefined {
  const direction = sortDirection(sort, column);
  if (direction === undefined) return column;
  return direction === 'ascending' ? `-${column}` : undefined;
}

type SortValue = string | number | null;

const collator = new Intl.Collator('en', { numeric: true });

const compareValues = (one: string | number, other: string | number): number =>
  typeof one === 'number' && typeof other === 'number'
    ? one - other
    : collator.compare(String(one), String(other));

/** Returns the rows in order of their values; rows without a value come last in both directions. */
export function sortRows<Row>(
  rows: readonly Row[],
  valueOf: (row: Row) => SortValue,
  direction: 'ascending' | 'descending',
): readonly Row[] {
  return rows.toSorted((a, b) => {
    const [one, other] = [valueOf(a), valueOf(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    const order = compareValues(one, other);
    return direction === 'ascending' ? order : -order;
  });
}
