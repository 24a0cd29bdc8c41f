/**
 * The catalog of bindings: the values of a student's Details that can fill a form field, with meaning and example.
 *
 * This folder is for forms, and documents filled from a student's Details.
 */
import { preferredGenders, type StaffField } from '../contract/students/staff-values.ts';
import type { PersonRow } from '../contract/documents/form-template.ts';
import type { Address, Guardian, Phone } from '../contract/students/students.ts';
import type { PersonName } from '../contract/values.ts';
import { statusLabels } from '../enrollment/enrollment-status.ts';
import type { Field } from '../roster/fields/catalog.ts';
import { studentFields } from '../roster/fields/student.ts';
import type { StudentDetails } from '../students/record/document-details.ts';

/** The input of bindings: one student's current Details. */
export interface Details {
  readonly student: StudentDetails;
  readonly districtName: string;
  readonly today: Temporal.PlainDate;
}

type Origin = 'record' | 'manual' | 'calendar' | 'district';

/** A value with its origin (`record` is the student's record), or the reason why there is none. */
export type Reading =
  | { readonly value: string | readonly PersonRow[]; readonly origin: Origin }
  | { readonly missing: string };

export interface Binding {
  readonly path: string;
  readonly holds: 'text' | 'date' | 'people';
  readonly meaning: string;
  readonly example: string;
  readonly read: (details: Details) => Reading;
}

/** Number of guardians with their own paths; the table `guardians` contains all of them. */
const maxGuardianPaths = 4;

type Text = string | number | boolean | null | undefined;

/** As a yes-or-no field of a form stores it. */
const formatFlag = (value: boolean): string => (value ? 'yes' : 'no');

const toReading = (value: Text, missing: string, origin: Origin = 'record'): Reading => {
  const text = typeof value === 'boolean' ? formatFlag(value) : String(value ?? '').trim();
  return text === '' ? { missing } : { value: text, origin };
};

/** Returns first, middle, last name and suffix in order. */
export const spokenName = ({ first, middle, last, suffix }: PersonName): string =>
  [first, middle, last, suffix].filter((part) => part !== null && part !== '').join(' ');

const ofStudent =
  (read: (student: StudentDetails) => Text, what: string) =>
  ({ student }: Details): Reading =>
    toReading(read(student), `Details have no ${what}.`);

const simple = (
  path: string,
  what: string,
  meaning: string,
  example: string,
  read: (student: StudentDetails) => Text,
): Binding => ({ path, holds: 'text', meaning, example, read: ofStudent(read, what) });

const staffValue = ({ student }: Details, field: StaffField): string | null =>
  student.staffValues[field] ?? null;

const skywardGenders: ReadonlyMap<string, string> = new Map([
  ['f', 'Female'],
  ['female', 'Female'],
  ['m', 'Male'],
  ['male', 'Male'],
  ['x', 'Non-binary'],
  ['nonbinary', 'Non-binary'],
  ['non-binary', 'Non-binary'],
  ['other', 'Other'],
]);

/** Returns the preferred gender of Details, else Skyward's gender; other values must be chosen by the user. */
function gender(details: Details): Reading {
  const preferred = staffValue(details, 'preferred-gender');
  if (preferred !== null && preferredGenders.some((one) => one === preferred)) {
    return { value: preferred, origin: 'manual' };
  }
  const fromSkyward = skywardGenders.get(details.student.gender?.trim().toLowerCase() ?? '');
  return toReading(fromSkyward, 'Details have no gender. Choose it here.');
}

const pronounsByGender: ReadonlyMap<string, string> = new Map([
  ['Female', 'she/her'],
  ['Male', 'he/him'],
  ['Non-binary', 'they/them'],
  ['Other', 'they/them'],
]);

/** Returns the preferred pronouns, else those of the preferred gender; never derived from Skyward's gender. */
function pronouns(details: Details): Reading {
  const preferred = staffValue(details, 'pronouns');
  if (preferred !== null) return { value: preferred, origin: 'manual' };
  const byGender = pronounsByGender.get(staffValue(details, 'preferred-gender') ?? '');
  return toReading(byGender, 'Details have neither pronouns nor a preferred gender.', 'manual');
}

