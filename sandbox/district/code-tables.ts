/** Code tables, which are the same in every sandbox district. */
import type { Value } from './columns.ts';
import type { TableBase } from './table.ts';

/** Creates a small table from literal rows; every field of the first row becomes a column. */
export function smallTable(
  firstId: number,
  rows: readonly Readonly<Record<string, Value>>[],
): TableBase {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return {
    firstId,
    count: rows.length,
    readers: Object.fromEntries(
      Array.from(names, (name) => [name, (row: number): Value => rows[row]?.[name] ?? null]),
    ),
  };
}

/** Normalizes a code: codes are typed manually, so they differ in case and spaces. */
export function normalizeCode(code: Value): string {
  return String(code ?? '')
    .trim()
    .toUpperCase();
}

function codes(firstId: number, lines: readonly string[]): TableBase {
  return smallTable(
    firstId,
    lines.map((line) => {
      const [Code = '', Description = ''] = line.split('|');
      return { Code, Description };
    }),
  );
}

/** Position of a language in its table. */
export const languages = ['en', 'es', 'vi', 'ar', 'hi', 'am', 'fr', 'zh'];
export const firstLanguageId = 31;

/** Position of a compass direction in its table. */
export const directions = ['N', 'S', 'E', 'W', 'NE', 'NW', 'SE', 'SW'];
export const firstDirectionalId = 5;

const suffixes = ['Jr', 'Sr', 'II', 'III', 'IV'];
export const firstSuffixId = 2;

export const firstPhoneTypeId = 3;

export const firstEmailTypeId = 1;

export const relationships = [
  'Mother',
  'Father',
  'Stepmother',
  'Stepfather',
  'Grandmother',
  'Grandfather',
  'Aunt',
  'Uncle',
  'Foster Parent',
  'Legal Guardian',
  'Neighbor',
  'Sibling',
];
export const firstRelationshipId = 21;

export const gradeCodes = [
  'PK',
  'KG',
  '01',
  '02',
  '03',
  '04',
  '05',
  '06',
  '07',
  '08',
  '09',
  '10',
  '11',
  '12',
];
export const firstGradeLevelId = 41;

const studentTypes = ['Regular', 'Transfer', 'Part-time'];
export const firstStudentTypeId = 6;

const states =
  `AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,
DE Delaware,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,
KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,
MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,
NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,
PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,
VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming`
    .split(',')
    .map((line) => line.trim());

const firstStateId = 1;
const texas = firstStateId + states.findIndex((state) => state.startsWith('TX'));
const oklahoma = firstStateId + states.findIndex((state) => state.startsWith('OK'));

export const firstZipId = 501;
/** Number of ZIP rows inside the district; the others are outside. */
export const localZipCount = 5;
export const zipCount = 8;
export const firstCountyId = 71;

function zip(City: string, ZipCode: string, StateID: number) {
  return { City, ZipCode, StateID, CountryCode: 'US' };
}

function placeTables(): [string, TableBase][] {
  const state = smallTable(
    firstStateId,
    states.map((line) => ({
      Code: line.slice(0, 2),
      CountryCode: 'US',
      DisplayName: line.slice(3),
    })),
  );
  return [
    ['SkySys/State', state],
    [
      'Demographics/Zip',
      smallTable(firstZipId, [
        zip('Larkspur Springs', '00501', texas),
        zip('Larkspur Springs', '00502', texas),
        zip('Mesa Verde', '00510', texas),
        zip('Old Ferry', '00511', texas),
        zip('Tres Ríos', '00512', texas),
        zip('Prairie Gate', '00530', texas),
        zip('Cimarron Bluff', '00731', oklahoma),
        zip('Saint Elmo', '00732', oklahoma),
      ]),
    ],
    [
      'Demographics/County',
      smallTable(firstCountyId, [
        { Name: 'Larkspur County', StateID: texas },
        { Name: 'Ferry County', StateID: texas },
        { Name: 'Cimarron County', StateID: oklahoma },
      ]),
    ],
  ];
}

function relationshipRows() {
  return relationships.map((Description) => ({
    Code: Description.replaceAll(' ', '').slice(0, 4).toUpperCase(),
    Description,
    RelationshipType: /Mother|Father|mother|father|Parent/u.test(Description) ? 'Parent' : 'Other',
    RelationshipTypeCode: /Mother|Father|mother|father|Parent/u.test(Description) ? 'P' : 'O',
  }));
}

/** Returns the code tables that depend neither on the district's size nor on its school years. */
export function codeTables(districtId: number): [string, TableBase][] {
  return [
    ...placeTables(),
    [
      'Demographics/Directional',
      codes(firstDirectionalId, [
        'N|North',
        'S|South',
        'E|East',
        'W|West',
        'NE|Northeast',
        'NW|Northwest',
        'SE|Southeast',
        'SW|Southwest',
      ]),
    ],
    [
      'Demographics/Country',
      codes(1, [
        'US|United States',
        'CA|Canada',
        'FR|France',
        'GB|United Kingdom',
        'MX|Mexico',
        'VN|Vietnam',
      ]),
    ],
    [
      'Demographics/Occupation',
      codes(1, ['FARM|Farming', 'HEAL|Health care', 'HOME|Homemaker', 'OFF|Office', 'TRAD|Trades']),
    ],
    ['Demographics/EmailType', codes(firstEmailTypeId, ['P|Personal', 'S|School', 'W|Work'])],
    ['Demographics/GenderIdentity', codes(1, ['F|Female', 'M|Male', 'X|Nonbinary'])],
    [
      'Demographics/Language',
      codes(firstLanguageId, [
        'en|English',
        'es|Spanish',
        'vi|Vietnamese',
        'ar|Arabic',
        'hi|Hindi',
        'am|Amharic',
        'fr|French',
        'zh|Chinese',
      ]),
    ],
    [
      'Demographics/NameSuffix',
      codes(
        firstSuffixId,
        suffixes.map((suffix) => `${suffix}|${suffix}`),
      ),
    ],
    ['Demographics/NameTitle', codes(8, ['Mr|Mister', 'Ms|Miz', 'Dr|Doctor', 'Rev|Reverend'])],
    ['Demographics/PhoneType', codes(firstPhoneTypeId, ['H|Home', 'C|Cell', 'W|Work'])],
    ['Demographics/Relationship', smallTable(firstRelationshipId, relationshipRows())],
    [
      'Enrollment/GradeLevel',
      smallTable(
        firstGradeLevelId,
        gradeCodes.map((Code, index) => ({
          Code,
          Description:
            index === 0 ? 'Prekindergarten' : index === 1 ? 'Kindergarten' : `Grade ${index - 1}`,
          DistrictID: districtId,
          NumericValue: index - 1,
          FederalGradeLevel: Code,
          FederalGradeLevelCode: Code,
          StateGradeLevel: Code,
        })),
      ),
    ],
    [
      'Enrollment/StudentType',
      smallTable(
        firstStudentTypeId,
        studentTypes.map((Description) => ({
          Code: Description.slice(0, 1),
          Description,
          DistrictID: districtId,
        })),
      ),
    ],
  ];
}
