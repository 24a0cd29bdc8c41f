/** Computed fields of enrollments, entity years, homerooms and staff. */
import type { SwitchValues } from '../../api/contract-switches.ts';
import { parseDay, formatDay, type Day } from '../../day.ts';
import type { DistrictClock } from '../district-clock.ts';
import { formatPhone, joinParts, formatLastFirst } from './joined-text.ts';
import { withdrawalDateField } from '../enrollment-tables.ts';
import { nextSchoolDay } from '../school-days.ts';
import type { Switches } from '../../api/switches.ts';
import type { Reader } from '../columns.ts';
import type { ComputedFields, Store } from '../store.ts';
import type { ComputedField, Table } from '../table.ts';

/** Dependencies of computed fields other than rows. */
export interface EnrollmentDeps {
  readonly clock: DistrictClock;
  readonly switches: Switches;
}

/** Returns the computed fields of the modules Enrollment and Staff. */
export function enrollmentFields(store: Store, deps: EnrollmentDeps): ComputedFields {
  return {
    'Enrollment/EntryWithdrawal': entryWithdrawalFields(deps),
    'Enrollment/StudentEntityYear': {
      WithdrawalDate: (table) =>
        store.follow(
          table.reader('EntryWithdrawalIDLatest'),
          'Enrollment/EntryWithdrawal',
          'WithdrawalDate',
        ),
      StudentNumber: (table) =>
        store.follow(table.reader('StudentID'), 'Student/Student', 'StudentNumber'),
      ...Object.fromEntries(
        ['FirstName', 'MiddleName', 'LastName'].map((field): [string, ComputedField] => [
          field,
          (table) => store.follow(table.reader('NameID'), 'Demographics/Name', field),
        ]),
      ),
    },
    'Enrollment/Homeroom': {
      HomeroomDetails: (table) => {
        const code = table.reader('Code');
        const teacher = store.follow(table.reader('StaffID'), 'Staff/Staff', 'FullNameLFM');
        return (row) => joinParts([code(row), teacher(row)], ' - ');
      },
    },
    'Enrollment/School': {
      FormattedPhoneNumber: (table) => {
        const read = table.reader('PhoneNumber');
        return (row) => formatPhone(read(row));
      },
    },
    'Staff/Staff': staffFields(store),
    'Security/User': staffFields(store),
  };
}

function entryWithdrawalFields({ clock, switches }: EnrollmentDeps): Record<string, ComputedField> {
  const isOver = (table: Table): Reader => {
    const end = table.reader('EndDate');
    return (row) => {
      const day = end(row);
      return typeof day === 'string' && day < clock.time;
    };
  };
  return {
    WithdrawalDate: (table) => withdrawalDate(table, switches),
    IsCurrentOrFutureEnrollment: (table) => {
      const ended = isOver(table);
      return (row) => ended(row) !== true;
    },
    // Text in Skyward, although it is a flag.
    IsHistoricalEnrollment: (table) => {
      const ended = isOver(table);
      return (row) => (ended(row) === true ? 'True' : 'False');
    },
    EnrolledAtLeastOneDay: (table) => {
      const [start, end] = [table.reader('StartDate'), table.reader('EndDate')];
      const isNoShow = table.reader('IsNoShow');
      return (row) => {
        const [from, to] = [start(row), end(row)];
        const hasBegun = typeof from === 'string' && from <= clock.time;
        return hasBegun && isNoShow(row) !== true && (to === null || to >= from);
      };
    },
  };
}

/** The withdrawal date for an end date, by each method that Skyward may use. */
const withdrawalDays = {
  'next-school-day': nextSchoolDay,
  'next-day': (end) => end + 1,
  'end-date': (end) => end,
} as const satisfies Readonly<Record<SwitchValues['withdrawal-date'], (end: Day) => Day>>;

/** Returns a reader of the withdrawal date: after the end date of a withdrawal; for a no-show, the same day. */
function withdrawalDate(table: Table, switches: Switches): Reader {
  const read = (field: string): Reader => table.reader(field);
  const [end, code, isNoShow] = [read('EndDate'), read('WithdrawalCodeID'), read('IsNoShow')];
  const hasWithdrawalDate = read(withdrawalDateField);
  const texts = {
    'next-school-day': new Map<string, string>(),
    'next-day': new Map<string, string>(),
    'end-date': new Map<string, string>(),
  };
  return (row) => {
    const ended = end(row);
    if (typeof ended !== 'string') return null;
    if (code(row) === null && hasWithdrawalDate(row) === false) return null;
    const rule = switches.values['withdrawal-date'];
    if (isNoShow(row) === true) return ended;
    let text = texts[rule].get(ended);
    if (text === undefined) {
      text = `${formatDay(withdrawalDays[rule](parseDay(ended) ?? 0))}T00:00:00`;
      texts[rule].set(ended, text);
    }
    return text;
  };
}

function staffFields(store: Store): Record<string, ComputedField> {
  const name = (table: Table, field: string): Reader =>
    store.follow(table.reader('NameID'), 'Demographics/Name', field);
  return {
    FullNameFL: (table) => name(table, 'FullNameFL'),
    FullNameFML: (table) => name(table, 'FullNameFML'),
    FullNameLFM: (table) => name(table, 'FullNameLFM'),
    FamilyStudentAccessStaffNameToUse: (table) => {
      const [first, last] = [name(table, 'FirstName'), name(table, 'LastName')];
      return (row) => formatLastFirst(last(row), [first(row)]);
    },
  };
}
