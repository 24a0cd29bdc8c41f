import { expect, it } from 'vitest';
import type { ImportReport } from '../../src/import/import-report.ts';
import { judge, summarize, type Attempt } from './verdict.ts';

const report = (changes: Partial<ImportReport> = {}) =>
  ({ problems: {}, retainedFields: [], missingPermissions: [], changed: 0, ...changes }) as
    // Only these members are judged.
    unknown as ImportReport;
const planned = (changes: Partial<ImportReport> = {}) => ({
  state: 'planned' as const,
  failure: null,
  report: report(changes),
});
const failure = { code: 'HELD', message: 'Too many changes.', advice: 'Review them.' };

it.each([
  ['held', { ...planned({ changed: 9 }), failure }],
  ['failed', { state: 'failed' as const, failure, report: null }],
  ['named', planned({ changed: 9, problems: { 'birth-date-missing': 5 } })],
  ['missed', planned({ changed: 9, problems: { 'birth-date-missing': 4 } })],
  ['without effect', planned()],
] as const)('judges as %s', (verdict, outcome) => {
  expect(judge(planned(), outcome, 10)).toBe(verdict);
});

it('counts only attempts with an effect at 25 % and more', () => {
  const attempt = (strength: number, verdict: Attempt['verdict']): Attempt => ({
    kind: 'names masked',
    strength,
    district: '60 students',
    date: '2027-01-11',
    students: 8,
    verdict,
    changed: 8,
  });
  const counts = summarize([
    attempt(5, 'missed'),
    attempt(25, 'without effect'),
    attempt(25, 'missed'),
    attempt(100, 'held'),
  ]);
  expect(counts.caughtShare).toBe(0.5);
  expect(counts.caughtShareByDistrict).toEqual({ '60 students': 0.5 });
  expect(counts.missed['names masked']).toHaveLength(2);
  expect(counts.byStrength['25 %']).toEqual({ 'without effect': 1, missed: 1 });
});
