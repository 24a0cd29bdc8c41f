import { expect, it } from 'vitest';
import {
  aheadSentence,
  forecastReason,
  holdSentence,
  keptSentence,
  studentHoldSentence,
  yearEndSentence,
} from './upcoming-text.ts';

it('says who is on hold, from what to what, and why', () => {
  expect(
    holdSentence('enrollments-ended', '2027-06-01', [
      { from: 'ENROLLED', to: 'INACTIVE', students: 4210 },
      { from: 'ENROLLED', to: 'GRADUATED', students: 1 },
    ]),
  ).toBe(
    'Since Jun 1, 2027, 4,211 students keep their status. Without this hold, the date alone would have changed 4,210 students (Enrolled → Inactive), 1 student (Enrolled → Graduated), because their enrollments have ended.',
  );
  expect(studentHoldSentence('2027-06-01', 'INACTIVE')).toBe(
    'On hold since Jun 1, 2027: would become Inactive.',
  );
});

it('says what is ahead, and whom the next school year keeps', () => {
  expect(aheadSentence('2027-05-29', 60)).toBe(
    'On May 29, 2027, the date alone would change the status of 60 students. They keep it until you decide.',
  );
  expect(keptSentence(15, 60)).toBe(
    'If you count next year’s enrollments, 15 of 60 students keep their status.',
  );
});

it('names the next school year where one is not counted', () => {
  expect(forecastReason('ends-before-next-year', 2027)).toContain('2027–28');
});

it('says how a district closes a year', () => {
  const yearEnd = {
    closing: 'last-day',
    schoolYear: 2026,
    students: { 'last-day': 90, turn: 0, never: 2 },
    leavers: 12,
    leaversWithNextYear: 5,
    proposal: 'returning',
    stayingCodes: [],
  } as const;
  expect(yearEndSentence(yearEnd)).toBe(
    'Most enrollments of 2025–26 ended about the last day of school. 5 students of 12 who left still had an enrollment of the next school year.',
  );
  expect(yearEndSentence({ ...yearEnd, leaversWithNextYear: 0 })).toContain('had no enrollment');
});
