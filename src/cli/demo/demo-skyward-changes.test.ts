import { describe, expect, it } from 'vitest';
import {
  changeAreaCode,
  findLargestSchool,
  restoreSchools,
  suggestChange,
  withdrawSchools,
} from './demo-skyward-changes.ts';
import type { SkywardFacts } from './demo-skyward.ts';

const lastDay = Temporal.PlainDate.from('2026-11-30');

/** A district with a school of 20 students (401) and two of 30 (402, 403); ids are numbered through. */
const facts: SkywardFacts = {
  today: '2026-11-30',
  schoolYear: 2027,
  students: Array.from({ length: 80 }, (_, index) => ({
    studentNumber: `10${index}`,
    nameId: 2000 + index,
    firstName: 'Ana',
    lastName: index === 50 ? 'Ruiz' : 'Abbott',
    guardians: [{ nameId: 3000 + index }],
    enrollments: [
      {
        id: index,
        entityId: index < 20 ? 401 : index < 50 ? 402 : 403,
        schoolYear: 2027,
        startDate: '2026-08-12',
        endDate: index === 79 ? '2026-10-01' : null,
        withdrawalDate: null,
        withdrawalCode: null,
        isDefaultEntity: true,
      },
    ],
  })),
};

describe('the mistake in Skyward', () => {
  const rows = withdrawSchools(facts, 402, lastDay);

  it('withdraws at least thirty students of whole schools, but nobody of the case manager', () => {
    expect(Object.keys(rows).map(Number)).toEqual([
      ...Array.from({ length: 20 }, (_, index) => index),
      ...Array.from({ length: 29 }, (_, index) => 50 + index),
    ]);
    expect(rows['0']).toEqual({ EndDate: '2026-11-28', WithdrawalDate: '2026-11-29' });
  });

  it('is undone for the same students', () => {
    const withdrawn = facts.students.map((student) => ({
      ...student,
      enrollments: student.enrollments.map((enrollment) => {
        const row = rows[String(enrollment.id)];
        if (row === undefined) return enrollment;
        return {
          ...enrollment,
          endDate: row['EndDate'] ?? null,
          withdrawalDate: row['WithdrawalDate'] ?? null,
        };
      }),
    }));
    const restored = restoreSchools({ ...facts, students: withdrawn }, lastDay);
    expect(Object.keys(restored)).toEqual(Object.keys(rows));
    expect(restored['0']).toEqual({ EndDate: null, WithdrawalDate: null });
  });
});

it('the case manager is at the school with the most open enrollments', () => {
  expect(findLargestSchool(facts)).toBe(402);
});

it('the area code changes for every eighth guardian of the school', () => {
  const phones = [20, 24, 32, 60].map((index) => ({
    id: index,
    nameId: 3000 + index,
    number: index === 32 ? '555-0142' : '8065550142',
  }));
  expect(changeAreaCode(facts, phones, 402)).toEqual({ 24: { PhoneNumber: '4325550142' } });
});

it('the suggested change gives a student another last name than now', () => {
  expect(suggestChange(facts, 402)).toEqual({
    student: 'Ana Abbott',
    studentNumber: '1020',
    object: 'Demographics/Name',
    rows: { 2020: { LastName: 'Ruiz' } },
  });
  expect(suggestChange(facts, 403)?.rows).toEqual({ 2050: { LastName: 'Vega' } });
});
