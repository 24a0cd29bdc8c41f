/** How the values of a row are read: each by itself, so that a bad one costs no other. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qmlativObjects } from '../objects/objects.ts';
import type { QmlativField } from '../objects/qmlativ-object.ts';
import {
  code,
  day,
  flag,
  id,
  lines,
  namePart,
  rank,
  InvalidValue,
  text,
  year,
} from '../objects/qmlativ-object.ts';
import { createRowReader } from './row-reading.ts';

const readStudents = (...rows: unknown[]) => createRowReader(qmlativObjects.Student).read(rows, 1);
const student = { StudentID: 1, NameID: 101, StudentNumber: '1001' };

describe('one bad value', () => {
  it('is reported, and the row is read without it', () => {
    const { rows, unreadable, unreadableValues, keys } = readStudents(
      { ...student, GradYear: 20302030203, Grade: '9' },
      { ...student, StudentID: 2 },
    );
    expect(rows).toMatchObject([{ StudentID: 1, GradYear: null, Grade: '9' }, { StudentID: 2 }]);
    expect(unreadable).toEqual([]);
    expect(keys).toEqual([1, 2]);
    expect(unreadableValues).toEqual([
      {
        object: 'Student/Student',
        page: 1,
        row: 1,
        key: 1,
        field: 'GradYear',
        message: 'a number out of range',
        ids: { NameID: 101 },
      },
    ]);
  });

  it('is reported together with all others of the row', () => {
    const { unreadableValues } = readStudents({ ...student, GradYear: 'N/A', Grade: {} });
    expect(unreadableValues.map(({ field }) => field)).toEqual(['Grade', 'GradYear']);
  });

  it.each([
    ['a number that cannot be read', { StudentNumber: {} }, 'StudentNumber'],
    ['no name record', { NameID: 0 }, 'NameID'],
  ])('costs the row when it is %s', (_, words, field) => {
    const { rows, unreadable } = readStudents({ ...student, ...words, GradYear: 'N/A' });
    expect(rows).toEqual([]);
    expect(unreadable).toMatchObject([{ key: 1, field }]);
  });

  it('costs the row when it is a date of an enrollment or a legal name', () => {
    const enrollment = { EntryWithdrawalID: 1, StudentID: 1, EntityID: 401, SchoolYearID: 27 };
    const enrollments = createRowReader(qmlativObjects.EntryWithdrawal);
    const dates = { StartDate: '2026-08-12', EndDate: '12-AUG-2026' };
    expect(enrollments.read([{ ...enrollment, ...dates }], 1).unreadable).toMatchObject([
      { field: 'EndDate' },
    ]);
    const names = createRowReader(qmlativObjects.Name);
    expect(names.read([{ NameID: 1, LastNameLegal: 'x'.repeat(201) }], 1)).toMatchObject({
      rows: [],
      unreadable: [{ field: 'LastNameLegal' }],
    });
  });

  it('does not lose an unrelated row under the key 0', () => {
    const types = createRowReader(qmlativObjects.PhoneType);
    expect(
      types.read(
        [
          { PhoneTypeID: 0, Code: '' },
          { PhoneTypeID: 1, Code: 'C' },
        ],
        1,
      ),
    ).toMatchObject({
      rows: [{ PhoneTypeID: 1 }],
      unreadable: [{ key: 0, field: 'PhoneTypeID' }],
      keys: [0, 1],
    });
  });
});

const refused = (message: string) => new InvalidValue(message);

describe('values', () => {
  it.each<[string, QmlativField<unknown>, unknown, unknown]>([
    ['an id', id.wanted, 17, 17],
    ['an id as text', id.wanted, ' 17\u200b', 17],
    ['the id 0', id.wanted, 0, null],
    ['the id 0 as text', id.wanted, '0', null],
    ['the id 0 where there must be one', id.filled, 0, refused('without a value')],
    ['an empty id', id.wanted, '  ', null],
    ['an id with a fraction', id.wanted, 1.5, refused('not a whole number')],
    ['a rank of 0', rank.wanted, 0, 0],
    ['the highest rank', rank.wanted, 2147483647, 2147483647],
    ['a rank above that', rank.wanted, 2147483648, refused('a number out of range')],
    ['a rank as text above that', rank.wanted, '2147483648', refused('a number out of range')],
    ['a rank far below', rank.wanted, -2147483649, refused('a number out of range')],
    ['a year', year.wanted, '2030', 2030],
    ['a year of five digits', year.wanted, 20300, refused('a number out of range')],
    ['a year of two digits', year.wanted, 30, refused('a number out of range')],
    ['words for a year', year.wanted, 'N/A', refused('not a whole number')],
    ['a number as text', code.wanted, 1001, '1001'],
    ['a number too large', code.wanted, 2 ** 60, refused('a number too large to be read exactly')],
    ['a number with an invisible character', code.wanted, '1001\u200b', '1001'],
    ['a code of blanks', code.filled, '  ', refused('without a value')],
    ['text with blanks', text.wanted, 'Cell   ', 'Cell'],
    ['empty text', text.wanted, '', null],
    ['half a character', text.wanted, 'Jos\ud83d', refused('contains half of a surrogate pair')],
    ['a list for text', text.wanted, ['Cell'], refused('not text')],
    ['text on lines', lines.wanted, 'Gate 3\r\n Rear ', 'Gate 3\nRear'],
    [
      'a name that fits no index',
      namePart.wanted,
      'Q'.repeat(201),
      refused('longer than 200 characters'),
    ],
    ['a flag as text', flag.wanted, ' TRUE ', true],
    ['an empty flag', flag.wanted, ' ', null],
    ['words for a flag', flag.wanted, 'maybe', refused('neither true nor false')],
    ['a day with a time', day.wanted, '2026-08-12T00:00:00', '2026-08-12'],
    ['a day of blanks', day.wanted, ' ', null],
    ['a day there is not', day.wanted, '2026-02-30', refused('not a real date')],
  ])('%s', (_, field, value, kept) => {
    expect(field.read(value)).toEqual(kept);
  });
});

describe('any value whatever', () => {
  const fields: readonly (readonly [string, QmlativField<unknown>])[] = Object.entries({
    code: code.wanted,
    day: day.wanted,
    flag: flag.wanted,
    id: id.wanted,
    lines: lines.wanted,
    namePart: namePart.identifying,
    rank: rank.needed,
    text: text.wanted,
    year: year.wanted,
  });
  const likely = fc.oneof(
    fc.integer(),
    fc.maxSafeInteger(),
    fc.integer({ min: 1000, max: 9999 }),
    fc.integer().map(String),
    fc.constantFrom('true', 'False', '1', 0, '2026-08-12', '8/12/2026', '0001-01-01T00:00:00'),
    fc.string({ unit: 'binary' }),
  );

  it.each(fields)('%s never throws, and reads what it gave as the same', (_, field) => {
    fc.assert(
      fc.property(fc.oneof(likely, fc.anything()), (value) => {
        const read = field.read(value);
        fc.pre(!(read instanceof InvalidValue));
        expect(field.read(read)).toBe(read);
        // As it would come over the wire.
        expect(field.read(JSON.parse(JSON.stringify(read)))).toBe(read);
      }),
      { numRuns: 1000 },
    );
  });

  it('costs no other value of its row', () => {
    const reader = createRowReader(qmlativObjects.Student);
    fc.assert(
      fc.property(
        fc.anything(),
        fc.constantFrom('GradYear', 'Grade', 'StudentStateID'),
        (value, field) => {
          const good = { ...student, Grade: '9', GradYear: 2030, StudentStateID: 'S1' };
          const { rows, unreadable } = reader.read([{ ...good, [field]: value }], 1);
          expect(unreadable).toEqual([]);
          expect({ ...rows[0], [field]: null }).toEqual({
            ...good,
            CalculatedStudentStateID: null,
            LanguageIDNative: null,
            [field]: null,
          });
        },
      ),
    );
  });
});
