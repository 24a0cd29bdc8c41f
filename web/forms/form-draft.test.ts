import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FormDraft } from '../../src/contract/documents/forms.ts';
import {
  pushChange,
  cleanDraft,
  draftProblems,
  emptyDraft,
  changeKind,
  createFormKey,
  createHistory,
  parseImportedForm,
  createFieldKey,
  movedAt,
  undoChange,
} from './form-draft.ts';

const whole: FormDraft = {
  ...emptyDraft,
  key: 'field-trip',
  title: 'Field trip',
  group: 'Our own',
  sections: [{ title: 'Who', fields: [{ kind: 'text', key: 'name', label: 'Student' }] }],
};

describe('keys made of names', () => {
  it('are accepted and unlike those taken, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (label, others) => {
        const first = createFieldKey(label, others);
        const second = createFieldKey(label, [...others, first]);
        expect(second).not.toBe(first);
        expect(first).toMatch(/^[a-z][A-Za-z0-9]{0,59}$/);
        expect(createFormKey(label, others)).toMatch(/^[a-z][a-z0-9-]{1,59}$/);
      }),
    );
  });

  it('read like the name', () => {
    expect(createFieldKey('Date of meeting', [])).toBe('dateOfMeeting');
    expect(createFormKey('Autorización médica (2026)', [])).toBe('autorizacion-medica-2026');
  });
});

describe('a draft that is changed', () => {
  it('comes back step by step, letters of one place together', () => {
    let history = createHistory(whole);
    for (const title of ['F', 'Fi', 'Fie'])
      history = pushChange(history, { ...whole, title }, 'title');
    history = pushChange(history, { ...whole, title: 'Fie', group: 'X' }, 'group');
    expect(undoChange(history).draft.title).toBe('Fie');
    expect(undoChange(undoChange(history)).draft).toEqual(whole);
    expect(undoChange(undoChange(undoChange(history))).draft).toEqual(whole);
  });

  it('keeps everything that is moved', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat()),
        fc.nat(10),
        fc.constantFrom(-1 as const, 1 as const),
        (list, at, by) => {
          const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
          expect(sorted(movedAt(list, at, by))).toEqual(sorted(list));
        },
      ),
    );
  });

  it('keeps the name of a field that becomes another kind', () => {
    const field = { kind: 'text', key: 'a', label: 'A', isRequired: true, lines: 3 } as const;
    expect(changeKind(field, 'yes-no')).toEqual({
      kind: 'yes-no',
      key: 'a',
      label: 'A',
      isRequired: true,
    });
  });
});

describe('what is wrong with a draft', () => {
  it('is told by place, and is nothing when it can be saved', () => {
    expect(draftProblems(whole)).toEqual([]);
    const fields = [{ kind: 'choice' as const, key: 'a', label: ' ', options: ['one', ''] }];
    expect(draftProblems({ ...whole, title: ' ', sections: [{ title: 'S', fields }] })).toEqual([
      'Form: the title is missing.',
      'Section 1, field 1: the name is missing.',
      'Section 1, field 1: what can be chosen (two lines or more) is missing.',
    ]);
  });

  it('is not that lines have blanks around them: those are not sent', () => {
    const section = { title: ' Who ', words: [' Dear parents ', ''], fields: [] };
    expect(cleanDraft({ ...whole, sections: [section] }).sections).toEqual([
      { title: 'Who', words: ['Dear parents'], fields: [] },
    ]);
  });
});

describe('a file to import', () => {
  it('is taken as it was exported, with its version or without', () => {
    expect(parseImportedForm(JSON.stringify(whole))).toEqual(whole);
    expect(parseImportedForm(JSON.stringify({ ...whole, version: 3 }))).toEqual(whole);
  });

  it('that is something else is refused in words, whatever it holds', () => {
    expect(parseImportedForm('{')).toBe('This file is no JSON.');
    expect(parseImportedForm('{"key":"a"}')).toContain('not a form of Daybreak');
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(typeof parseImportedForm(text)).toBe('string');
      }),
    );
  });
});
