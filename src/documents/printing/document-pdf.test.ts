import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readPdf } from '../../../tests/builders/pdf-text.ts';
import type { DocumentField } from '../../contract/documents/documents.ts';
import {
  type FieldValue,
  fieldsOf,
  type FormField,
  type FormTemplate,
} from '../../contract/documents/form-template.ts';
import { documentPdf } from './document-pdf.ts';
import { printable, unknownCharacters } from './printable-text.ts';
import { builtInForms } from '../built-in-forms.ts';

/** Returns a value for a field that is unique in the document. */
function valueFor(field: FormField, index: number): FieldValue {
  if (field.kind === 'date') return `2026-03-${String((index % 27) + 1).padStart(2, '0')}`;
  if (field.kind === 'choice') return field.options[0] ?? null;
  if (field.kind === 'yes-no') return 'yes';
  if (field.kind === 'people') {
    return [Object.fromEntries(field.columns.map(({ key }) => [key, `Ñandú ${key} ${index}`]))];
  }
  return `Žofie Ångström ${field.key} ${index}`;
}

const wordsFor = (field: FormField, value: FieldValue): string[] => {
  if (Array.isArray(value)) return value.flatMap((row) => Object.values(row));
  if (field.kind === 'date') {
    return [Temporal.PlainDate.from(String(value)).toLocaleString('en-US', { dateStyle: 'long' })];
  }
  return [field.kind === 'yes-no' ? 'Yes' : String(value)];
};

const print = async (
  form: FormTemplate,
  fields: readonly DocumentField[],
  studentName = 'Žofie Ångström',
) =>
  readPdf(
    await documentPdf({
      form,
      fields,
      studentName,
      districtName: 'Pine Ridge ISD',
      footer: 'Complete, version 3',
    }),
  );

const fieldOf = (key: string, value: FieldValue): DocumentField => ({
  key,
  value,
  source: null,
  note: null,
});

describe.each(builtInForms)('the PDF of $title', (form) => {
  it('has every label and every value as real text, tagged, titled and in its language', async () => {
    const fields = fieldsOf(form).map((field, index) => fieldOf(field.key, valueFor(field, index)));
    const pdf = await print(form, fields);
    const values = new Map(fields.map(({ key, value }) => [key, value]));
    for (const field of fieldsOf(form)) {
      const expected = [field.label, ...wordsFor(field, values.get(field.key) ?? null)];
      // Texts that wrap have line breaks in place of spaces.
      for (const words of expected) expect(close(pdf.text)).toContain(close(words));
    }
    for (const { title } of form.sections) expect(pdf.text).toContain(title);
    expect(pdf).toMatchObject({
      title: `${form.title}: Žofie Ångström`,
      language: 'en-US',
      isTagged: true,
    });
    expect(pdf.roles.filter((role) => role === 'H1')).toHaveLength(1);
    expect(pdf.roles.filter((role) => role === 'H2')).toHaveLength(form.sections.length);
    expect(pdf.text).toContain(`Page 1 of ${pdf.pages}`);
  });
});

describe('a field without a value', () => {
  it.each(builtInForms)(
    'of $title has nothing but its label, options to tick, and lines',
    async (form) => {
      const pdf = await print(form, []);
      expect(pdf.text).not.toMatch(/Not filled in|Nobody/);
      for (const field of fieldsOf(form)) {
        expect(close(pdf.text)).toContain(close(field.label));
        if (field.kind !== 'choice') continue;
        for (const option of field.options) expect(close(pdf.text)).toContain(close(`☐ ${option}`));
      }
      expect(pdf.text).not.toContain('The font of this PDF lacks');
    },
  );
});

describe('a table of people', () => {
  const [form] = builtInForms.filter(({ key }) => key === 'education-program-cover');
  if (form === undefined) throw new Error('The form of this test is no longer built in');

  it('is headed once, and keeps e-mail addresses whole', async () => {
    const email = 'alexandria.montgomery@families.example';
    const guardians = [
      { name: 'Alexandria Montgomery', relationship: 'Grandmother', phone: '936-555-0114', email },
    ];
    const pdf = await print(form, [fieldOf('guardians', guardians)]);
    expect(pdf.text.match(/Parents and guardians/g)).toHaveLength(1);
    expect(pdf.text).toContain(email);
  });
});

const close = (text: string) => text.replaceAll(/\s/g, '');

describe('values that are hard to print', () => {
  const [form] = builtInForms.filter(({ key }) => key === 'meeting-notice');
  if (form === undefined) throw new Error('The form of this test is no longer built in');

  it('a field of 10,000 characters continues over pages to its last word', async () => {
    const long = `${'lorem ipsum '.repeat(832)}finished.`;
    const pdf = await print(form, [fieldOf('purpose', long)]);
    expect(pdf.pages).toBeGreaterThan(2);
    expect(pdf.text).toContain('finished.');
    expect(pdf.text.match(/lorem/g)).toHaveLength(832);
  });

  it('Greek, Cyrillic and Vietnamese are printed; missing characters are boxes and listed', async () => {
    const pdf = await print(form, [
      fieldOf('parentName', 'Ελένη Шевченко Nguyễn'),
      fieldOf('purpose', '王芳 comes'),
    ]);
    expect(pdf.text).toContain('Ελένη Шевченко Nguyễn');
    expect(pdf.text).toContain('□□ comes');
    expect(pdf.text).toContain('(U+738B, U+82B3)');
  });

  it('text that looks like code is printed as text', async () => {
    const given = '<script>alert(1)</script> =1+1 ) Tj ET \\(';
    const pdf = await print(form, [fieldOf('purpose', given)]);
    expect(pdf.text).toContain(given);
  });

  it('any character is drawn or boxed, never dropped', () => {
    const hasGlyph = (codePoint: number) => codePoint < 0x3000;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const drawn = printable(text, hasGlyph);
        for (const one of drawn) {
          expect(
            one === '\n' || one === '□' || (one >= ' ' && hasGlyph(one.codePointAt(0) ?? 0)),
          ).toBe(true);
        }
        const isBoxed = drawn.includes('□') && !text.includes('□');
        expect(isBoxed && unknownCharacters(text, hasGlyph).length === 0).toBe(false);
      }),
    );
  });
});
