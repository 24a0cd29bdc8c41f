/** The pure part of a probe: recognizes formats of bytes, dates and pages, and stores no value. */
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qmlativObjects } from '../objects/objects.ts';
import { writtenDate } from './date-form.ts';
import { findEnvelope, listForm, type ListForm } from './list-form.ts';
import { newObservations } from './observations.ts';
import { errorForm } from './rejection-form.ts';
import { readSwitches } from './switch-readings.ts';
import { toSeenResponse } from './wire-form.ts';

const json = '{"access_token":"ünï"}';
const answer = (body: Buffer, contentType?: string, contentEncoding?: string) =>
  toSeenResponse({
    kind: 'response',
    status: 200,
    retryAfter: undefined,
    location: undefined,
    contentType,
    contentEncoding,
    body,
  });

describe('the bytes of a response', () => {
  const utf8 = Buffer.from(json);
  const utf16 = Buffer.from(json, 'utf16le');
  it.each([
    ['as they are', utf8, 'application/json', undefined, 'none', 'utf-8', false],
    ['gzip', gzipSync(utf8), undefined, 'gzip', 'gzip', 'utf-8', false],
    ['x-gzip', gzipSync(utf8), undefined, 'X-GZIP', 'x-gzip', 'utf-8', false],
    ['deflate', deflateSync(utf8), undefined, 'deflate', 'deflate', 'utf-8', false],
    ['bare deflate', deflateRawSync(utf8), undefined, 'deflate', 'deflate', 'utf-8', false],
    ['said to be gzip', utf8, undefined, 'gzip', 'mislabeled', 'utf-8', false],
    ['marked', Buffer.from(`\uFEFF${json}`), undefined, undefined, 'none', 'utf-8', true],
    ['UTF-16', utf16, 'application/json; charset=utf-16', undefined, 'none', 'utf-16', false],
    [
      'UTF-16BE',
      Buffer.from(utf16).swap16(),
      'a/b; charset=utf-16',
      undefined,
      'none',
      'utf-16',
      false,
    ],
    [
      'marked UTF-16',
      Buffer.from(`\uFEFF${json}`, 'utf16le'),
      undefined,
      undefined,
      'none',
      'utf-16',
      true,
    ],
    [
      'Latin-1',
      Buffer.from(json, 'latin1'),
      'a/b; charset="ISO-8859-1"',
      undefined,
      'none',
      'latin-1',
      false,
    ],
    [
      'Latin-1 as UTF-8',
      Buffer.from(json, 'latin1'),
      'a/b; charset=utf-8',
      undefined,
      'none',
      'mislabeled',
      false,
    ],
  ])('%s', (_name, body, type, encoding, packing, charset, hasMark) => {
    const seen = answer(body, type, encoding);
    expect(seen.wire).toMatchObject({ packing, charset, hasMark, hasAccents: true });
    expect(seen.json).toEqual(JSON.parse(json));
  });

  it('are distinguished from a web page, text and an empty body', () => {
    expect(errorForm(answer(Buffer.from(' <html>')))).toBe('html');
    expect(errorForm(answer(Buffer.from('No.')))).toBe('text');
    expect(errorForm(answer(Buffer.from('')))).toBe('empty');
    expect(errorForm(answer(Buffer.from('{"Error":"No."}')))).toBe('error');
    expect(errorForm(answer(Buffer.from('{"errors":["No."]}')))).toBe('errors-list');
    expect(errorForm(answer(Buffer.from('{"Message":"No."}')))).toBe('message');
    expect(errorForm(answer(Buffer.from('["No."]')))).toBe('other');
  });
});

describe('a date', () => {
  it.each([
    ['2026-08-31', 'iso-date', '2026-08-31'],
    ['2026-08-31T00:00:00', 'iso-midnight', '2026-08-31'],
    ['2026-08-31T00:00:00.000Z', 'iso-midnight-utc', '2026-08-31'],
    ['8/31/2026', 'us-date', '2026-08-31'],
    ['8/31/2026 12:00:00 AM', 'us-midnight', '2026-08-31'],
    ['8/31/2026 12:00:00\u202fAM', 'us-midnight-narrow-space', '2026-08-31'],
    ['31-AUG-2026', 'day-month-name', '2026-08-31'],
    ['0001-01-01T00:00:00', 'iso-midnight', '0001-01-01'],
    ['2026-02-30', 'iso-date', undefined],
    ['31.8.2026', 'other', undefined],
    ['31-XXX-2026', 'day-month-name', undefined],
  ])('%s is %s', (text, form, date) => {
    const written = writtenDate(text);
    expect([written.form, written.date?.toString()]).toEqual([form, date]);
  });
});

const { Name, EntryWithdrawal } = qmlativObjects;

