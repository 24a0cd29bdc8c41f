/** The columns of everything that grows with the number of students. */
import {
  directions,
  firstCountyId,
  firstDirectionalId,
  firstEmailTypeId,
  firstLanguageId,
  firstPhoneTypeId,
  firstRelationshipId,
  firstStudentTypeId,
  firstSuffixId,
  firstZipId,
  gradeCodes,
} from './code-tables.ts';
import { ByteColumn, NumberColumn, TextColumn, TextPool } from './columns.ts';
import { createDayWriter } from './day.ts';
import { historyKinds, withdrawalDates, type HistoryKind } from './enrollment-history.ts';
import { firstSchoolYearId } from './school-plan.ts';
import {
  firstCalendarId,
  firstEntryCodeId,
  firstHomeroomId,
  firstSchoolId,
  firstStaffId,
  firstWithdrawalCodeId,
} from './school-tables.ts';
import type { TableBase } from './table.ts';

export const firstNameId = 20_001;
export const firstStudentId = 1_001;
export const firstSpellId = 700_001;
export const firstFamilyId = 8_001;
export const firstStudentGuardianId = 1_900_001;
export const firstStreetId = 1_501;
export const firstAddressId = 400_001;

/** What a name belongs to, one bit each. */
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
/** What a guardian may do, one bit each. */
export const rights = { custody: 1, pickup: 2, portal: 4, emergency: 8 } as const;

export const addressKinds = ['Street', 'PO Box', 'Free Form', 'International'] as const;
const addressKindCodes = ['S', 'P', 'F', 'I'];

