/**
 * Builds code tables with one entry each, and rows with few values, for tests of the mapping.
 *
 * This folder has support for tests of `src/qmlativ`.
 */
import type { QmlativCodes } from '../../src/qmlativ/mapping/source-rows.ts';

const label = (code: string, description: string | null) => new Map([[1, { code, description }]]);

/** Returns code tables with the id 1, and overrides. */
export function createCodes(overrides: Partial<QmlativCodes> = {}): QmlativCodes {
  return {
    suffixes: label('JR', 'Jr.'),
    languages: label('98', 'English'),
    relationships: label('M', 'Mother'),
    phoneTypes: label('C', 'Cell'),
    emailTypes: label('H', null),
    entryCodes: label('E', 'Entered'),
    withdrawalCodes: label('01', 'Graduated'),
    counties: label('HAR', 'Harris'),
    streets: new Map([[1, 'N Elm St']]),
    zips: new Map([[1, { zip: '77001', city: 'Houston', state: 'TX', country: null }]]),
    entities: new Map([[401, { name: 'Cedar High' }]]),
    schools: new Map([[1, { name: 'Cedar High School', stateId: '101001' }]]),
    schoolYears: new Map([[7, 2027]]),
    calendarEndDates: new Map([[1, '2027-05-27']]),
    homerooms: new Map([[1, { code: '12A', staffId: 5 }]]),
    staffPersonIds: new Map([[5, 900]]),
    ...overrides,
  };
}
