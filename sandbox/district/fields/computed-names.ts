/** Computed fields of names: full names, initials, age, race, primary phone. */
import { toDate, toDay, parseDay, type Day } from '../../day.ts';
import type { DistrictClock } from '../district-clock.ts';
import { firstPresent, formatPhone, initial, joinParts, formatLastFirst } from './joined-text.ts';
import type { Reader, Value } from '../columns.ts';
import type { ComputedFields, Store } from '../store.ts';
import type { ComputedField, Table } from '../table.ts';

const raceFlags = [
  ['IsAlaskan', 'American Indian or Alaska Native'],
  ['IsAsian', 'Asian'],
  ['IsBlack', 'Black or African American'],
  ['IsHawaiian', 'Native Hawaiian or Other Pacific Islander'],
  ['IsWhite', 'White'],
] as const;

/** Returns the computed fields of `Demographics/Name` and of objects that refer to it. */
export function nameFields(store: Store, clock: DistrictClock): ComputedFields {
  return {
    'Demographics/Name': {
      ...fullNames(''),
      ...fullNames('Legal'),
      ...birthFields(clock),
      ...raceFields(),
      ...nameLinks(store),
      FullNameLFMWithPronunciation: (table) => table.reader('FullNameLFM'),
      GenderDescription: (table) => table.reader('Gender'),
      LastNameFirstInitial: fromNameParts('', ([first, , last]) =>
        formatLastFirst(last, [initial(first)]),
      ),
      NameNumber: (table) => (row) => String(table.idOf(row)),
      NameKey: fromNameParts('', ([first, , last]) => {
        return `${firstLetters(last, 5)}${firstLetters(first, 3)}000`;
      }),
    },
    'Demographics/NameAlias': {
      FullNameFL: fromNameParts('', ([first, , last]) => joinParts([first, last])),
      FullNameLF: fromNameParts('', ([first, , last]) => formatLastFirst(last, [first])),
    },
    'Demographics/NamePhone': phoneFields(),
    'Demographics/Relationship': { ShortenedDescription: (table) => table.reader('Description') },
  };
}

function firstLetters(value: Value, count: number): string {
  return String(value ?? '')
    .replaceAll(/\P{L}/gu, '')
    .toUpperCase()
    .slice(0, count);
}

type NameParts = readonly [first: Value, middle: Value, last: Value];

/** Returns a field of first, middle and last name; of the legal name if it is separate. */
function fromNameParts(kind: '' | 'Legal', compute: (parts: NameParts) => Value): ComputedField {
  return (table) => {
    const read = (field: string): Reader =>
      kind === ''
        ? table.reader(field)
        : firstPresent(table.reader(`${field}Legal`), table.reader(field));
    const [first, middle, last] = [read('FirstName'), read('MiddleName'), read('LastName')];
    return (row) => compute([first(row), middle(row), last(row)]);
  };
}

function fullNames(kind: '' | 'Legal'): Record<string, ComputedField> {
  const field = (compute: (parts: NameParts) => Value): ComputedField =>
    fromNameParts(kind, compute);
  return {
    [`FullName${kind}FL`]: field(([first, , last]) => joinParts([first, last])),
    [`FullName${kind}FML`]: field((parts) => joinParts(parts)),
    [`FullName${kind}LFM`]: field(([first, middle, last]) =>
      formatLastFirst(last, [first, middle]),
    ),
    [`FullName${kind}LF`]: field(([first, , last]) => formatLastFirst(last, [first])),
    [`FullName${kind}FMIL`]: field(([first, middle, last]) =>
      joinParts([first, initial(middle), last]),
    ),
    [`FirstInitial${kind}`]: field(([first]) => initial(first)),
    [`MiddleInitial${kind}`]: field(([, middle]) => initial(middle)),
    [`LastInitial${kind}`]: field(([, , last]) => initial(last)),
    [`Initials${kind}`]: field((parts) => joinParts(parts.map(initial), '')),
    [`FirstInitialLastName${kind}`]: field(([first, , last]) => joinParts([initial(first), last])),
  };
}

