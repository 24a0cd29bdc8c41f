/** The expected records of students, joined from Skyward's rows independently of the import. */
import type { Rows } from '../../sandbox/district/rows.ts';
import { expectedDecision } from '../status-oracle.ts';

/** A row of Skyward or of Daybreak. */
export type Row = Record<string, string | number | boolean | null>;

/** Reads Skyward's objects as maps by key, without its API. */
function readTables(getRows: (path: string) => Rows) {
  const read = (path: string): Map<number, Row> => {
    const rows = getRows(path);
    return new Map([...rows.ids()].map((id) => [id, rows.find(id) ?? {}]));
  };
  return {
    students: read('Student/Student'),
    names: read('Demographics/Name'),
    aliases: read('Demographics/NameAlias'),
    suffixes: read('Demographics/NameSuffix'),
    languages: read('Demographics/Language'),
    relationships: read('Demographics/Relationship'),
    phones: read('Demographics/NamePhone'),
    phoneTypes: read('Demographics/PhoneType'),
    emails: read('Demographics/NameEmail'),
    emailTypes: read('Demographics/EmailType'),
    nameAddresses: read('Demographics/NameAddress'),
    addresses: read('Demographics/Address'),
    zips: read('Demographics/Zip'),
    states: read('SkySys/State'),
    counties: read('Demographics/County'),
    guardians: read('Family/StudentGuardian'),
    families: read('Family/Family'),
    studentFamilies: read('Family/StudentFamily'),
    familyGuardians: read('Family/FamilyGuardian'),
    enrollmentRows: read('Enrollment/EntryWithdrawal'),
    entityYears: read('Enrollment/StudentEntityYear'),
    homerooms: read('Enrollment/Homeroom'),
    staff: read('Staff/Staff'),
    entities: read('District/Entity'),
    schools: read('Enrollment/School'),
    schoolYears: read('District/SchoolYear'),
    calendars: read('Attendance/Calendar'),
    withdrawalCodes: read('Enrollment/WithdrawalCode'),
    entryCodes: read('Enrollment/EntryCode'),
  };
}

/** Returns the row with this key. */
export const at = (rows: Map<number, Row>, id: unknown): Row | undefined =>
  typeof id === 'number' ? rows.get(id) : undefined;
const words = (rows: Map<number, Row>, id: unknown) => at(rows, id)?.['Description'] ?? null;
const formatDay = (value: unknown) => (typeof value === 'string' ? value.slice(0, 10) : null);
const number = (value: unknown) => (typeof value === 'number' ? value : Infinity);

/** Returns the rows with `id` in `field`, ordered by rank and key. */
const of = (rows: Map<number, Row>, field: string, id: unknown): [number, Row][] =>
  [...rows]
    .filter(([, row]) => row[field] === id)
    .toSorted(([a, x], [b, y]) => number(x['Rank']) - number(y['Rank']) || a - b);

