import { expect, it } from 'vitest';

import { describeFailure } from './failure-text.ts';

const advice = 'Try again.';

it('names the list by its label, and keeps the place for support', () => {
  const message = 'Demographics/NamePhone, page 2: the server sent HTML';
  expect(describeFailure({ code: 'not-json', message, advice })).toEqual({
    code: 'not-json',
    message: 'Skyward sent a web page instead of data. (List: Phone numbers)',
    advice,
    details: message,
  });
});

it('keeps the number of a network error for support', () => {
  const message = 'no server answers at the base URL (ECONNREFUSED)';
  expect(describeFailure({ code: 'unreachable', message, advice })).toMatchObject({
    message: 'Skyward can’t be reached.',
    details: message,
  });
});

it('keeps a message that is written for users', () => {
  const message = '5 of 12 active students would become inactive.';
  expect(describeFailure({ code: 'mass-change', message, advice })).toEqual({
    code: 'mass-change',
    message,
    advice,
    details: null,
  });
});
