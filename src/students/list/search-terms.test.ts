/** What a search means: phones, e-mails, grades and schools in what was typed. */
import { describe, expect, it } from 'vitest';

import { findNamedSchools, parseSearch, toSearchWords } from './search-terms.ts';

describe('A search', () => {
  it.each([
    ['Huda Abboud 806-555-0184', 'Huda Abboud 8065550184'],
    ['(512) 555-0102', '5125550102'],
    ['+1 512 555 0102 paz', '5125550102 paz'],
    ['paz 555-0102', 'paz 5550102'],
    ['huda.abboud@district.example', 'huda.abboud@district'],
    ['9140022871', '9140022871'],
    ['20413', '20413'],
  ])('"%s" has the words "%s"', (typed, words) => {
    expect(parseSearch(typed)).toEqual({ words, grades: undefined });
  });

  it.each([
    ['grade 2', '', ['2', '02']],
    ['Maria Grade 11', 'Maria', ['11', '11']],
    ['2nd graders vega', 'vega', ['2', '02']],
    ['kindergarten', '', ['K', 'KG', 'KK', 'KF', 'KP']],
    ['pre-k oak', 'oak', ['PK', 'PREK', 'PK3', 'PK4']],
  ])('"%s" names a grade', (typed, words, grades) => {
    expect(parseSearch(typed)).toEqual({ words, grades });
  });

  it.each(['grade', 'grades', 'Grady 2', 'graden 2'])('"%s" names no grade', (typed) => {
    expect(parseSearch(typed).grades).toBeUndefined();
  });

  it('is compared without accents, capitals and punctuation', () => {
    expect(toSearchWords('  García-López, María J.  O’Brien ')).toEqual([
      'garcia',
      'lopez',
      'maria',
      'j',
      'obrien',
    ]);
  });
});

describe('The schools that a search names', () => {
  const schools = ['Juniper Hills Elementary', 'Cypress Creek High', 'Creek Side Elementary'].map(
    (name, index) => ({ entityId: 401 + index, words: toSearchWords(name) }),
  );

  it.each([
    ['juniper hills', [401], ''],
    ['maria junip', [401], 'maria'],
    ['creek', [402, 403], ''],
    ['creek high smith', [402], 'smith'],
    ['elementary creek', [403], ''],
  ])('"%s"', (words, entityIds, otherWords) => {
    expect(findNamedSchools(words, schools)).toEqual({ entityIds, otherWords });
  });

  it.each(['maria', 'jun', 'hi'])('"%s" names none', (words) => {
    expect(findNamedSchools(words, schools)).toBeUndefined();
  });

  it('is no choice where all are named', () => {
    expect(findNamedSchools('juniper', schools.slice(0, 1))).toBeUndefined();
  });
});
