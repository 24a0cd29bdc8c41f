import { expect, it } from 'vitest';

import { everyRole } from '../endpoint.ts';
import { endpoints } from '../endpoints.ts';
import { describeAttempt, formatAuditDetail } from './audit-details.ts';

it.each([
  ['GET', '/api/districts/{domain}/audit', 'open the audit log'],
  ['GET', '/api/districts/{domain}/audit.csv', 'open the audit log'],
  ['PUT', '/api/districts/{domain}/users/{id}', 'change the list of users'],
  ['GET', '/api/support/requests', 'open support requests'],
  [undefined, '/api/districts/pine.example', 'open the districts'],
])('describes a denied %s of %s', (method, path, words) => {
  expect(describeAttempt(method, path)).toBe(words);
});

it('knows what every address of a district is for that some roles may not use', () => {
  const unnamed = Object.values(endpoints)
    .filter(
      ({ path, access }) => path.startsWith('/api/districts/{domain}/') && access !== everyRole,
    )
    .filter(({ method, path }) => describeAttempt(method, path).endsWith(' a page'))
    .map(({ path }) => path);
  expect(unnamed).toEqual([]);
});

it.each([
  ['field', 'Demographics/Name.MiddleName', 'Middle name'],
  ['fields', ['earliestStart', 'ownLimits'], 'earliest start, own limits'],
  ['step', 'generate-secret', 'generate secret'],
  ['isRequired', true, 'yes'],
  ['reason', 'A school closed', 'A school closed'],
])('formats %s %j as %s', (name, value, text) => {
  expect(formatAuditDetail(name, value)).toBe(text);
});
