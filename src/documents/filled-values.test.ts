import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fieldsOf, FormTemplate, fieldValueProblem } from '../contract/documents/form-template.ts';
import type { Guardian } from '../contract/students/students.ts';
import type { StudentDetails } from '../students/record/document-details.ts';
import { bindings, type Details, findBinding } from './bindings.ts';
import {
  findDetailsChanges,
  copyFields,
  fillFields,
  formProblems,
  isSameValue,
  updateFields,
} from './filled-values.ts';
import { builtInForms } from './built-in-forms.ts';
import { exampleDetails } from './example-details.ts';

const today = Temporal.PlainDate.from('2026-11-24');

const guardianOf = (change: Partial<Guardian> = {}): Guardian => ({
  ...(exampleDetails().student.guardians[0] as Guardian),
  id: 31,
  position: 1,
  name: { first: 'Lucía', middle: null, last: 'Reyes', suffix: null },
  relationship: 'Mother',
  isCustodial: true,
  livesWith: true,
  isEmergencyContact: true,
  allowsPickup: true,
  hasFamilyAccess: null,
  hasRestrictedAccess: null,
  language: 'Spanish',
  addresses: [],
  phones: [
    { rank: 1, type: 'Home', number: '936-555-0100', extension: null, isConfidential: true },
    { rank: 2, type: 'Cell', number: '936-555-0114', extension: '7', isConfidential: false },
  ],
  emails: [{ rank: 1, type: null, address: 'lucia@mail.example' }],
  ...change,
});

const detailsOf = (
  change: Partial<StudentDetails> = {},
  staff: Readonly<Record<string, string>> = {},
): Details => ({
  districtName: 'Pine Ridge ISD',
  today,
  student: {
    ...exampleDetails().student,
    id: 5,
    name: { first: 'Ana', middle: null, last: 'Reyes', suffix: null },
    legalName: { first: 'Ana', middle: 'María', last: 'Reyes', suffix: 'Jr' },
    otherNames: [],
    studentNumber: '104117',
    stateId: null,
    sisStudentId: 4711,
    birthDate: '2013-11-25',
    gender: 'F',
    race: null,
    ethnicity: null,
    nativeLanguage: 'Spanish',
    homeLanguage: 'Spanish',
    graduationYear: 2031,
    addresses: [],
    phones: [],
    emails: [],
    placement: {
      grade: '07',
      schoolName: 'Cedar Creek Middle',
      schoolStateId: null,
      entityName: null,
      homeroom: null,
      homeroomTeacher: null,
      advisor: null,
    },
    status: 'ENROLLED',
    guardians: [guardianOf()],
    schoolYear: 2027,
    importDate: '2026-11-24',
    staffValues: staff,
    ...change,
  },
});

/** Reads one binding. */
const read = (path: string, details: Details) => findBinding(path)?.read(details);

const form = (fields: unknown[]): FormTemplate =>
  FormTemplate.parse({
    key: 'trial',
    version: 1,
    title: 'Trial',
    group: 'Special Education',
    summary: '',
    allowsSeveral: false,
    sections: [{ title: 'All', fields }],
  });

const text = (key: string, binding: string, more: object = {}) => ({
  kind: 'text',
  key,
  label: key,
  binding,
  ...more,
});

