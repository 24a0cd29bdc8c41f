/** The staged columns affected by a missing permission. */
import { describe, expect, it } from 'vitest';
import { sourceField, findMissingPlaces, type StagedPlace } from './qmlativ-sources.ts';
import { stagedTables } from './staged-rows.ts';

const leftOut = (object: string, ...fields: string[]) =>
  [...findMissingPlaces([{ object, fields }])].toSorted();

describe('findMissingPlaces', () => {
  it('is empty without missing permissions, or for fields that no column needs', () => {
    expect(findMissingPlaces([])).toEqual(new Set());
    expect(leftOut('Demographics/Name', 'NameTitleID')).toEqual([]);
  });

  it.each<[string, string[], StagedPlace[]]>([
    ['Demographics/Name', ['BirthDate'], ['people.birth_date']],
    ['Demographics/Name', ['Gender'], []],
    ['Demographics/Name', ['Gender', 'GenderCode'], ['people.gender']],
    ['Demographics/Relationship', [], ['guardian_links.relationship']],
    ['SkySys/State', [], ['addresses.state']],
    ['Attendance/Calendar', ['EndDate'], ['enrollments.calendar_end_date']],
    ['Family/Family', [], ['families', 'families.home_language']],
  ])('returns the columns from %s %j', (object, fields, places) => {
    expect(leftOut(object, ...fields)).toEqual(places);
  });

  it('returns a whole table with all its columns', () => {
    expect(leftOut('Demographics/NamePhone')).toEqual(
      expect.arrayContaining(['person_phones', 'person_phones.number', 'person_phones.rank']),
    );
  });

  it('returns existing columns', () => {
    const objects = ['Demographics/Name', 'Demographics/Address', 'Student/Student'];
    for (const place of objects.flatMap((object) => leftOut(object))) {
      const [table, column] = place.split('.');
      const columns = Object.entries(stagedTables).find(([name]) => name === table)?.[1] ?? {};
      expect([undefined, ...Object.keys(columns)]).toContain(column);
    }
  });
});

describe('sourceField', () => {
  it('returns the place in Skyward', () => {
    expect(sourceField('students.student_number')).toEqual({
      object: 'Student/Student',
      field: 'StudentNumber',
    });
    expect(sourceField('people.gender')).toEqual({
      object: 'Demographics/Name',
      field: 'Gender, GenderCode',
    });
  });
});
