import { expect, it } from 'vitest';

import { formatDecisionSettings, parseDecisionSettings } from './decision-settings.ts';
import { nextSchoolYears } from './status-settings.ts';

const rules = { graduationCode: '01', ignoredCode: 'CECS', stayingCodes: [] };

it.each(nextSchoolYears)('reads back what it has written, with "%s"', (nextSchoolYear) => {
  const settings = { schoolYear: 2027, rules: { ...rules, nextSchoolYear } };
  expect(parseDecisionSettings(formatDecisionSettings(settings))).toEqual(settings);
});

it('reads back codes after which students stay, and writes nothing if there are none', () => {
  const settings = { schoolYear: 2027, rules: { ...rules, nextSchoolYear: 'all' as const } };
  expect(formatDecisionSettings(settings)).toBe('[2027,"01","CECS","all"]');
  const more = { ...settings, rules: { ...settings.rules, stayingCodes: ['YE', '33'] } };
  expect(parseDecisionSettings(formatDecisionSettings(more))).toEqual(more);
});

it.each([
  ['[2027,"01","CECS",true]', 'all'],
  ['[2027,"01","CECS",false]', 'current'],
])('reads the older form %s as %s', (stored, nextSchoolYear) => {
  expect(parseDecisionSettings(stored)?.rules).toEqual({ ...rules, nextSchoolYear });
});

it.each([
  null,
  'null',
  '[]',
  '[2027,"01","CECS","next"]',
  '["2027","01","CECS","all"]',
  '[2027,"01","CECS","all",[33]]',
])('finds no settings in %s', (stored) => {
  expect(parseDecisionSettings(stored)).toBeUndefined();
});
