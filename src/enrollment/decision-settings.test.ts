import { expect, it } from 'vitest';

import { formatDecisionSettings, parseDecisionSettings } from './decision-settings.ts';
import { nextSchoolYears } from './status-settings.ts';

const rules = { graduationCode: '01', ignoredCode: 'CECS' };

it.each(nextSchoolYears)('reads back what it has written, with "%s"', (nextSchoolYear) => {
  const settings = { schoolYear: 2027, rules: { ...rules, nextSchoolYear } };
  expect(parseDecisionSettings(formatDecisionSettings(settings))).toEqual(settings);
});

it.each([
  ['[2027,"01","CECS",true]', 'all'],
  ['[2027,"01","CECS",false]', 'current'],
])('reads the older form %s as %s', (stored, nextSchoolYear) => {
  expect(parseDecisionSettings(stored)?.rules).toEqual({ ...rules, nextSchoolYear });
});

it.each([null, 'null', '[]', '[2027,"01","CECS","next"]', '["2027","01","CECS","all"]'])(
  'finds no settings in %s',
  (stored) => {
    expect(parseDecisionSettings(stored)).toBeUndefined();
  },
);
