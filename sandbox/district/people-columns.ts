/** The columns of all tables that grow with the number of students. */
import { ByteColumn, NumberColumn, TextColumn, TextPool, type Reader } from './columns.ts';
import type { Day } from '../day.ts';

export const firstNameId = 20_001;
export const firstStudentId = 1_001;
export const firstEnrollmentId = 700_001;
export const firstFamilyId = 8_001;
export const firstStudentGuardianId = 1_900_001;
export const firstStreetId = 1_501;
export const firstAddressId = 400_001;

/** Roles of a name, one bit each. */
export const roles = { student: 1, guardian: 2, staff: 4, contact: 8 } as const;
/** Race and ethnicity, one bit each. */
export const races = {
  hispanic: 1,
  alaskan: 2,
  asian: 4,
  black: 8,
  hawaiian: 16,
  white: 32,
} as const;
/** Rights of a guardian, one bit each. */
export const rights = { custody: 1, pickup: 2, portal: 4, emergency: 8 } as const;

const number = (): NumberColumn => new NumberColumn();
const byte = (): ByteColumn => new ByteColumn();

/** Returns empty columns for one district. */
export function createPeopleColumns() {
  const pool = new TextPool();
  const text = (): TextColumn => new TextColumn(pool);
  return {
    names: {
      first: text(),
      middle: text(),
      last: text(),
      legalFirst: text(),
      legalLast: text(),
      birth: number(),
      gender: byte(),
      race: byte(),
      role: byte(),
      suffix: byte(),
    },
    aliases: { name: number(), first: text(), last: text(), isMaiden: byte() },
    students: {
      name: number(),
      grade: byte(),
      gradYear: number(),
      language: byte(),
      history: byte(),
      hasStateId: byte(),
      isGraduated: byte(),
      graduation: number(),
    },
    addresses: {
      kind: byte(),
      street: number(),
      house: number(),
      unit: text(),
      zip: number(),
      county: byte(),
      lines: text(),
    },
    streets: { name: text(), direction: byte(), zip: byte() },
    nameAddresses: { name: number(), address: number(), use: byte() },
    phones: {
      name: number(),
      number: text(),
      kind: byte(),
      rank: byte(),
      marks: byte(),
      extension: text(),
    },
    emails: { name: number(), kind: byte(), rank: byte() },
    families: { language: byte() },
    familyGuardians: { family: number(), name: number(), rank: byte() },
    studentFamilies: { family: number(), student: number(), rank: byte() },
    studentGuardians: {
      student: number(),
      name: number(),
      relationship: byte(),
      rights: byte(),
      rank: byte(),
    },
    restrictions: { link: number(), start: number(), end: number() },
    contacts: { name: number(), contact: number(), relationship: byte(), rank: byte() },
    enrollments: {
      student: number(),
      entity: number(),
      year: byte(),
      grade: byte(),
      school: number(),
      start: number(),
      end: number(),
      entry: number(),
      withdrawal: number(),
      type: byte(),
      marks: byte(),
      previous: number(),
    },
    entityYears: {
      student: number(),
      entity: number(),
      year: byte(),
      grade: byte(),
      homeroom: number(),
      advisor: number(),
      latest: number(),
      marks: byte(),
    },
  };
}

export type PeopleColumns = ReturnType<typeof createPeopleColumns>;

/** Bits of an enrollment and of an entity year. */
export const marks = {
  isDefault: 1,
  noShow: 2,
  statusChange: 4,
  crossEntity: 8,
  active: 16,
  changesStatus: 32,
  withdrawal: 64,
} as const;

/** Returns a reader of one bit of a column. */
export function bitReader(column: ByteColumn, bit: number): Reader {
  return (row) => (column.at(row) & bit) !== 0;
}

/** Returns a reader of a column of days in the API's form. */
export function dayReader(column: NumberColumn, write: (day: Day) => string): Reader {
  return (row) => {
    const day = column.at(row);
    return day === null ? null : write(day);
  };
}

/** Returns a reader of a column of indexes as keys of a table whose first key is `firstId`. */
export function keyReader(column: NumberColumn, firstId: number): Reader {
  return (row) => {
    const index = column.at(row);
    return index === null ? null : firstId + index;
  };
}
