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

describe('keys made from names', () => {
  it('are valid and unique, whatever is typed', () => {
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

  it('resemble the name', () => {
    expect(createFieldKey('Date of meeting', [])).toBe('dateOfMeeting');
    expect(createFormKey('Autorización médica (2026)', [])).toBe('autorizacion-medica-2026');
  });
});

describe('a changed draft', () => {
  it('is undone step by step, typing in one place as one step', () => {
    let history = createHistory(whole);
    for (const title of ['F', 'Fi', 'Fie'])
      history = pushChange(history, { ...whole, title }, 'title');
    history = pushChange(history, { ...whole, title: 'Fie', group: 'X' }, 'group');
    expect(undoChange(history).draft.title).toBe('Fie');
    expect(undoChange(undoChange(history)).draft).toEqual(whole);
    expect(undoChange(undoChange(undoChange(history))).draft).toEqual(whole);
  });

  it('keeps everything when parts are moved', () => {
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

  it('keeps the name of a field whose kind changes', () => {
    const field = { kind: 'text', key: 'a', label: 'A', isRequired: true, lines: 3 } as const;
    expect(changeKind(field, 'yes-no')).toEqual({
      kind: 'yes-no',
      key: 'a',
      label: 'A',
      isRequired: true,
    });
  });
});

describe('the problems of a draft', () => {
  it('are listed by place, and empty if the draft can be saved', () => {
    expect(draftProblems(whole)).toEqual([]);
    const fields = [{ kind: 'choice' as const, key: 'a', label: ' ', options: ['one', ''] }];
    expect(draftProblems({ ...whole, title: ' ', sections: [{ title: 'S', fields }] })).toEqual([
      'Form: the title is missing.',
      'Section 1, field 1: the name is missing.',
      'Section 1, field 1: the list of options (two or more) is missing.',
    ]);
  });

  it('do not include white space around lines, which is trimmed before sending', () => {
    const section = { title: ' Who ', introduction: [' Dear parents ', ''], fields: [] };
    expect(cleanDraft({ ...whole, sections: [section] }).sections).toEqual([
      { title: 'Who', introduction: ['Dear parents'], fields: [] },
    ]);
  });
});

describe('an imported file', () => {
  it('is accepted as exported, with or without its version', () => {
    expect(parseImportedForm(JSON.stringify(whole))).toEqual(whole);
    expect(parseImportedForm(JSON.stringify({ ...whole, version: 3 }))).toEqual(whole);
  });

  it('of an earlier version, which calls introductions words, is accepted', () => {
    const section = { title: 'Who', fields: [] };
    const earlier = { ...whole, sections: [{ ...section, words: ['Dear parents'] }] };
    expect(parseImportedForm(JSON.stringify(earlier))).toEqual({
      ...whole,
      sections: [{ ...section, introduction: ['Dear parents'] }],
    });
  });

  it('that is not a form is rejected with a message, whatever it contains', () => {
    expect(parseImportedForm('{')).toBe('This file is not JSON.');
    expect(parseImportedForm('{"key":"a"}')).toContain('not a form');
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(typeof parseImportedForm(text)).toBe('string');
      }),
    );
  });
});