const mainAddress = (addresses: readonly Address[]): Text =>
  (addresses.find(({ uses }) => uses.includes('mailing')) ?? addresses[0])?.text;

/** Returns the first phone that is not a fax. Confidential numbers are never copied into documents. */
function phone(phones: readonly Phone[], type: string | null, whose: string): Reading {
  const kind = type === null ? 'phone' : `${type} phone`;
  const fitting = phones.filter(({ type: kindOfPhone }) =>
    type === null ? kindOfPhone !== 'Fax' : kindOfPhone?.toLowerCase().includes(type) === true,
  );
  const notConfidential = fitting.find(({ isConfidential }) => !isConfidential);
  if (notConfidential === undefined && fitting.length > 0) {
    return { missing: `The ${kind} of ${whose} is confidential and is not copied.` };
  }
  const extension = notConfidential?.extension ? ` ext. ${notConfidential.extension}` : '';
  return toReading(
    notConfidential && `${notConfidential.number}${extension}`,
    `Details have no ${kind} of ${whose}.`,
  );
}

/** Returns the age in full years; `undefined` before birth. */
function ageOn(birthDate: string | null, today: Temporal.PlainDate): number | undefined {
  if (birthDate === null) return undefined;
  const { years, sign } = today.since(birthDate, { largestUnit: 'years' });
  return sign < 0 ? undefined : years;
}

const schoolYear = ({ schoolYear: year }: StudentDetails): Text =>
  year && `${year - 1}-${String(year % 100).padStart(2, '0')}`;

/** `state ID` */
const inSentence = (label: string) => label.charAt(0).toLowerCase() + label.slice(1);

const valueOf = (record: object, key: string): Text =>
  (record as Readonly<Record<string, Text>>)[key];

/** Fields of the record that are copied as they are. */
const recordFields: readonly Binding[] = Object.entries<Field>(studentFields).flatMap(
  ([key, { label, type, document, isPlacement }]): Binding[] =>
    document === undefined
      ? []
      : [
          {
            path: document.path,
            holds: type === 'date' ? 'date' : 'text',
            meaning: document.meaning ?? label,
            example: document.example,
            read: ofStudent(
              (student) => valueOf(isPlacement === true ? student.placement : student, key),
              inSentence(label),
            ),
          },
        ],
);

const ofTheStudent: readonly Binding[] = [
  simple('student.name', 'name', 'Preferred name', 'Ana Reyes', ({ name }) => spokenName(name)),
  simple(
    'student.firstName',
    'first name',
    'Preferred first name',
    'Ana',
    ({ name }) => name.first,
  ),
  simple('student.lastName', 'last name', 'Preferred last name', 'Reyes', ({ name }) => name.last),
  simple('student.legalName', 'legal name', 'The legal name', 'Ana María Reyes', (student) =>
    spokenName(student.legalName),
  ),
  ...recordFields,
  {
    path: 'student.age',
    holds: 'text',
    meaning: 'Age in full years on the date of creation',
    example: '13',
    read: ({ student, today }) =>
      toReading(ageOn(student.birthDate, today), 'Details have no birth date.'),
  },
  {
    path: 'student.gender',
    holds: 'text',
    meaning: 'Preferred gender from Details, else the gender of the record',
    example: 'Female',
    read: gender,
  },
  {
    path: 'student.pronouns',
    holds: 'text',
    meaning: 'Pronouns from Details, else those of the preferred gender',
    example: 'she/her',
    read: pronouns,
  },
  simple(
    'student.schoolYear',
    'school year',
    'School year of the enrollment',
    '2026-27',
    schoolYear,
  ),
  simple(
    'student.status',
    'status',
    'Enrollment status',
    'Enrolled',
    (s) => statusLabels[s.status],
  ),
  simple(
    'student.address',
    'address',
    'Mailing address, else the first one',
    '12 Elm St, Lufkin, TX 75901',
    (s) => mainAddress(s.addresses),
  ),
  {
    path: 'student.phone',
    holds: 'text',
    meaning: 'First phone, unless it is confidential',
    example: '936-555-0114',
    read: ({ student }) => phone(student.phones, null, 'the student'),
  },
  simple(
    'student.email',
    'e-mail',
    'First e-mail address',
    'ana.reyes@pineridge.example',
    (s) => s.emails[0]?.address,
  ),
];

