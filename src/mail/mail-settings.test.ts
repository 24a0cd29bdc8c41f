import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { escapeHtml, layOutMail } from './mail-layout.ts';
import { parseMailSettings } from './mail-settings.ts';

const from = 'SameGoal <no-reply@iep.example.org>';

describe('the address of the SMTP server', () => {
  it.each([
    ['smtp://mail.example.org', 587, false],
    ['smtps://mail.example.org', 465, true],
    ['smtp://mail.example.org:25', 25, false],
  ])('%s is read', (address, port, isSecure) => {
    const settings = { host: 'mail.example.org', port, isSecure };
    expect(parseMailSettings(address, from)).toMatchObject({ kind: 'settings', settings });
  });

  it('may hold a user and a password with special characters', () => {
    expect(parseMailSettings('smtp://me%40x:p%3Aa%2Fss@[::1]:25', from)).toMatchObject({
      settings: { user: 'me@x', password: 'p:a/ss', host: '::1' },
    });
  });

  it.each(['', 'mail.example.org', 'https://mail.example.org', 'smtp://', 'smtp://a:%zz@b'])(
    'is rejected as "%s", without repeating it',
    (address) => {
      const outcome = parseMailSettings(address, from);
      expect(outcome).toMatchObject({ kind: 'invalid', setting: 'url' });
      expect(JSON.stringify(outcome)).not.toContain('%zz');
    },
  );

  it.each([undefined, '', 'SameGoal', 'a@b\r\nBcc: c@d', '<a b@c>'])(
    'needs a sender, which "%s" is not',
    (sender) => {
      expect(parseMailSettings('smtp://mail.example.org', sender)).toMatchObject({
        kind: 'invalid',
        setting: 'from',
      });
    },
  );
});

describe('a mail', () => {
  it('escapes HTML in its texts', () => {
    assert(
      property(string({ unit: 'grapheme' }), (words) => {
        const content = { heading: words, paragraphs: [words], closing: [], product: 'SameGoal' };
        expect(escapeHtml(words)).not.toMatch(/[<>"']/);
        expect(layOutMail(content).html).toContain(escapeHtml(words));
        expect(layOutMail(content).text).toContain(words);
      }),
    );
  });
});
