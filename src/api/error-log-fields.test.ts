import { expect, it } from 'vitest';

import { errorLogFields } from './error-log-fields.ts';

it('keeps place and reason, including causes, and drops what may contain a row', () => {
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (last_name)=(Zapata) already exists.',
  });
  const record = errorLogFields(new Error('The student could not be saved.', { cause }));
  expect(record.cause).toMatchObject({ code: '23505', message: 'duplicate key' });
  expect(JSON.stringify(record)).not.toContain('Zapata');
});

it('does not print what was thrown instead of an error', () => {
  expect(JSON.stringify(errorLogFields({ lastName: 'Zapata' }))).not.toContain('Zapata');
});
