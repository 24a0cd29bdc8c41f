import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { dueNotices, type FinishedRun } from './district-notices.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const today = day('2026-11-24');
const kinds = (facts: Partial<Parameters<typeof dueNotices>[0]>) =>
  dueNotices({ today, expiresOn: null, runs: [], ...facts }).map(
    ({ kind, about }) => `${kind} ${about.toString()}`,
  );

it.each([
  ['2026-12-25', []],
  ['2026-12-24', ['expires-30 2026-12-24']],
  ['2026-12-02', ['expires-30 2026-12-02']],
  ['2026-12-01', ['expires-7 2026-12-01']],
  ['2026-11-25', ['expires-1 2026-11-25']],
  ['2026-11-24', ['expires-1 2026-11-24']],
  ['2026-11-23', ['expired 2026-11-23']],
])('an access that expires on %s gives %j', (expiresOn, notices) => {
  expect(kinds({ expiresOn: day(expiresOn) })).toEqual(notices);
});

const runs = (...states: FinishedRun['state'][]): FinishedRun[] =>
  states.map((state, index) => ({ state, importDate: today.subtract({ days: index }) }));

it('a notice is due when the last import failed or is on hold, not for older ones', () => {
  expect(kinds({ runs: runs('failed', 'held') })).toEqual(['import-failed 2026-11-24']);
  expect(kinds({ runs: runs('held', 'published') })).toEqual(['import-held 2026-11-24']);
  expect(kinds({ runs: runs('published', 'failed') })).toEqual([]);
});

it('one notice is due after three imports without changes, however many follow', () => {
  expect(kinds({ runs: runs('unchanged', 'unchanged', 'published') })).toEqual([]);
  expect(kinds({ runs: runs('unchanged', 'unchanged', 'unchanged', 'published') })).toEqual([
    'no-changes 2026-11-22',
  ]);
});

it('day by day over a year, each notice of an access comes once and in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 364 }), (offset) => {
      const expiresOn = day('2026-01-01').add({ days: offset });
      const sent: string[] = [];
      for (let days = -60; days < 400; days++) {
        for (const { kind } of dueNotices({
          today: day('2026-01-01').add({ days }),
          expiresOn,
          runs: [],
        })) {
          if (!sent.includes(kind)) sent.push(kind);
        }
      }
      expect(sent).toEqual(['expires-30', 'expires-7', 'expires-1', 'expired']);
    }),
  );
});
