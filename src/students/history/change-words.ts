/** Says what changed in the words people use: names of fields, and values as they would be read out. */
import { z } from 'zod';

import { Status } from '../../contract/values.ts';
import { statusLabels } from '../../enrollment/enrollment-status.ts';

/** Whose value it is. */
export type ChangedRecord = 'student' | 'guardian' | 'enrollment' | 'staff' | 'hand';

const personFields = {
  first_name: 'First name',
  middle_name: 'Middle name',
  last_name: 'Last name',
  suffix: 'Suffix',
} as const;

const contactFields = {
  addresses: 'Addresses',
  phones: 'Phones',
  emails: 'E-mail addresses',
} as const;

const schoolFields = {
  grade: 'Grade',
  entity_id: "Skyward's number of the school",
  entity_name: 'School in Skyward (entity)',
  school_name: 'School',
  school_state_id: 'School number',
  homeroom: 'Homeroom',
  homeroom_teacher: 'Homeroom teacher',
  advisor: 'Advisor',
} as const;

const fieldNames: Readonly<Record<ChangedRecord, Readonly<Record<string, string>>>> = {
  student: {
    ...personFields,
    ...contactFields,
    ...schoolFields,
    skyward_id: "Skyward's number of the student",
    student_number: 'Student number',
    state_id: 'State id',
    legal_first_name: 'Legal first name',
    legal_middle_name: 'Legal middle name',
    legal_last_name: 'Legal last name',
    legal_suffix: 'Legal suffix',
    other_names: 'Other names',
    birth_date: 'Birth date',
    gender: 'Gender',
    race: 'Race',
    ethnicity: 'Ethnicity',
    native_language: 'Native language',
    home_language: 'Language at home',
    graduation_year: 'Graduation year',
    status: 'Status',
    status_rule: 'Reason of the status',
    status_decided_by: 'Enrollment that decides the status',
  },
  guardian: {
    ...personFields,
    ...contactFields,
    position: 'Place in the order of guardians',
    relationship: 'Relationship',
    is_custodial: 'Custody',
    lives_with: 'Student lives here',
    is_emergency_contact: 'Emergency contact',
    allows_pickup: 'May pick up',
    has_family_access: 'Family access',
    has_restricted_access: 'Restricted access',
    language: 'Language',
  },
  enrollment: {
    ...schoolFields,
    school_year: 'School year',
    start_date: 'First day',
    end_date: 'Last day',
    withdrawal_date: 'Withdrawal date',
    withdrawal_code: 'Withdrawal code',
    withdrawal_reason: 'Withdrawal reason',
    entry_code: 'Entry code',
    entry_reason: 'Entry reason',
    is_default_entity: 'Main school',
    calendar_end_date: 'Last day of the calendar',
    is_no_show: 'No-show',
    enrolled_at_least_one_day: 'Attended',
  },
  staff: { 'preferred-gender': 'Preferred gender', pronouns: 'Pronouns', notes: 'Notes' },
  hand: {
    name: 'Name',
    legalName: 'Legal name',
    birthDate: 'Birth date',
    studentNumber: 'Student number',
    stateId: 'State id',
    gender: 'Gender',
    grade: 'Grade',
    school: 'School',
    homeLanguage: 'Language at home',
    ...contactFields,
    guardians: 'Parents and guardians',
    status: 'Status',
  },
};

/** `Legal first name` of `legal_first_name`; a field that this version does not know keeps its own name. */
export const fieldWords = (record: ChangedRecord, field: string): string =>
  fieldNames[record][field] ?? field.replaceAll('_', ' ');

const text = z.string().nullish();
const Shapes = {
  phone: z.object({ number: z.string(), type: text, extension: text, isConfidential: z.boolean() }),
  email: z.object({ address: z.string(), type: text }),
  address: z.object({ text: z.string() }),
  typedAddress: z.object({ street: z.string(), unit: text, city: text, state: text, zip: text }),
  name: z.object({ first: text, middle: text, last: text, suffix: text }),
  status: z.object({ value: Status }),
  school: z.object({ name: z.string() }),
};

/** A value as people read it; `null` when there is none. */
export function valueWords(field: string, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return field === 'school_year' ? yearWords(value) : String(value);
  if (typeof value === 'string') return textWords(field, value);
  if (Array.isArray(value)) {
    const parts = value.map((one) => valueWords(field, one)).filter((part) => part !== null);
    return parts.length === 0 ? null : parts.join('; ');
  }
  return objectWords(value);
}

function textWords(field: string, value: string): string {
  if (field === 'status') return statusLabels[value as Status] ?? value;
  if (field === 'grade' && /^\d+$/.test(value)) return String(Number(value));
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? dayWords(value) : value;
}

/** `Aug 12, 2026`, as every screen writes a day. */
export const dayWords = (day: string): string =>
  Temporal.PlainDate.from(day).toLocaleString('en-US', { dateStyle: 'medium' });

/** A school year by the year it ends in: 2027 is `2026–27`. */
const yearWords = (year: number): string => `${year - 1}–${String(year % 100).padStart(2, '0')}`;

function objectWords(value: object): string {
  const phone = Shapes.phone.safeParse(value).data;
  if (phone !== undefined) {
    const { number, extension, type, isConfidential } = phone;
    return withMarks(extension ? `${number} ext. ${extension}` : number, [
      type,
      isConfidential && 'confidential',
    ]);
  }
  const email = Shapes.email.safeParse(value).data;
  if (email !== undefined) return withMarks(email.address, [email.type]);
  const address = Shapes.address.safeParse(value).data;
  if (address !== undefined) return address.text;
  const typed = Shapes.typedAddress.safeParse(value).data;
  if (typed !== undefined) {
    return joined(
      [typed.street, typed.unit, typed.city, joined([typed.state, typed.zip], ' ')],
      ', ',
    );
  }
  const status = Shapes.status.safeParse(value).data;
  if (status !== undefined) return statusLabels[status.value];
  const school = Shapes.school.safeParse(value).data;
  if (school !== undefined) return school.name;
  const name = Shapes.name.safeParse(value).data;
  return (name && nameWords(name)) || 'something that this page cannot show';
}

interface Name {
  readonly first?: string | null | undefined;
  readonly middle?: string | null | undefined;
  readonly last?: string | null | undefined;
  readonly suffix?: string | null | undefined;
}

/** `Lucía Vega Romero`; empty when nothing is known. */
export const nameWords = ({ first, middle, last, suffix }: Name): string =>
  joined([first, middle, last, suffix], ' ');

function withMarks(value: string, marks: readonly (string | null | undefined | false)[]): string {
  const said = joined(marks, ', ');
  return said === '' ? value : `${value} (${said})`;
}

const joined = (parts: readonly (string | null | undefined | false)[], by: string): string =>
  parts.filter((part) => typeof part === 'string' && part !== '').join(by);