function fromBirthDate(compute: (birth: Day) => Value): ComputedField {
  return (table) => {
    const read = table.reader('BirthDate');
    return (row) => {
      const birth = read(row);
      const day = typeof birth === 'string' ? parseDay(birth) : undefined;
      return day === undefined ? null : compute(day);
    };
  };
}

function birthFields(clock: DistrictClock): Record<string, ComputedField> {
  return {
    Age: fromBirthDate((birth) => {
      const [born, now] = [toDate(birth), toDate(clock.day)];
      const hadBirthday =
        now.month > born.month || (now.month === born.month && now.day >= born.day);
      return now.year - born.year - (hadBirthday ? 0 : 1);
    }),
    BirthYear: fromBirthDate((birth) => toDate(birth).year),
    BirthMonth: fromBirthDate((birth) => toDate(birth).month),
    BirthMonthDay: fromBirthDate(
      (birth) =>
        `${toDate(birth).month}/${birth - toDay(toDate(birth).year, toDate(birth).month, 1) + 1}`,
    ),
  };
}

function race(table: Table): Reader {
  const flags = raceFlags.map(([field, text]) => ({ read: table.reader(field), text }));
  return (row) =>
    joinParts(
      flags.map(({ read, text }) => (read(row) === true ? text : null)),
      ', ',
    );
}

function ethnicity(table: Table): Reader {
  const read = table.reader('IsHispanic');
  const isStudent = table.reader('IsStudentName');
  return (row) => {
    if (read(row) === true) return 'Hispanic/Latino';
    return isStudent(row) === true ? 'Not Hispanic/Latino' : null;
  };
}

function raceFields(): Record<string, ComputedField> {
  return {
    Race: race,
    Ethnicity: ethnicity,
    EthnicityAndRace: (table) => {
      const [formatEthnicity, other] = [ethnicity(table), race(table)];
      return (row) => joinParts([formatEthnicity(row), other(row)], ', ');
    },
  };
}

function nameLinks(store: Store): Record<string, ComputedField> {
  return {
    CalculatedPrimaryFormattedPhoneNumber: (table) => (row) => {
      const phones = store.table('Demographics/NamePhone');
      const rank = phones.reader('Rank');
      const first = phones.rowsWhere('NameID', table.idOf(row)).find((phone) => rank(phone) === 1);
      return first === undefined ? null : phones.reader('FormattedPhoneNumber')(first);
    },
    NameAddressMailingID: (table) => (row) => {
      const links = store.table('Demographics/NameAddress');
      const isMailing = links.reader('IsMailing');
      const found = links
        .rowsWhere('NameID', table.idOf(row))
        .find((link) => isMailing(link) === true);
      return found === undefined ? null : links.idOf(found);
    },
    HasMailingOrPhysicalAddress: (table) => (row) =>
      store.table('Demographics/NameAddress').rowsWhere('NameID', table.idOf(row)).length > 0,
    IsCurrentStudent: (table) => (row) => {
      const students = store.table('Student/Student');
      const isActive = students.reader('IsCurrentActive');
      return students
        .rowsWhere('NameID', table.idOf(row))
        .some((student) => isActive(student) === true);
    },
    IsEmployeeNameForDistrict: (table) => table.reader('IsEmployeeName'),
  };
}

function phoneFields(): Record<string, ComputedField> {
  return {
    FormattedPhoneNumber: (table) => {
      const read = table.reader('PhoneNumber');
      return (row) => formatPhone(read(row));
    },
    FullPhoneNumber: (table) => {
      const [read, extension] = [table.reader('PhoneNumber'), table.reader('Extension')];
      return (row) => {
        const more = extension(row);
        return joinParts([formatPhone(read(row)), more === null ? null : `x${more}`]);
      };
    },
  };
}
