/** Faults that cross from thread to thread arrive as they were thrown. */
import { expect, it } from 'vitest';
import { QmlativError } from './http/qmlativ-error.ts';
import { faultOf, tellFault } from './told-fault.ts';

const told = (fault: unknown) => faultOf(structuredClone(tellFault(fault)));

it('keeps everything of an error of reading, its cause included', () => {
  const cause = new QmlativError('server-trouble', 'status 500', {
    place: { object: 'Demographics/Name', page: 2 },
  });
  const place = { object: 'Demographics/Name', page: 2, row: 3, field: 'BirthDate' };
  const fault = new QmlativError('budget-spent', 'gave up', { place, advice: 'Wait.', cause });
  const back = told(fault);
  expect(back).toBeInstanceOf(QmlativError);
  expect(back).toMatchObject({
    code: 'budget-spent',
    message: fault.message,
    place,
    advice: 'Wait.',
    cause: { code: 'server-trouble', message: cause.message, advice: cause.advice },
  });
});

it('keeps kind, words, place in the code and code of any other error', () => {
  const fault = Object.assign(new RangeError('too many'), { code: 'ERR_RANGE' });
  expect(told(fault)).toMatchObject({
    name: 'RangeError',
    message: 'too many',
    stack: fault.stack,
    code: 'ERR_RANGE',
  });
  expect(told('a word').message).toBe('Something other than an error');
});
