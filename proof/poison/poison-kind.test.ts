import { expect, it } from 'vitest';
import { enrollmentKinds } from './enrollment-kinds.ts';
import { peopleKinds } from './people-kinds.ts';
import { doubled, moved, shifted, type Row, type Surroundings } from './poison-kind.ts';

const unused = {} as Surroundings;
const row = (id: number, values: Row['values']): Row => ({ id, values });

it('shifts a column by one row, the last value to the first', () => {
  const rows = [row(1, { A: 'a', B: 'x' }), row(2, { A: 'b', B: 'y' }), row(3, { A: 'c', B: 'z' })];
  expect(shifted('A')(rows, unused).map(({ values }) => `${values['A']}${values['B']}`)).toEqual([
    'cx',
    'ay',
    'bz',
  ]);
});

it('moves dates and leaves missing ones', () => {
  const change = moved(['BirthDate'], { days: -1 });
  const rows = [row(1, { BirthDate: '2016-03-01T00:00:00' }), row(2, { BirthDate: null })];
  expect(change(rows, unused).map(({ values }) => values['BirthDate'])).toEqual([
    '2016-02-29T00:00:00',
    null,
  ]);
});

it('doubles rows as new ones', () => {
  expect(doubled({ Rank: 2 })([row(1, { Rank: 1 })], unused)).toEqual([
    row(1, { Rank: 1 }),
    { id: null, values: { Rank: 2 } },
  ]);
});

it('has at least forty kinds, each with its own name', () => {
  const names = [...peopleKinds, ...enrollmentKinds].map(({ name }) => name);
  expect(names.length).toBeGreaterThanOrEqual(40);
  expect(new Set(names).size).toBe(names.length);
});