describe('the catalog of bindings', () => {
  it('has each path once, with a meaning and an example of the right kind', () => {
    expect(new Set(bindings.map(({ path }) => path)).size).toBe(bindings.length);
    for (const { meaning, example, holds } of bindings) {
      expect(meaning).not.toBe('');
      expect(holds !== 'date' || /^\d{4}-\d\d-\d\d$/.test(example)).toBe(true);
    }
  });

  it('calculates the age in full years', () => {
    expect(read('student.age', detailsOf())).toMatchObject({ value: '12' });
    expect(read('student.age', detailsOf({ birthDate: '2013-11-24' }))).toMatchObject({
      value: '13',
    });
    expect(read('student.age', detailsOf({ birthDate: '2026-11-25' }))).toHaveProperty('missing');
  });

  it('uses the preferred gender, then the gender of Details, and never guesses', () => {
    const preferred = detailsOf({}, { 'preferred-gender': 'Non-binary' });
    expect(read('student.gender', preferred)).toEqual({ value: 'Non-binary', origin: 'manual' });
    expect(read('student.gender', detailsOf())).toEqual({ value: 'Female', origin: 'record' });
    for (const gender of [null, 'U', 'Unknown', 'constructor']) {
      expect(read('student.gender', detailsOf({ gender }))).toHaveProperty('missing');
    }
  });

  it('uses the pronouns, else those of the preferred gender, never those of the gender in Skyward', () => {
    const both = { pronouns: 'xe/xem', 'preferred-gender': 'Male' };
    expect(read('student.pronouns', detailsOf({}, both))).toMatchObject({ value: 'xe/xem' });
    const one = detailsOf({}, { 'preferred-gender': 'Male' });
    expect(read('student.pronouns', one)).toMatchObject({ value: 'he/him' });
    expect(read('student.pronouns', detailsOf({ gender: 'M' }))).toHaveProperty('missing');
  });

  it('never copies a confidential phone, and explains it', () => {
    expect(read('guardians[1].phone', detailsOf())).toMatchObject({
      value: '936-555-0114 ext. 7',
    });
    expect(read('guardians[1].phone.home', detailsOf())).toEqual({
      missing: 'The home phone of guardian 1 is confidential and is not copied.',
    });
    expect(read('guardians[2].name', detailsOf())).toEqual({
      missing: 'Details have no guardian 2.',
    });
  });
});

describe('a form', () => {
  it('that is built in matches its schema and uses existing bindings', () => {
    for (const one of builtInForms) {
      expect(FormTemplate.safeParse(one).success).toBe(true);
      expect(formProblems(one)).toEqual([]);
    }
    expect(new Set(builtInForms.map(({ key }) => key)).size).toBe(7);
  });

  it('with unknown bindings or duplicates is rejected, one sentence per problem', () => {
    expect(
      formProblems(
        form([
          text('a', 'student.shoeSize'),
          text('a', 'guardians'),
          { kind: 'date', key: 'b', label: 'B', binding: 'student.name' },
          { kind: 'choice', key: 'c', label: 'C', options: ['x', 'x'], fallback: 'y' },
          { kind: 'date', key: 'd', label: 'D', fallback: 'soon' },
        ]),
      ),
    ).toEqual([
      'The field "a" binds to "student.shoeSize", which does not exist.',
      'Two fields have the key "a".',
      'The field "a" can’t hold "guardians".',
      'The field "b" can’t hold "student.name".',
      'The field "c" offers a choice twice.',
      'The fallback of the field "c" must be one of x, x.',
      'The fallback of the field "d" must be a day.',
    ]);
  });
});

