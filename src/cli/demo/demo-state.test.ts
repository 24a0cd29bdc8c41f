import { expect, it } from 'vitest';
import { listOpenDates, newDemoState } from './demo-state.ts';

const lastDay = Temporal.PlainDate.from('2026-11-30');
const state = newDemoState({ students: 80, days: 11, lastDay });
const list = (importedThrough: string | null, today: string) =>
  listOpenDates({ ...state, importedThrough }, Temporal.PlainDate.from(today)).map(String);

it('a new demo imports its days up to the last nightly import', () => {
  const dates = list(null, '2026-11-30');
  expect(dates).toHaveLength(11);
  expect([dates[0], dates.at(-1)]).toEqual(['2026-11-20', '2026-11-30']);
});

it('a restart imports only the days since, and none on the same day', () => {
  expect(list('2026-11-24', '2026-11-26')).toEqual(['2026-11-25', '2026-11-26']);
  expect(list('2026-11-30', '2026-12-02')).toEqual(['2026-12-01', '2026-12-02']);
  expect(list('2026-11-30', '2026-11-30')).toEqual([]);
  expect(list('2026-11-30', '2026-11-29')).toEqual([]);
});
