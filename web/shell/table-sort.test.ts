/** A table's order: headings, and rows without a value. */
import { describe, expect, it } from 'vitest';

import { nextSort, sortDirection, sortRows } from './table-sort.ts';

describe('The order of a table', () => {
  it('turns from ascending to descending to the default', () => {
    expect(nextSort(undefined, 'grade')).toBe('grade');
    expect(nextSort('name', 'grade')).toBe('grade');
    expect(nextSort('grade', 'grade')).toBe('-grade');
    expect(nextSort('-grade', 'grade')).toBeUndefined();
    expect(sortDirection('-grade', 'grade')).toBe('descending');
    expect(sortDirection('-grade', 'name')).toBeUndefined();
  });

  it('compares numbers in words as numbers, and keeps rows without a value last', () => {
    const rows = ['Room 10', null, 'Room 9', 'room 11'];
    const value = (row: string | null) => row;
    expect(sortRows(rows, value, 'ascending')).toEqual(['Room 9', 'Room 10', 'room 11', null]);
    expect(sortRows(rows, value, 'descending')).toEqual(['room 11', 'Room 10', 'Room 9', null]);
    expect(sortRows([2, 10, 1], (row) => row, 'descending')).toEqual([10, 2, 1]);
  });
});