describe('R5: a new document', () => {
  it('is pre-filled from Details, each value with its source and import date', () => {
    const filled = fillFields(
      form([
        text('name', 'student.legalName', { format: 'upper-case' }),
        text('born', 'student.birthDate', { format: 'long-date' }),
        text('from', 'district.name'),
        { kind: 'date', key: 'on', label: 'On', binding: 'today' },
        { kind: 'yes-no', key: 'agrees', label: 'Agrees' },
      ]),
      detailsOf(),
    );
    const skyward = { kind: 'skyward', importDate: '2026-11-24', by: null };
    expect(filled['name']).toMatchObject({ value: 'ANA MARÍA REYES JR', source: skyward });
    expect(filled['born']).toMatchObject({ value: 'November 25, 2013', source: skyward });
    expect(filled['from']).toMatchObject({ value: 'Pine Ridge ISD', source: { kind: 'district' } });
    expect(filled['on']).toMatchObject({ value: '2026-11-24', source: { kind: 'calendar' } });
    expect(filled['agrees']).toEqual({ value: null, source: null, note: null, copied: null });
  });

  it('is pre-filled from a manual student, with manual as the source', () => {
    const manual = fillFields(form([text('a', 'student.name')]), detailsOf({ sisStudentId: null }));
    expect(manual['a']?.source?.kind).toBe('manual');
  });

  it('has the fallback, or the reason if Details have no value', () => {
    const filled = fillFields(
      form([
        text('a', 'student.stateId'),
        text('b', 'student.stateId', { fallback: 'applied for' }),
        { kind: 'choice', key: 'c', label: 'C', binding: 'student.grade', options: ['08', '09'] },
      ]),
      detailsOf(),
    );
    expect(filled['a']).toMatchObject({ value: null, note: 'Details have no state ID.' });
    expect(filled['b']).toMatchObject({ value: 'applied for', source: { kind: 'form' } });
    expect(filled['c']).toMatchObject({ value: null, source: null });
    expect(filled['c']?.note).toContain('does not offer');
  });

  /** Any record, including unusual names. */
  const anyText = fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { nil: null });
  const anyDetails = fc
    .record({
      legalName: fc.record({ first: anyText, middle: anyText, last: anyText, suffix: anyText }),
      gender: anyText,
      stateId: anyText,
      birthDate: fc.constantFrom(null, '2013-11-25', '2030-01-01', '1900-02-28'),
      guardians: fc.array(
        fc.record({ relationship: anyText, language: anyText }).map((one) => guardianOf(one)),
        { maxLength: 6 },
      ),
    })
    .map((change) => detailsOf(change));

  it('has, for any record, a valid value with a source in each field, or none', () => {
    fc.assert(
      fc.property(anyDetails, fc.constantFrom(...builtInForms), (details, one) => {
        const filled = fillFields(one, details);
        for (const field of fieldsOf(one)) {
          const stored = filled[field.key];
          const value = stored?.value ?? null;
          expect(fieldValueProblem(field, value)).toBeUndefined();
          expect(stored?.source === null).toBe(value === null);
          const isBound = 'binding' in field && field.binding !== undefined;
          expect(isBound && value === null && !stored?.note?.endsWith('.')).toBe(false);
        }
        expect(findDetailsChanges(one, filled, details)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('equals one created now after updating all changes, and is unchanged after keeping all', () => {
    fc.assert(
      fc.property(anyDetails, anyDetails, fc.constantFrom(...builtInForms), (old, now, one) => {
        const before = fillFields(one, old);
        const changed = findDetailsChanges(one, before, now).map(({ key }) => key);
        const taken = updateFields(one, before, now, { update: changed, keep: [] });
        const fresh = fillFields(one, now);
        for (const { key } of fieldsOf(one)) {
          const [a, b] = [taken[key]?.value ?? null, fresh[key]?.value ?? null];
          expect(isSameValue(a, b)).toBe(true);
        }
        const stored = updateFields(one, before, now, { update: [], keep: changed });
        expect(findDetailsChanges(one, stored, now)).toEqual([]);
        for (const { key } of fieldsOf(one)) expect(stored[key]?.value).toEqual(before[key]?.value);
        expect(updateFields(one, before, now, { update: [], keep: [] })).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });
});

describe('changed Details', () => {
  const one = form([
    text('school', 'school.name'),
    { kind: 'date', key: 'on', label: 'On', binding: 'today' },
    { kind: 'text', key: 'words', label: 'Words' },
    { kind: 'signature', key: 'signed', label: 'Signed' },
  ]);
  const old = detailsOf();
  const moved = detailsOf({
    placement: { ...old.student.placement, schoolName: 'Lakeview High' },
  });

  it('have the old and the current value, and exclude the date of creation', () => {
    const later = { ...moved, today: today.add({ days: 3 }) };
    expect(findDetailsChanges(one, fillFields(one, old), later)).toEqual([
      {
        key: 'school',
        label: 'school',
        before: 'Cedar Creek Middle',
        current: 'Lakeview High',
        documentValue: 'Cedar Creek Middle',
        source: { kind: 'skyward', importDate: '2026-11-24', by: null },
      },
    ]);
  });

  it('exclude values of a field that this version no longer has', () => {
    const filled = fillFields(one, old);
    const older = form([text('school', 'school.earlierName')]);
    expect(findDetailsChanges(older, filled, moved)).toEqual([]);
    expect(copyFields(older, filled, moved)['school']?.value).toBe('Cedar Creek Middle');
  });

  it('exclude values already entered in the document', () => {
    const filled = fillFields(one, old);
    const written = { ...filled, school: { ...filled['school'], value: 'Lakeview High' } };
    expect(findDetailsChanges(one, written as typeof filled, moved)).toEqual([]);
  });

  it('are in a copy, with the entries of the original and without its signatures', () => {
    const typed = (value: string) => ({
      value,
      source: { kind: 'typed', importDate: null, by: 'Sam' } as const,
      note: null,
      copied: null,
    });
    const original = { ...fillFields(one, old), words: typed('Ours'), signed: typed('Sam') };
    const copy = copyFields(one, original, moved);
    expect([copy['school']?.value, copy['words']?.value, copy['signed']?.value]).toEqual([
      'Lakeview High',
      'Ours',
      null,
    ]);
  });
});
