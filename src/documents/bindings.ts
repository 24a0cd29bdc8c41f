/**
 * Everything of a student's Details that can fill a field of a form, each with its meaning and an example.
 *
 * This folder is for forms, and documents filled from a student's Details.
 */
import { preferredGenders, type StaffField } from '../contract/students/staff-values.ts';
import type { PersonRow } from '../contract/documents/form-template.ts';
import type { Address, Guardian, PersonName, Phone } from '../contract/students/students.ts';
import { statusLabels } from '../enrollment/enrollment-status.ts';
import type { Field } from '../roster/fields/catalog.ts';
import { studentFields } from '../roster/fields/student.ts';
import type { StudentDetails } from '../students/record/document-details.ts';

/** What documents are filled with: one student's Details as they are at that moment. */
export interface Details {
  readonly student: StudentDetails;
  readonly districtName: string;
  readonly today: Temporal.PlainDate;
}

type Origin = 'record' | 'manual' | 'calendar' | 'district';

/** A value with where it comes from (`record`: the student's record), or a sentence that says why there is none. */
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

/** How many guardians have paths of their own; the table `guardians` holds all of them. */
const maxGuardianPaths = 4;

type Text = string | number | null | undefined;

const toReading = (value: Text, missing: string, origin: Origin = 'record'): Reading => {
  const text = value === null || value === undefined ? '' : String(value).trim();
  return text === '' ? { missing } : { value: text, origin };
};

/** First, middle, last and suffix as they are said. */
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

/** The preferred gender of Details, else the gender Skyward has; anything else is left to a person. */
function gender(details: Details): Reading {
  const preferred = staffValue(details, 'preferred-gender');
  if (preferred !== null && preferredGenders.some((one) => one === preferred)) {
    return { value: preferred, origin: 'manual' };
  }
  const fromSkyward = skywardGenders.get(details.student.gender?.trim().toLowerCase() ?? '');
  return toReading(fromSkyward, 'Details do not tell the gender; choose it here.');
}

const pronounsByGender: ReadonlyMap<string, string> = new Map([
  ['Female', 'she/her'],
  ['Male', 'he/him'],
  ['Non-binary', 'they/them'],
  ['Other', 'they/them'],
]);

/** Preferred pronouns, else those of the preferred gender; never guessed from Skyward's gender. */
function pronouns(details: Details): Reading {
  const preferred = staffValue(details, 'pronouns');
  if (preferred !== null) return { value: preferred, origin: 'manual' };
  const byGender = pronounsByGender.get(staffValue(details, 'preferred-gender') ?? '');
  return toReading(byGender, 'Details have neither pronouns nor a preferred gender.', 'manual');
}

const mainAddress = (addresses: readonly Address[]): Text =>
  (addresses.find(({ uses }) => uses.includes('mailing')) ?? addresses[0])?.text;

/** The phone called first, which no fax is; a number that Skyward marks confidential never goes into a document. */
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

/** Full years on that day; `undefined` for a day before birth. */
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
  simple('student.name', 'name', 'The name the student goes by', 'Ana Reyes', ({ name }) =>
    spokenName(name),
  ),
  simple('student.firstName', 'first name', 'First name in use', 'Ana', ({ name }) => name.first),
  simple('student.lastName', 'last name', 'Last name in use', 'Reyes', ({ name }) => name.last),
  simple('student.legalName', 'legal name', 'The legal name', 'Ana María Reyes', (student) =>
    spokenName(student.legalName),
  ),
  ...recordFields,
  {
    path: 'student.age',
    holds: 'text',
    meaning: 'Full years of age on the day the document is created',
    example: '13',
    read: ({ student, today }) =>
      toReading(ageOn(student.birthDate, today), 'Details have no birth date to count from.'),
  },
  {
    path: 'student.gender',
    holds: 'text',
    meaning: 'Preferred gender if Details have one, else the gender of the record',
    example: 'Female',
    read: gender,
  },
  {
    path: 'student.pronouns',
    holds: 'text',
    meaning: 'Pronouns of Details, else those that go with the preferred gender',
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
    meaning: 'The phone called first, unless it is confidential',
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

/** A guardian's value; entered by hand when the guardian was. */
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
    meaning: `${meaning} of ${whose}, in the order of Skyward`,
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
    text('phone', 'The phone called first', '936-555-0114', (one) =>
      phone(one.phones, null, whose),
    ),
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

/** One row for each guardian; of a form's columns those that are named here are filled. */
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

/** Every binding there is, in the order of the catalogue. */
export const bindings: readonly Binding[] = [
  ...ofTheStudent,
  ...Array.from({ length: maxGuardianPaths }, (_, index) => pathsOfGuardian(index)).flat(),
  {
    path: 'guardians',
    holds: 'people',
    meaning:
      'All guardians, a row each; columns: name, relationship, phone, email, address, language',
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
    meaning: "The day the document is created, by the district's clock",
    example: '2026-11-24',
    read: ({ today }) => ({ value: today.toString(), origin: 'calendar' }),
  },
];

const byPath: ReadonlyMap<string, Binding> = new Map(bindings.map((one) => [one.path, one]));

/** The binding of this path; `undefined` when the catalogue has none. */
export const findBinding = (path: string): Binding | undefined => byPath.get(path);