function formOf(page: unknown, object: typeof Name | typeof EntryWithdrawal, fields?: string[]) {
  const envelope = findEnvelope(page);
  if (envelope === null || envelope === undefined) throw new Error('no list');
  return listForm(envelope, {
    object,
    fields: fields ?? Object.keys(object.fields),
    path: `/Custom/2/${object.module}/${object.name}`,
  });
}

/** Everything a form holds, as text. */
const told = (form: ListForm) =>
  JSON.stringify(form, (_name, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...value] : value,
  );

describe('a page', () => {
  it('keeps no value of a row, whatever they are', () => {
    const value = fc.oneof(
      fc.string({ minLength: 4 }),
      fc.integer({ min: 1000 }),
      fc.constant(null),
      fc.boolean(),
    );
    const row = fc.dictionary(fc.constantFrom(...Object.keys(Name.fields), 'Extra'), value);
    const vocabulary = told(formOf({ Objects: [], Paging: {} }, Name));
    const kept = (rows: readonly Readonly<Record<string, unknown>>[]) => {
      const held = told(formOf({ Objects: rows, Paging: { Next: null } }, Name));
      return rows
        .flatMap((one) => Object.values(one))
        .filter((each) => typeof each === 'string' || typeof each === 'number')
        .map(String)
        .filter((each) => held.includes(each) && !vocabulary.includes(each));
    };
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
        expect(kept(rows)).toEqual([]);
      }),
    );
    expect(told(formOf({ Objects: [{ NameID: 1 }], Paging: {} }, Name))).toContain('filled');
  });

  it('recognizes members, Next and absent values', () => {
    const form = formOf(
      {
        objects: [
          { nameid: 1, firstname: '', namesuffixid: 0, birthdate: '9999-12-31' },
          { nameid: 2, firstname: 'A', namesuffixid: null, rowversion: 'x' },
          { nameid: 3, firstname: null, birthdate: '2012-02-29' },
        ],
        paging: { next: '/custom/2/demographics/name/2/3?searchFields=NameID' },
      },
      Name,
    );
    expect(form).toMatchObject({
      envelope: 'lower',
      memberCase: 'lower',
      next: 'path-with-query',
      nextPage: 2,
      nextPageSize: 3,
      hasExtras: true,
      order: 'ascending',
    });
    expect(form.fields.get('FirstName')).toMatchObject({ emptyText: 1, filled: 1, null: 1 });
    expect(form.fields.get('NameSuffixID')).toMatchObject({ zero: 1, null: 1, absent: 1 });
    expect(form.fields.get('BirthDate')).toMatchObject({ lastDay: 1, filled: 1, absent: 1 });
  });

  it.each([
    [undefined, 'absent'],
    [null, 'null'],
    ['', 'empty'],
    ['/Custom/2/Demographics/Name/2/50', 'path'],
    ['/custom/2/demographics/name/2/50', 'lower-case-path'],
    ['https://x.example/StuAPI/Custom/2/Demographics/Name/2/50', 'absolute'],
    [7, 'other'],
  ])('with Next %s', (next, form) => {
    expect(formOf({ Objects: [], Paging: { Next: next } }, Name).next).toBe(form);
  });

  it('distinguishes nested and flat fields of related objects', () => {
    const fields = ['NameID', 'NameSuffix.Code'];
    const page = (row: object) => ({ Objects: [row], Paging: {} });
    expect(formOf(page({ NameID: 1, NameSuffix: { Code: 'x' } }), Name, fields).nesting).toBe(
      'nested',
    );
    expect(formOf(page({ NameID: 1, 'NameSuffix.Code': 'x' }), Name, fields).nesting).toBe('flat');
    expect(formOf(page({ NameID: 1, NameSuffix: null }), Name, fields)).toMatchObject({
      nesting: undefined,
      relatedNull: 1,
    });
  });

  it('counts the days between the end of an enrollment and the withdrawal', () => {
    const row = (StartDate: string, EndDate: string | null, WithdrawalDate: string) => ({
      StartDate,
      EndDate,
      WithdrawalDate,
    });
    const form = formOf(
      {
        Objects: [
          row('2026-08-12', '2026-10-01', '2026-10-02'),
          row('2026-08-12', '2026-10-02', '2026-10-03'),
          row('2026-08-12', '2026-10-02', '2026-10-05'),
          row('2026-08-12', '2026-10-02', '2026-10-02'),
          // Who never came, and who is still there.
          row('2026-08-12', '2026-08-12', '2026-08-12'),
          row('2026-08-12', null, '2026-10-02'),
          row('2026-08-12', '9999-12-31', '9999-12-31'),
        ],
        Paging: {},
      },
      EntryWithdrawal,
    );
    expect(form.withdrawals).toEqual({ same: 1, nextDay: 2, onWeekend: 1, later: 1 });
  });
});

it('reports a reason for each switch without any response', () => {
  for (const reading of Object.values(readSwitches(newObservations(false))))
    expect(reading).toEqual({ value: null, reason: expect.stringMatching(/\w/) });
});
