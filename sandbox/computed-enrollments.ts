/** Computed fields of enrollments, entity years, homerooms and staff. */
import { findDay, isoDay } from './day.ts';
import type { DistrictClock } from './district-clock.ts';
import { withdrawalDates } from './enrollment-history.ts';
import { formattedPhone, joined, lastFirst } from './joined-text.ts';
import { withdrawalDateKind } from './enrollment-tables.ts';
import type { PeopleColumns } from './people-columns.ts';
import type { Reader } from './columns.ts';
import type { ComputedFields, Store } from './store.ts';
import type { ComputedField, Table } from './table.ts';

/** What computed fields may look at beside the rows. */
export interface EnrollmentSetting {
  readonly clock: DistrictClock;
  readonly columns: PeopleColumns;
}

/** Computed fields of the modules Enrollment and Staff. */
export function enrollmentFields(store: Store, setting: EnrollmentSetting): ComputedFields {
  return {
    'Enrollment/EntryWithdrawal': spellFields(setting),
    'Enrollment/StudentEntityYear': {
      WithdrawalDate: (table) =>
        store.through(
          table.reader('EntryWithdrawalIDLatest'),
          'Enrollment/EntryWithdrawal',
          'WithdrawalDate',
        ),
      StudentNumber: (table) =>
        store.through(table.reader('StudentID'), 'Student/Student', 'StudentNumber'),
      ...Object.fromEntries(
        ['FirstName', 'MiddleName', 'LastName'].map((field): [string, ComputedField] => [
          field,
          (table) => store.through(table.reader('NameID'), 'Demographics/Name', field),
        ]),
      ),
    },
    'Enrollment/Homeroom': {
      HomeroomDetails: (table) => {
        const code = table.reader('Code');
        const teacher = store.through(table.reader('StaffID'), 'Staff/Staff', 'FullNameLFM');
        return (row) => joined([code(row), teacher(row)], ' - ');
      },
    },
    'Enrollment/School': {
      FormattedPhoneNumber: (table) => {
        const read = table.reader('PhoneNumber');
        return (row) => formattedPhone(read(row));
      },
    },
    'Staff/Staff': staffFields(store),
    'Security/User': staffFields(store),
  };
}

function spellFields({ clock, columns }: EnrollmentSetting): Record<string, ComputedField> {
  const isOver = (table: Table): Reader => {
    const end = table.reader('EndDate');
    return (row) => {
      const day = end(row);
      return typeof day === 'string' && day < clock.time;
    };
  };
  return {
    WithdrawalDate: (table) => withdrawalDate(table, columns),
    IsCurrentOrFutureEnrollment: (table) => {
      const over = isOver(table);
      return (row) => over(row) !== true;
    },
    // Typed as text in Skyward, although it is a flag.
    IsHistoricalEnrollment: (table) => {
      const over = isOver(table);
      return (row) => (over(row) === true ? 'True' : 'False');
    },
    EnrolledAtLeastOneDay: (table) => {
      const [start, end] = [table.reader('StartDate'), table.reader('EndDate')];
      return (row) => {
        const [from, to] = [start(row), end(row)];
        return typeof from === 'string' && from <= clock.time && (to === null || to >= from);
      };
    },
  };
}

/** Follows the end date; see `withdrawalDates`. A code without a rule means the day after. */
function withdrawalDate(table: Table, columns: PeopleColumns): Reader {
  const end = table.reader('EndDate');
  const code = table.reader('WithdrawalCodeID');
  const next = new Map<string, string>();
  return (row) => {
    const day = end(row);
    if (typeof day !== 'string') return null;
    const kind = withdrawalDateKind(columns, row);
    if (kind === withdrawalDates.sameDay) return day;
    if (kind === withdrawalDates.none && code(row) === null) return null;
    let after = next.get(day);
    if (after === undefined) {
      after = `${isoDay((findDay(day) ?? 0) + 1)}T00:00:00`;
      next.set(day, after);
    }
    return after;
  };
}

function staffFields(store: Store): Record<string, ComputedField> {
  const name = (table: Table, field: string): Reader =>
    store.through(table.reader('NameID'), 'Demographics/Name', field);
  return {
    FullNameFL: (table) => name(table, 'FullNameFL'),
    FullNameFML: (table) => name(table, 'FullNameFML'),
    FullNameLFM: (table) => name(table, 'FullNameLFM'),
    FamilyStudentAccessStaffNameToUse: (table) => {
      const [first, last] = [name(table, 'FirstName'), name(table, 'LastName')];
      return (row) => lastFirst(last(row), [first(row)]);
    },
  };
}
