import { expect, it } from 'vitest';

import { formatAge } from './request-labels.ts';

const now = Date.parse('2026-11-24T12:00:00Z');

it.each([
  ['2026-11-24T11:59:40Z', '0 minutes'],
  ['2026-11-24T11:58:59Z', '1 minute'],
  ['2026-11-24T09:30:00Z', '2 hours'],
  ['2026-11-22T12:00:00Z', '2 days'],
  // A clock that is slightly ahead must not give a negative age.
  ['2026-11-24T12:00:05Z', '0 minutes'],
])('a request of %s is %s old', (since, age) => {
  expect(formatAge(since, now)).toBe(age);
});
