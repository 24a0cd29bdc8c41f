/** Computed fields of enrollments, entity years, homerooms and staff. */
import type { SwitchValues } from './contract-switches.ts';
import { findDay, isoDay, type Day } from './day.ts';
import type { DistrictClock } from './district-clock.ts';
import { formattedPhone, joined, lastFirst } from './joined-text.ts';
import { isWithdrawal } from './enrollment-tables.ts';
import { nextSchoolDay } from './school-days.ts';
import type { Switches } from './switches.ts';
import type { Reader } from './columns.ts';
import type { ComputedFields, Store } from './store.ts';
import type { ComputedField, Table } from './table.ts';

/** What computed fields may look at beside the rows. */
export interface EnrollmentSetting {
  readonly clock: DistrictClock;
  readonly switches: Switches;
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

function spellFields({ clock, switches }: EnrollmentSetting): Record<string, ComputedField> {
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
      const isNoShow = table.reader('IsNoShow');
      return (row) => {
        const [from, to] = [start(row), end(row)];
        const hasBegun = typeof from === 'string' && from <= clock.time;
        return hasBegun && isNoShow(row) !== true && (to === null || to >= from);
      };
    },
  };
}

/** The day after an end, by each way in which Skyward may compute it. */
const withdrawalDays = {
  'next-school-day': nextSchoolDay,
  'next-day': (end) => end + 1,
  'end-date': (end) => end,
} as const satisfies Readonly<Record<SwitchValues['withdrawal-date'], (end: Day) => Day>>;

/** Follows the end date wherever the enrollment was withdrawn; a no-show is withdrawn on the day itself. */
function withdrawalDate(table: Table, switches: Switches): Reader {
  const read = (field: string): Reader => table.reader(field);
  const [end, code, isNoShow] = [read('EndDate'), read('WithdrawalCodeID'), read('IsNoShow')];
  const withdraws = read(isWithdrawal);
  const texts = {
    'next-school-day': new Map<string, string>(),
    'next-day': new Map<string, string>(),
    'end-date': new Map<string, string>(),
  };
  return (row) => {
    const ended = end(row);
    if (typeof ended !== 'string') return null;
    if (code(row) === null && withdraws(row) === false) return null;
    const way = switches.values['withdrawal-date'];
    if (isNoShow(row) === true) return ended;
    let text = texts[way].get(ended);
    if (text === undefined) {
      text = `${isoDay(withdrawalDays[way](findDay(ended) ?? 0))}T00:00:00`;
      texts[way].set(ended, text);
    }
    return text;
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
