import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isPersonalName, PersonalName } from './personal-name.ts';

describe('a name', () => {
  it.each([
    'Robin Shaw',
    'Dr. Ann O’Neal-Nguyễn',
    "J.R.R. D'Souza, Jr.",
    'Kim Lee (she/her)',
    'علی‌رضا محمدی',
    'Zoë Ångström III.',
    '田中 太郎',
    'Ms. Poe & Mr. Roe',
    'Martin <Marty> Hale',
    'x'.repeat(100),
  ])('may be %s', (name) => {
    expect(isPersonalName(name)).toBe(true);
    expect(PersonalName.parse(`  ${name} `)).toBe(name);
  });

  it.each([
    ['a line end', 'AdminTwo\r\nBcc: x'],
    ['a line end of Unicode', 'Admin\u2028Two'],
    ['a NUL', 'Admin\u0000Two'],
    ['a tab', 'Admin\tTwo'],
    ['an escape', 'Admin\u001b[2J'],
    ['writing turned around', 'Admin \u202Emoc.live'],
    ['an invisible sign', 'Ad\u200Bmin'],
    ['half of a pair', 'Admin \ud800'],
    ['an e-mail address', 'Support help@evil.example'],
    ['an address', 'body https://evil.example/reset'],
    ['an address without a scheme', 'evil.example/reset'],
    ['a host', 'Go to evil.example now'],
    ['a host with a port', 'evil:8080'],
    ['www', 'www evil example'],
    ['an IPv4 address', '203.0.113.7'],
    ['a short IPv4 address', '1.1.1.1'],
    ['two slashes', '//evil'],
    ['two backslashes', '\\\\evil\\share'],
    ['a scheme', 'mailto:x'],
    ['a full-width at', 'help＠evil'],
    ['a full-width dot', 'evil．example'],
    ['an ideographic dot', 'evil。example'],
    ['a host in circled letters', 'ⓔⓥⓘⓛ.ⓔⓧⓐⓜⓟⓛⓔ'],
    ['a host in a national script', 'зло.рф'],
    ['a host with its dot in brackets', 'evil[.]example'],
    ['nothing', '  '],
    ['101 characters', 'x'.repeat(101)],
  ])('may not hold %s', (_, name) => {
    expect(isPersonalName(name)).toBe(false);
    expect(PersonalName.safeParse(name).success).toBe(false);
  });

  it('that is taken contains no host, whatever is around it', () => {
    const word = fc.stringMatching(/^[a-z0-9-]{2,10}$/);
    fc.assert(
      fc.property(fc.string(), word, word, fc.string(), (before, host, top, after) => {
        expect(isPersonalName(`${before}${host}.${top}${after}`)).toBe(false);
      }),
    );
  });
});