/** Reads a guardian's value; its origin is manual if the guardian was added manually. */
function ofGuardian(index: number, read: (guardian: Guardian) => Reading) {
  return ({ student }: Details): Reading => {
    const guardian = student.guardians[index];
    if (guardian === undefined) {
      return {
        missing:
          index === 0 ? 'Details have no guardian.' : `Details have no guardian ${index + 1}.`,
      };
    }
    const reading = read(guardian);
    return 'value' in reading && guardian.id < 0 ? { ...reading, origin: 'manual' } : reading;
  };
}

function pathsOfGuardian(index: number): readonly Binding[] {
  const path = `guardians[${index + 1}]`;
  const whose = `guardian ${index + 1}`;
  const text = (
    part: string,
    meaning: string,
    example: string,
    read: (guardian: Guardian) => Reading,
  ): Binding => ({
    path: `${path}.${part}`,
    holds: 'text',
    meaning: `${meaning} of ${whose}, in Skyward’s order`,
    example,
    read: ofGuardian(index, read),
  });
  const missing = (what: string) => `Details have no ${what} of ${whose}.`;
  return [
    text('name', 'Name', 'Lucía Reyes', ({ name }) => toReading(spokenName(name), missing('name'))),
    text('relationship', 'Relationship', 'Mother', (one) =>
      toReading(one.relationship, missing('relationship')),
    ),
    text('address', 'Address', '12 Elm St, Lufkin, TX 75901', (one) =>
      toReading(mainAddress(one.addresses), missing('address')),
    ),
    text('phone', 'First phone', '936-555-0114', (one) => phone(one.phones, null, whose)),
    ...['home', 'cell', 'work'].map((type) =>
      text(`phone.${type}`, `The ${type} phone`, '936-555-0114', (one) =>
        phone(one.phones, type, whose),
      ),
    ),
    text('email', 'E-mail address', 'lucia.reyes@mail.example', (one) =>
      toReading(one.emails[0]?.address, missing('e-mail')),
    ),
    text('language', 'Language', 'Spanish', (one) => toReading(one.language, missing('language'))),
  ];
}

/** Returns a row for each guardian, with the columns that can be filled. */
function guardianRows({ student }: Details): Reading {
  if (student.guardians.length === 0) return { missing: 'Details have no guardian.' };
  const text = (reading: Reading): string =>
    'value' in reading && typeof reading.value === 'string' ? reading.value : '';
  return {
    value: student.guardians.map((one) => ({
      name: spokenName(one.name),
      relationship: one.relationship ?? '',
      phone: text(phone(one.phones, null, 'the guardian')),
      email: one.emails[0]?.address ?? '',
      address: String(mainAddress(one.addresses) ?? ''),
      language: one.language ?? '',
    })),
    origin: student.guardians.every(({ id }) => id < 0) ? 'manual' : 'record',
  };
}

/** All bindings, in the order of the catalog. */
export const bindings: readonly Binding[] = [
  ...ofTheStudent,
  ...Array.from({ length: maxGuardianPaths }, (_, index) => pathsOfGuardian(index)).flat(),
  {
    path: 'guardians',
    holds: 'people',
    meaning:
      'All guardians, one per row; columns: name, relationship, phone, email, address, language',
    example: 'Lucía Reyes, Mother, 936-555-0114',
    read: guardianRows,
  },
  {
    path: 'district.name',
    holds: 'text',
    meaning: 'Name of the district',
    example: 'Pine Ridge ISD',
    read: ({ districtName }) => toReading(districtName, 'The district has no name.', 'district'),
  },
  {
    path: 'today',
    holds: 'date',
    meaning: 'Date of creation, in the time zone of the district',
    example: '2026-11-24',
    read: ({ today }) => ({ value: today.toString(), origin: 'calendar' }),
  },
];

const byPath: ReadonlyMap<string, Binding> = new Map(bindings.map((one) => [one.path, one]));

/** Returns the binding of a path; `undefined` if the catalog has none. */
export const findBinding = (path: string): Binding | undefined => byPath.get(path);
