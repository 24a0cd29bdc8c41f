import { expect, it } from 'vitest';

import { formatCaseloadChange } from './caseload-text.ts';

const own = { count: 3, left: 0, isAdded: true, owner: undefined };

it.each([
  [own, 'Added 3 students to My students.'],
  [{ ...own, count: 1, isAdded: false }, 'Removed 1 student from My students.'],
  [{ ...own, owner: 'Casey Morgan' }, 'Added 3 students to Casey Morgan’s list.'],
  [
    { ...own, left: 1, owner: 'Casey Morgan' },
    'Added 3 students to Casey Morgan’s list. 1 student is at a school that Casey Morgan is not assigned to.',
  ],
  [
    { ...own, count: 0, left: 1200, owner: 'Casey Morgan' },
    'No student was added: 1,200 students are at a school that Casey Morgan is not assigned to.',
  ],
])('says what %j did', (change, text) => {
  expect(formatCaseloadChange(change)).toBe(text);
});