/** Reads all tables; returns functions for records as of `today`, a day of the school year 2026-27. */
export function readSkyward(getRows: (path: string) => Rows, today: string) {
  const table = readTables(getRows);
  const listPhones = (nameId: unknown) =>
    of(table.phones, 'NameID', nameId).map(([, row]) => ({
      rank: row['Rank'],
      type: row['IsFax'] === true ? 'Fax' : words(table.phoneTypes, row['PhoneTypeID']),
      number: row['FormattedPhoneNumber'],
      extension: row['Extension'],
      isConfidential: row['IsConfidential'],
    }));

  const listEmails = (nameId: unknown) =>
    of(table.emails, 'NameID', nameId).map(([, row]) => ({
      rank: row['Rank'],
      type: words(table.emailTypes, row['EmailTypeID']),
      address: row['EmailAddress'],
    }));

  const listAddresses = (nameId: unknown) =>
    of(table.nameAddresses, 'NameID', nameId)
      .toSorted(([, x], [, y]) => Number(y['IsPhysical']) - Number(x['IsPhysical']))
      .map(([, link]) => {
        const row = at(table.addresses, link['AddressID']) ?? {};
        const zip = at(table.zips, row['ZipID']);
        const uses = [link['IsPhysical'] && 'home', link['IsMailing'] && 'mailing'].filter(Boolean);
        const lines = [
          row['POBox'] === null ? null : `PO Box ${row['POBox']}`,
          row['StreetNumberAndNameIncludeSecondaryUnit'],
          row['AddressLine2'],
          ...String(row['FreeformAddress'] ?? '').split('\n'),
          row['InternationalAddress1'],
          row['InternationalAddress2'],
          row['InternationalAddress3'],
          row['InternationalAddress4'],
        ].filter((line) => line !== null && line !== '');
        return {
          uses: uses.length === 0 ? ['home'] : uses,
          lines,
          city: zip?.['City'] ?? null,
          state: at(table.states, zip?.['StateID'])?.['Code'] ?? null,
          zip: zip?.['ZipCode'] ?? null,
          county: at(table.counties, row['CountyID'])?.['Name'] ?? null,
        };
      });

  const person = (nameId: unknown) => {
    const name = at(table.names, nameId) ?? {};
    return {
      first_name: name['FirstName'],
      middle_name: name['MiddleName'],
      last_name: name['LastName'],
      suffix: words(table.suffixes, name['NameSuffixID']),
    };
  };
  const fullName = (nameId: unknown) => {
    const name = at(table.names, nameId);
    return name === undefined ? null : `${name['FirstName']} ${name['LastName']}`;
  };

  function expectedStudent(id: number) {
    const student = at(table.students, id) ?? {};
    const name = at(table.names, student['NameID']) ?? {};
    const hasLegal = name['FirstNameLegal'] !== null || name['LastNameLegal'] !== null;
    const [home] = of(table.studentFamilies, 'StudentID', id);
    return {
      student_number: student['StudentNumber'],
      state_id: student['CalculatedStudentStateID'],
      ...person(student['NameID']),
      legal_first_name: name['FirstNameLegal'] ?? name['FirstName'],
      legal_middle_name: hasLegal ? name['MiddleNameLegal'] : name['MiddleName'],
      legal_last_name: name['LastNameLegal'] ?? name['LastName'],
      legal_suffix: words(
        table.suffixes,
        hasLegal ? name['NameSuffixIDLegal'] : name['NameSuffixID'],
      ),
      other_names: of(table.aliases, 'NameID', student['NameID']).map(([, alias]) => ({
        first: alias['FirstName'],
        middle: alias['MiddleName'],
        last: alias['LastName'],
        suffix: words(table.suffixes, alias['NameSuffixID']),
        kind: alias['IsLegalName'] ? 'legal' : alias['IsMaidenName'] ? 'maiden' : 'other',
      })),
      birth_date: formatDay(name['BirthDate']),
      gender: name['Gender'],
      race: name['Race'],
      ethnicity: name['Ethnicity'],
      native_language: words(table.languages, student['LanguageIDNative']),
      home_language: words(
        table.languages,
        at(table.families, home?.[1]['FamilyID'])?.['LanguageIDHome'],
      ),
      graduation_year: student['GradYear'],
      addresses: listAddresses(student['NameID']),
      phones: listPhones(student['NameID']),
      emails: listEmails(student['NameID']),
    };
  }

  function expectedGuardians(id: number) {
    const families = of(table.studentFamilies, 'StudentID', id);
    return of(table.guardians, 'StudentID', id).map(([key, link], place) => {
      const shared = families.filter(([, { FamilyID: family }]) =>
        of(table.familyGuardians, 'NameID', link['NameIDGuardian']).some(
          ([, row]) => row['FamilyID'] === family,
        ),
      );
      return {
        skyward_id: key,
        position: place + 1,
        ...person(link['NameIDGuardian']),
        relationship: words(table.relationships, link['RelationshipID']),
        is_custodial: link['IsCustodialGuardian'],
        lives_with: shared.length === 0 ? null : shared.includes(families[0] ?? [0, {}]),
        is_emergency_contact: link['IsEmergencyContact'],
        allows_pickup: link['AllowStudentPickup'],
        has_family_access: link['AllowFamilyAccess'],
        has_restricted_access: link['HasActiveRestrictedAccess'],
        language: words(
          table.languages,
          at(table.families, shared[0]?.[1]['FamilyID'])?.['LanguageIDHome'],
        ),
        addresses: listAddresses(link['NameIDGuardian']),
        phones: listPhones(link['NameIDGuardian']),
        emails: listEmails(link['NameIDGuardian']),
      };
    });
  }

  const getYear = (row: Row) => number(at(table.schoolYears, row['SchoolYearID'])?.['NumericYear']);

  /** Returns enrollments of the school years that an import on 2026-11-23 reads. */
  function expectedEnrollments(id: number) {
    return of(table.enrollmentRows, 'StudentID', id)
      .filter(([, row]) => getYear(row) >= 2025 && getYear(row) <= 2028)
      .map(([key, row]) => {
        const [entityYear] = [...table.entityYears.values()].filter(
          (year) =>
            year['StudentID'] === id &&
            year['EntityID'] === row['EntityID'] &&
            year['SchoolYearID'] === row['SchoolYearID'],
        );
        const homeroom = at(table.homerooms, entityYear?.['HomeroomID']);
        const school = at(table.schools, row['SchoolID']);
        const withdrawal = at(table.withdrawalCodes, row['WithdrawalCodeID']);
        const entry = at(table.entryCodes, row['EntryCodeID']);
        const staffName = (staffId: unknown) => fullName(at(table.staff, staffId)?.['NameID']);
        return {
          skyward_id: key,
          entity_id: row['EntityID'],
          entity_name: at(table.entities, row['EntityID'])?.['Name'],
          school_name: school?.['Name'],
          school_state_id: school?.['StateAssignedID'],
          school_year: getYear(row),
          start_date: formatDay(row['StartDate']),
          end_date: formatDay(row['EndDate']),
          withdrawal_date: formatDay(row['WithdrawalDate']),
          withdrawal_code: withdrawal?.['Code'] ?? null,
          withdrawal_reason: withdrawal?.['Description'] ?? null,
          entry_code: entry?.['Code'] ?? null,
          entry_reason: entry?.['Description'] ?? null,
          is_default_entity: row['IsDefaultEntity'],
          calendar_end_date: formatDay(at(table.calendars, row['CalendarID'])?.['EndDate']),
          grade: entityYear?.['Grade'] ?? null,
          homeroom: homeroom?.['Code'] ?? null,
          homeroom_teacher: staffName(homeroom?.['StaffID']),
          advisor: staffName(entityYear?.['StaffIDAdvisor']),
        };
      });
  }

  /** Returns the status on a day by the rules, and the row of the placement. */
  function determineStatus(
    rows: readonly ReturnType<typeof expectedEnrollments>[number][],
    day = today,
  ) {
    const { status, decidedBy } = expectedDecision(
      rows.map((row) => ({
        id: row.skyward_id,
        schoolYear: row.school_year,
        startDate: row.start_date,
        endDate: row.end_date,
        withdrawalDate: row.withdrawal_date,
        withdrawalCode: row.withdrawal_code?.toString() ?? null,
        isDefaultEntity: row.is_default_entity === true,
        calendarEndDate: row.calendar_end_date,
        ...readMarks(row.skyward_id),
      })),
      { today: day, schoolYear: 2027, nextYear: 'current' },
    );
    const decider = rows.find((row) => row.skyward_id === decidedBy);
    return { counts: decider !== undefined, status, decider };
  }

  const readMarks = (id: number) => {
    const flag = (field: string) => {
      const value = table.enrollmentRows.get(id)?.[field];
      return typeof value === 'boolean' ? value : null;
    };
    return { isNoShow: flag('IsNoShow'), enrolledAtLeastOneDay: flag('EnrolledAtLeastOneDay') };
  };

  return { table, expectedStudent, expectedGuardians, expectedEnrollments, determineStatus };
}

/** The expected records from Skyward. */
export type SkywardRecords = ReturnType<typeof readSkyward>;
