import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  toOutcome,
  plainSubject,
  requestSubject,
  type SupportMail,
} from './mail-classification.ts';

const own = ['tier2help@samegoal.com'];
const districts = new Set(['demo.example', 'other.example']);
const districtOf = (domain: string) => (districts.has(domain) ? domain : undefined);

const mail = (given: Partial<SupportMail> = {}): SupportMail => ({
  envelopeFrom: 'pat@demo.example',
  from: ['pat@demo.example'],
  subject: requestSubject,
  headers: new Map(),
  sender: 'confirmed',
  ...given,
});
const outcome = (given: Partial<SupportMail> = {}) => toOutcome(mail(given), own, districtOf);

describe('the subject (R17)', () => {
  it.each([
    requestSubject,
    `  ${requestSubject} `,
    requestSubject.toLowerCase(),
    `Re: ${requestSubject}`,
    `RE: Fwd: fw: ${requestSubject}`,
    `Re[2]: ${requestSubject}`,
    'Complete  SameGoal\r\n Demographics Integration',
  ])('is a request as "%s"', (subject) => {
    expect(outcome({ subject })).toEqual({
      kind: 'request',
      domain: 'demo.example',
      from: 'pat@demo.example',
    });
  });

  it.each([
    '',
    'Complete SameGoal Demographics',
    `Please: ${requestSubject}`,
    `${requestSubject}!`,
  ])('"%s" needs review', (subject) => {
    expect(outcome({ subject })).toEqual({ kind: 'inbox', reason: 'other-subject' });
  });

  it('is found after up to twenty prefixes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('Re: ', 'FWD: ', 'fw:', 'AW: '), { maxLength: 20 }),
        (marks) => {
          expect(plainSubject(marks.join('') + requestSubject)).toBe(requestSubject);
        },
      ),
    );
  });
});

describe('the sender (R16)', () => {
  it.each([
    ['stranger@elsewhere.example', 'unknown-district'],
    ['pat@sub.demo.example', 'unknown-district'],
    ['pat@demo.example.evil.example', 'unknown-district'],
    ['pat', 'unknown-district'],
  ])('%s opens no request', (from, reason) => {
    expect(outcome({ from: [from], envelopeFrom: from })).toEqual({ kind: 'inbox', reason });
  });

  it('in another case is the same district', () => {
    expect(outcome({ from: ['Pat@DEMO.Example'] })).toMatchObject({ domain: 'demo.example' });
  });

  it('whose check failed needs review', () => {
    expect(outcome({ sender: 'contradicted' })).toEqual({
      kind: 'inbox',
      reason: 'sender-contradicted',
    });
  });

  it.each(['pat@demo.example', 'pat@other.example', 'x@elsewhere.example'])(
    'whose domain publishes nothing opens no request, whatever the envelope says: %s',
    (envelopeFrom) => {
      expect(outcome({ sender: 'unknown', envelopeFrom })).toEqual({
        kind: 'inbox',
        reason: 'sender-unconfirmed',
      });
    },
  );

  it('must be a single one', () => {
    expect(outcome({ from: [] })).toMatchObject({ reason: 'no-sender' });
    expect(outcome({ from: ['a@demo.example', 'b@other.example'] })).toMatchObject({
      reason: 'several-senders',
    });
  });
});

describe('automatic mail', () => {
  it.each<[string, Partial<SupportMail>, string]>([
    ['a bounce', { envelopeFrom: '' }, 'bounce'],
    ['a report', { headers: new Map([['content-type', 'multipart/report; x=y']]) }, 'bounce'],
    ['a daemon', { from: ['MAILER-DAEMON@demo.example'] }, 'bounce'],
    [
      'out of office',
      { headers: new Map([['auto-submitted', 'auto-replied']]) },
      'automatic-reply',
    ],
    ['a list', { headers: new Map([['list-id', '<all.demo.example>']]) }, 'automatic-reply'],
    ['bulk', { headers: new Map([['precedence', 'bulk']]) }, 'automatic-reply'],
    ['our own', { from: ['Tier2Help@samegoal.com'] }, 'own-mail'],
  ])('is ignored: %s', (_, given, reason) => {
    expect(outcome(given)).toEqual({ kind: 'ignored', reason });
  });

  it('does not have "Auto-Submitted: no"', () => {
    expect(outcome({ headers: new Map([['auto-submitted', 'no']]) })).toMatchObject({
      kind: 'request',
    });
  });
});