/** Empty columns for one district. */
export function createPeopleColumns() {
  const pool = new TextPool();
  const text = (): TextColumn => new TextColumn(pool);
  const number = (): NumberColumn => new NumberColumn();
  const byte = (): ByteColumn => new ByteColumn();
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
    spells: {
      student: number(),
      entity: number(),
      year: byte(),
      school: number(),
      start: number(),
      end: number(),
      entry: number(),
      withdrawal: number(),
      withdrawalDate: byte(),
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

/** Bits of a spell and of an entity year. */
export const marks = {
  isDefault: 1,
  noShow: 2,
  statusChange: 4,
  crossEntity: 8,
  active: 16,
  changesStatus: 32,
} as const;

/** The tables over the columns, ready to be read. */
export function peopleTables(columns: PeopleColumns): [string, TableBase][] {
  return [
    ['Demographics/Name', nameTable(columns)],
    ['Demographics/NameAlias', aliasTable(columns)],
    ['Student/Student', studentTable(columns)],
    ['Demographics/Street', streetTable(columns)],
    ['Demographics/Address', addressTable(columns)],
    ['Demographics/NameAddress', nameAddressTable(columns)],
    ['Demographics/NamePhone', phoneTable(columns)],
    ['Demographics/NameEmail', emailTable(columns)],
    ...familyTables(columns),
    ['Demographics/EmergencyContact', contactTable(columns)],
    ['Enrollment/EntryWithdrawal', spellTable(columns)],
    ['Enrollment/StudentEntityYear', entityYearTable(columns)],
  ];
}

/** The kind of history a generated student was given; undefined for any other student. */
export function historyOf(columns: PeopleColumns, studentId: number): HistoryKind | undefined {
  const row = studentId - firstStudentId;
  if (row < 0 || row >= columns.students.history.length) return undefined;
  return historyKinds[columns.students.history.at(row)];
}

function nameTable({ names }: PeopleColumns): TableBase {
  const write = createDayWriter();
  const has = (column: ByteColumn, bit: number) => (row: number) => (column.at(row) & bit) !== 0;
  return {
    firstId: firstNameId,
    count: names.first.length,
    readers: {
      FirstName: (row) => names.first.at(row),
      MiddleName: (row) => names.middle.at(row),
      LastName: (row) => names.last.at(row),
      FirstNameLegal: (row) => names.legalFirst.at(row),
      LastNameLegal: (row) => names.legalLast.at(row),
      SpecifySeparateLegalName: (row) => names.legalFirst.at(row) !== null,
      BirthDate: (row) => {
        const day = names.birth.at(row);
        return day === null ? null : write(day);
      },
      Gender: (row) => ['Female', 'Male', null][names.gender.at(row)] ?? null,
      GenderCode: (row) => ['F', 'M', null][names.gender.at(row)] ?? null,
      NameSuffixID: (row) => {
        const suffix = names.suffix.at(row);
        return suffix === 0 ? null : firstSuffixId + suffix - 1;
      },
      IsHispanic: has(names.race, races.hispanic),
      IsAlaskan: has(names.race, races.alaskan),
      IsAsian: has(names.race, races.asian),
      IsBlack: has(names.race, races.black),
      IsHawaiian: has(names.race, races.hawaiian),
      IsWhite: has(names.race, races.white),
      IsStudentName: has(names.role, roles.student),
      IsGuardianName: has(names.role, roles.guardian),
      IsStaffName: has(names.role, roles.staff),
      IsEmployeeName: has(names.role, roles.staff),
      IsEmergencyContactName: has(names.role, roles.contact),
    },
  };
}

function aliasTable({ aliases }: PeopleColumns): TableBase {
  return {
    firstId: 90_001,
    count: aliases.name.length,
    readers: {
      NameID: (row) => aliases.name.at(row),
      FirstName: (row) => aliases.first.at(row),
      LastName: (row) => aliases.last.at(row),
      IsMaidenName: (row) => aliases.isMaiden.at(row) === 1,
      Rank: () => 1,
    },
  };
}

function studentTable({ students }: PeopleColumns): TableBase {
  const write = createDayWriter();
  // Spread over ten digits; the factor is prime to the range, so no two students share a number.
  const stateId = (row: number): string => String(1_000_000_000 + ((row * 7919) % 8_999_999_999));
  return {
    firstId: firstStudentId,
    count: students.name.length,
    readers: {
      NameID: (row) => students.name.at(row),
      StudentNumber: (row) => String(10_000 + row * 3).padStart(8, '0'),
      CalculatedStudentStateID: (row) => (students.hasStateId.at(row) === 1 ? stateId(row) : null),
      StudentStateID: (row) => (students.hasStateId.at(row) === 1 ? stateId(row) : null),
      Grade: (row) => gradeCodes[students.grade.at(row)] ?? null,
      GradeNumeric: (row) => students.grade.at(row) - 1,
      GradYear: (row) => students.gradYear.at(row),
      LanguageIDNative: (row) => firstLanguageId + students.language.at(row),
      LanguageIDPrimary: (row) => firstLanguageId + students.language.at(row),
      IsGraduated: (row) => students.isGraduated.at(row) === 1,
      GraduationDate: (row) => {
        const day = students.graduation.at(row);
        return day === null ? null : write(day);
      },
    },
  };
}

function streetTable({ streets }: PeopleColumns): TableBase {
  return {
    firstId: firstStreetId,
    count: streets.name.length,
    readers: {
      Name: (row) => streets.name.at(row),
      DirectionalID: (row) => {
        const direction = streets.direction.at(row);
        return direction < directions.length ? firstDirectionalId + direction : null;
      },
      ZipID: (row) => firstZipId + streets.zip.at(row),
    },
  };
}

function addressTable({ addresses }: PeopleColumns): TableBase {
  const kind = (row: number): number => addresses.kind.at(row);
  const line = (row: number, place: number): string | null =>
    kind(row) === 3 ? (addresses.lines.at(row)?.split('|')[place] ?? null) : null;
  return {
    firstId: firstAddressId,
    count: addresses.kind.length,
    readers: {
      AddressType: (row) => addressKinds[kind(row)] ?? null,
      AddressTypeCode: (row) => addressKindCodes[kind(row)] ?? null,
      StreetID: (row) => addresses.street.at(row),
      StreetNumber: (row) => (kind(row) === 0 ? String(addresses.house.at(row)) : null),
      SecondaryUnitNumber: (row) => addresses.unit.at(row),
      POBox: (row) => (kind(row) === 1 ? String(addresses.house.at(row)) : null),
      FreeformAddress: (row) => (kind(row) === 2 ? addresses.lines.at(row) : null),
      InternationalAddress1: (row) => line(row, 0),
      InternationalAddress2: (row) => line(row, 1),
      InternationalAddress3: (row) => line(row, 2),
      InternationalAddress4: (row) => line(row, 3),
      ZipID: (row) => addresses.zip.at(row),
      CountyID: (row) => (kind(row) === 3 ? null : firstCountyId + addresses.county.at(row)),
    },
  };
}

function nameAddressTable({ nameAddresses }: PeopleColumns): TableBase {
  return {
    firstId: 900_001,
    count: nameAddresses.name.length,
    readers: {
      NameID: (row) => nameAddresses.name.at(row),
      AddressID: (row) => nameAddresses.address.at(row),
      IsPhysical: (row) => (nameAddresses.use.at(row) & 1) !== 0,
      IsMailing: (row) => (nameAddresses.use.at(row) & 2) !== 0,
      IsPrimaryGuardian: (row) => (nameAddresses.use.at(row) & 4) !== 0,
    },
  };
}

function phoneTable({ phones }: PeopleColumns): TableBase {
  return {
    firstId: 1_100_001,
    count: phones.name.length,
    readers: {
      NameID: (row) => phones.name.at(row),
      PhoneNumber: (row) => phones.number.at(row),
      Extension: (row) => phones.extension.at(row),
      PhoneTypeID: (row) => firstPhoneTypeId + phones.kind.at(row),
      Rank: (row) => phones.rank.at(row),
      IsConfidential: (row) => (phones.marks.at(row) & 1) !== 0,
      IsInternational: (row) => (phones.marks.at(row) & 2) !== 0,
    },
  };
}

function emailTable({ emails, names }: PeopleColumns): TableBase {
  const hosts = ['example.com', 'students.example.org', 'example.net'];
  const plain = (text: string | null): string =>
    (text ?? '')
      .normalize('NFD')
      .replaceAll(/[^A-Za-z]/gu, '')
      .toLowerCase();
  return {
    firstId: 1_300_001,
    count: emails.name.length,
    readers: {
      NameID: (row) => emails.name.at(row),
      EmailTypeID: (row) => firstEmailTypeId + emails.kind.at(row),
      Rank: (row) => emails.rank.at(row),
      EmailConfirmed: () => true,
      EmailAddress: (row) => {
        const name = (emails.name.at(row) ?? firstNameId) - firstNameId;
        const person = `${plain(names.first.at(name))}.${plain(names.last.at(name))}${name}`;
        return `${person}@${hosts[emails.kind.at(row)] ?? 'example.com'}`;
      },
    },
  };
}

function familyTables(columns: PeopleColumns): [string, TableBase][] {
  const { families, familyGuardians, studentFamilies, studentGuardians, restrictions } = columns;
  const write = createDayWriter();
  const day = (column: NumberColumn) => (row: number) => {
    const value = column.at(row);
    return value === null ? null : write(value);
  };
  const right = (bit: number) => (row: number) => (studentGuardians.rights.at(row) & bit) !== 0;
  return [
    [
      'Family/Family',
      {
        firstId: firstFamilyId,
        count: families.language.length,
        readers: { LanguageIDHome: (row) => firstLanguageId + families.language.at(row) },
      },
    ],
    [
      'Family/FamilyGuardian',
      {
        firstId: 1_500_001,
        count: familyGuardians.name.length,
        readers: {
          FamilyID: (row) => familyGuardians.family.at(row),
          NameID: (row) => familyGuardians.name.at(row),
          Rank: (row) => familyGuardians.rank.at(row),
        },
      },
    ],
    [
      'Family/StudentFamily',
      {
        firstId: 1_700_001,
        count: studentFamilies.student.length,
        readers: {
          FamilyID: (row) => studentFamilies.family.at(row),
          StudentID: (row) => studentFamilies.student.at(row),
          Rank: (row) => studentFamilies.rank.at(row),
          ReceivesForms: (row) => studentFamilies.rank.at(row) === 1,
          AllowStudentPickup: () => true,
          IsCustodialGuardian: () => true,
          IsPrimaryEmergencyContact: (row) => studentFamilies.rank.at(row) === 1,
        },
      },
    ],
    [
      'Family/StudentGuardian',
      {
        firstId: firstStudentGuardianId,
        count: studentGuardians.student.length,
        readers: {
          StudentID: (row) => studentGuardians.student.at(row),
          NameIDGuardian: (row) => studentGuardians.name.at(row),
          RelationshipID: (row) => firstRelationshipId + studentGuardians.relationship.at(row),
          Rank: (row) => studentGuardians.rank.at(row),
          IsCustodialGuardian: right(rights.custody),
          AllowStudentPickup: right(rights.pickup),
          AllowFamilyAccess: right(rights.portal),
          IsEmergencyContact: right(rights.emergency),
        },
      },
    ],
    [
      'Family/StudentGuardianRestrictedAccess',
      {
        firstId: 61,
        count: restrictions.link.length,
        readers: {
          StudentGuardianID: (row) => restrictions.link.at(row),
          StartDate: day(restrictions.start),
          EndDate: day(restrictions.end),
          Reason: () => 'Court order on file',
        },
      },
    ],
  ];
}

function contactTable({ contacts }: PeopleColumns): TableBase {
  return {
    firstId: 2_100_001,
    count: contacts.name.length,
    readers: {
      NameID: (row) => contacts.name.at(row),
      NameIDEmergencyContact: (row) => contacts.contact.at(row),
      RelationshipID: (row) => firstRelationshipId + contacts.relationship.at(row),
      Rank: (row) => contacts.rank.at(row),
      AllowPickUp: () => true,
    },
  };
}

function spellTable({ spells }: PeopleColumns): TableBase {
  const write = createDayWriter();
  const day = (value: number | null): string | null => (value === null ? null : write(value));
  const has = (bit: number) => (row: number) => (spells.marks.at(row) & bit) !== 0;
  return {
    firstId: firstSpellId,
    count: spells.student.length,
    readers: {
      StudentID: (row) => spells.student.at(row),
      EntityID: (row) => spells.entity.at(row),
      SchoolYearID: (row) => firstSchoolYearId + spells.year.at(row),
      SchoolID: (row) => firstSchoolId + (spells.school.at(row) ?? 0),
      CalendarID: (row) => firstCalendarId + (spells.school.at(row) ?? 0),
      StartDate: (row) => day(spells.start.at(row)),
      EndDate: (row) => day(spells.end.at(row)),
      EntryCodeID: (row) => firstEntryCodeId + (spells.entry.at(row) ?? 0),
      WithdrawalCodeID: (row) => {
        const code = spells.withdrawal.at(row);
        return code === null ? null : firstWithdrawalCodeId + code;
      },
      StudentTypeID: (row) => firstStudentTypeId + spells.type.at(row),
      IsDefaultEntity: has(marks.isDefault),
      IsNoShow: has(marks.noShow),
      IsCrossEntityCourseEnrollment: has(marks.crossEntity),
      StatusChangeEntry: has(marks.statusChange),
      StatusChangeWithdrawal: has(marks.changesStatus),
      EntryWithdrawalIDStatusChangePrevious: (row) => spells.previous.at(row),
      PercentEnrolled: (row) => ((spells.marks.at(row) & marks.crossEntity) === 0 ? 100 : 25),
    },
  };
}

/** How a spell's withdrawal date follows from its end date, for rows of the generator. */
export function withdrawalDateKind(columns: PeopleColumns, row: number): number {
  return row < columns.spells.withdrawalDate.length
    ? columns.spells.withdrawalDate.at(row)
    : withdrawalDates.dayAfter;
}

function entityYearTable({ entityYears, students }: PeopleColumns): TableBase {
  const has = (bit: number) => (row: number) => (entityYears.marks.at(row) & bit) !== 0;
  return {
    firstId: 2_300_001,
    count: entityYears.student.length,
    readers: {
      StudentID: (row) => entityYears.student.at(row),
      NameID: (row) =>
        students.name.at((entityYears.student.at(row) ?? firstStudentId) - firstStudentId),
      EntityID: (row) => entityYears.entity.at(row),
      SchoolYearID: (row) => firstSchoolYearId + entityYears.year.at(row),
      Grade: (row) => gradeCodes[entityYears.grade.at(row)] ?? null,
      HomeroomID: (row) => {
        const homeroom = entityYears.homeroom.at(row);
        return homeroom === null ? null : firstHomeroomId + homeroom;
      },
      StaffIDAdvisor: (row) => {
        const advisor = entityYears.advisor.at(row);
        return advisor === null ? null : firstStaffId + advisor;
      },
      EntryWithdrawalIDLatest: (row) => entityYears.latest.at(row),
      IsActive: has(marks.active),
      IsDefaultEntity: has(marks.isDefault),
      IsCrossEntityCourseEnrollment: has(marks.crossEntity),
      CurrentPercentEnrolled: (row) =>
        (entityYears.marks.at(row) & marks.crossEntity) === 0 ? 100 : 25,
    },
  };
}
