import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { PdfFormField, PdfFormMapping } from '../../contract/documents/pdf-forms.ts';
import type { Reading } from '../bindings.ts';
import { planFillings } from './values.ts';

const field = (more: Partial<PdfFormField> = {}): PdfFormField => ({
  name: 'f',
  label: null,
  kind: 'text',
  options: [],
  maxLength: null,
  isComb: false,
  isMultiline: false,
  page: 1,
  ...more,
});

const fill = (
  reading: Reading | string,
  of: Partial<PdfFormField> = {},
  mapped: Partial<PdfFormMapping> = {},
) => {
  const given: Reading =
    typeof reading === 'string' ? { value: reading, origin: 'record' } : reading;
  const one = {
    field: 'f',
    binding: 'student.name',
    format: 'plain',
    when: [],
    ...mapped,
  } satisfies PdfFormMapping;
  const [filling] = planFillings([field(of)], [one], () => given);
  return filling;
};

describe('R5: a value in a PDF field', () => {
  it.each([
    ['long-date', 'March 2, 2014'],
    ['short-date', '03/02/2014'],
    ['digits', '03022014'],
    ['month', '03'],
    ['day', '02'],
    ['year', '2014'],
  ] as const)('is formatted as a date: %s', (format, text) => {
    const binding = 'student.birthDate';
    expect(fill('2014-03-02', {}, { binding, format })?.value).toBe(text);
  });

  it('is formatted in capitals or as digits, which may leave it empty', () => {
    expect(fill('Núñez', {}, { format: 'capitals' })?.value).toBe('NÚÑEZ');
    expect(fill('936-555-0114', {}, { format: 'digits' })?.value).toBe('9365550114');
    expect(fill('none', {}, { format: 'digits' })).toMatchObject({ setting: null, value: null });
  });

  it('that is longer than the field allows is not cut: the field is left empty with a note', () => {
    expect(fill('Castillo', { maxLength: 7 })).toMatchObject({
      setting: null,
      note: 'The value has 8 characters and the field takes 7; fill it in manually.',
    });
    expect(fill('Castillo', { maxLength: 8, isComb: true })?.setting).toEqual({
      field: 'f',
      text: 'Castillo',
    });
  });

  it('that Details do not have is left empty with the reason', () => {
    expect(fill({ missing: 'Details have no grade.' })).toMatchObject({
      setting: null,
      value: null,
      note: 'Details have no grade.',
    });
  });

  it('selects the option with its name or with the mapped text, and no other', () => {
    const options = [
      { value: '0', label: 'F' },
      { value: '1', label: 'M' },
    ];
    const radio = { kind: 'radio', options } as const;
    const when = [{ option: '0', text: 'female' }];
    expect(fill('Female', radio, { when })?.setting).toEqual({ field: 'f', option: '0' });
    expect(fill('m', radio, { when })?.setting).toEqual({ field: 'f', option: '1' });
    expect(fill('Non-binary', radio, { when })).toMatchObject({
      setting: null,
      note: 'The field offers no "Non-binary"; choose manually.',
    });
  });

  it('checks a box only if it equals the mapped text', () => {
    const box: Partial<PdfFormField> = {
      kind: 'checkbox',
      options: [{ value: 'Yes', label: 'Yes' }],
    };
    const when = [{ option: 'Yes', text: 'Female' }];
    expect(fill('Female', box, { when })).toMatchObject({ setting: { option: 'Yes' } });
    expect(fill('Male', box, { when })).toMatchObject({
      setting: { isOff: true },
      value: 'Not checked',
      note: null,
    });
  });

  it('lists people on separate lines, or on one line in a single-line field', () => {
    const people: Reading = {
      value: [
        { name: 'Lucía Vega', relationship: 'Mother', phone: '' },
        { name: 'Jon Vega', relationship: '', phone: '936-555-0114' },
      ],
      origin: 'record',
    };
    const binding = 'guardians';
    const lines = 'Lucía Vega, Mother\nJon Vega, 936-555-0114';
    expect(fill(people, { isMultiline: true }, { binding })?.value).toBe(lines);
    expect(fill(people, {}, { binding })?.value).toBe(lines.replace('\n', ' '));
  });

  /** Returns the visible characters of a text. */
  const visible = (text: string) =>
    text
      .toWellFormed()
      .normalize('NFC')
      .replaceAll(/[\s\p{Cc}\p{Cf}]/gu, '');

  it('is set completely or has a reason why not, for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.option(fc.integer({ min: 1, max: 30 })),
        fc.boolean(),
        (text, maxLength, isMultiline) => {
          const filling = fill(text, { maxLength, isMultiline });
          const setting = filling?.setting ?? null;
          const set = setting !== null && 'text' in setting ? setting.text : '';
          const isWhole = set.isWellFormed() && visible(set) === visible(text);
          expect(setting === null ? filling?.note : isWhole).toBeTruthy();
        },
      ),
    );
  });
});
