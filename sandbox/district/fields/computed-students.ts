/** Computed fields of students and of their families and guardians. */
import type { DistrictClock } from '../district-clock.ts';
import type { Reader, Value } from '../columns.ts';
import type { ComputedFields, Store } from '../store.ts';
import type { ComputedField, Table } from '../table.ts';

/** Returns the computed fields of the modules Student and Family. */
export function studentFields(store: Store, clock: DistrictClock): ComputedFields {
  return {
    'Student/Student': {
      ...copiedNames(store),
      ...activityFields(store, clock),
      CalculatedGrade: (table) => table.reader('Grade'),
      CalculatedGradYear: (table) => table.reader('GradYear'),
      GraduationRequirementYear: (table) => table.reader('GradYear'),
      MaskedStudentNumber: (table) => {
        const read = table.reader('StudentNumber');
        return (row) => String(read(row) ?? '').replaceAll(/.(?=.{4})/gu, '*');
      },
      HasActiveStudentGuardianRestrictedAccess: (table) => {
        const links = store.table('Family/StudentGuardian');
        const restricted = links.reader('HasActiveRestrictedAccess');
        return (row) =>
          links.rowsWhere('StudentID', table.idOf(row)).some((link) => restricted(link) === true);
      },
    },
    'Family/StudentGuardian': guardianFields(store, clock),
    'Family/StudentFamily': {
      IsEmergencyContact: () => () => true,
      StudentFamilyCount: (table) => {
        const student = table.reader('StudentID');
        return (row) => table.rowsWhere('StudentID', student(row)).length;
      },
    },
  };
}

function copiedNames(store: Store): Record<string, ComputedField> {
  const fields = [
    'FirstName',
    'MiddleName',
    'LastName',
    'FullNameFL',
    'FullNameFML',
    'FullNameLFM',
    'CalculatedPrimaryFormattedPhoneNumber',
  ];
  return Object.fromEntries(
    fields.map((field): [string, ComputedField] => [
      field,
      (table) => store.follow(table.reader('NameID'), 'Demographics/Name', field),
    ]),
  );
}

function activityFields(store: Store, clock: DistrictClock): Record<string, ComputedField> {
  /** Returns a reader of the current enrollment at the default entity, without cross-entity courses. */
  const currentEnrollmentReader = (table: Table): ((row: number) => number | undefined) => {
    const enrollments = store.table('Enrollment/EntryWithdrawal');
    const [start, end] = [enrollments.reader('StartDate'), enrollments.reader('EndDate')];
    const [isDefault, year] = [
      enrollments.reader('IsDefaultEntity'),
      enrollments.reader('SchoolYearID'),
    ];
    const isCurrentYear = store.follow(
      year,
      'District/SchoolYear',
      'IsCurrentYearForProvidedEntity',
    );
    const isNoShow = enrollments.reader('IsNoShow');
    const isCurrent = (enrollment: number): boolean => {
      if (isNoShow(enrollment) === true) return false;
      const [from, to] = [start(enrollment), end(enrollment)];
      return typeof from === 'string' && from <= clock.time && (to === null || to >= clock.time);
    };
    return (row) =>
      enrollments
        .rowsWhere('StudentID', table.idOf(row))
        .find(
          (enrollment) =>
            isDefault(enrollment) === true &&
            isCurrent(enrollment) &&
            isCurrentYear(enrollment) === true,
        );
  };
  const isActive: ComputedField = (table) => {
    const enrollment = currentEnrollmentReader(table);
    return (row) => enrollment(row) !== undefined;
  };
  const fromCurrentEnrollment =
    (field: string): ComputedField =>
    (table) => {
      const enrollment = currentEnrollmentReader(table);
      const read = store.table('Enrollment/EntryWithdrawal').reader(field);
      return (row): Value => {
        const found = enrollment(row);
        return found === undefined ? null : read(found);
      };
    };
  return {
    IsCurrentActive: isActive,
    IsActiveAsOfDate: isActive,
    IsCurrentActiveDefaultEnrollment: isActive,
    CalculatedEntityYearIsActive: isActive,
    // Text in Skyward, although it is a flag.
    CurrentDefaultEntityIsActive: (table) => {
      const enrollment = currentEnrollmentReader(table);
      return (row) => (enrollment(row) === undefined ? 'False' : 'True');
    },
    EntryWithdrawalIDDefaultEntityToday: fromCurrentEnrollment('EntryWithdrawalID'),
    LocationEntityID: fromCurrentEnrollment('EntityID'),
    LocationSchoolYearID: fromCurrentEnrollment('SchoolYearID'),
    EarliestDistrictEnrollmentDate: (table) => {
      const enrollments = store.table('Enrollment/EntryWithdrawal');
      const start = enrollments.reader('StartDate');
      return (row) => {
        let earliest: string | null = null;
        for (const enrollment of enrollments.rowsWhere('StudentID', table.idOf(row))) {
          const day = start(enrollment);
          if (typeof day === 'string' && (earliest === null || day < earliest)) earliest = day;
        }
        return earliest;
      };
    },
  };
}

function guardianFields(store: Store, clock: DistrictClock): Record<string, ComputedField> {
  const isRestricted = (table: Table): Reader => {
    const restrictions = store.table('Family/StudentGuardianRestrictedAccess');
    const [start, end] = [restrictions.reader('StartDate'), restrictions.reader('EndDate')];
    return (row) =>
      restrictions.rowsWhere('StudentGuardianID', table.idOf(row)).some((restriction) => {
        const [from, to] = [start(restriction), end(restriction)];
        return typeof from === 'string' && from <= clock.time && (to === null || to >= clock.time);
      });
  };
  return {
    HasActiveRestrictedAccess: isRestricted,
    HasUnrestrictedAccess: (table) => {
      const restricted = isRestricted(table);
      return (row) => restricted(row) !== true;
    },
    GuardianCategory: (table) => {
      const rank = table.reader('Rank');
      return (row) => (rank(row) === 1 ? 'Primary' : 'Secondary');
    },
  };
}
