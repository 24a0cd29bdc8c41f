/**
 * Converts between the form of a manual student and the columns of the record.
 *
 * This folder is for manual students and manual statuses, which users enter.
 */
import type { ManualStudentValues } from '../../contract/students/manual-students.ts';
import type { Status } from '../../contract/values.ts';
import type { StoredGuardian, StudentFieldColumns } from '../record/rows.ts';

type Contact = Pick<ManualStudentValues, 'addresses' | 'phones' | 'emails'>;
type TypedGuardian = ManualStudentValues['guardians'][number];

/** Columns of `students` that staff enter for a manual student. */
export const manualStudentColumns = [
  'student_number',
  'state_id',
  'legal_first_name',
  'legal_middle_name',
  'legal_last_name',
  'legal_suffix',
  'first_name',
  'middle_name',
  'last_name',
  'suffix',
  'birth_date',
  'gender',
  'home_language',
  'grade',
  'addresses',
  'phones',
  'emails',
  'entity_id',
  'entity_name',
  'school_name',
  'school_state_id',
] as const satisfies readonly (keyof StudentFieldColumns)[];

/** Columns of a manually added guardian; `skyward_id` is negative. */
export const manualGuardianColumns = [
  'skyward_id',
  'position',
  'first_name',
  'middle_name',
  'last_name',
  'suffix',
  'relationship',
  'is_custodial',
  'lives_with',
  'is_emergency_contact',
  'allows_pickup',
  'has_restricted_access',
  'language',
  'addresses',
  'phones',
  'emails',
] as const satisfies readonly (keyof StoredGuardian)[];

export type ManualStudentColumns = Pick<StudentFieldColumns, (typeof manualStudentColumns)[number]>;
export type ManualGuardian = Pick<StoredGuardian, (typeof manualGuardianColumns)[number]>;

type ContactColumns = Pick<StudentFieldColumns, 'addresses' | 'phones' | 'emails'>;

/** The school's columns in the record; only the name is set for a school outside the district. */
export type SchoolColumns = Pick<
  StudentFieldColumns,
  'entity_id' | 'entity_name' | 'school_name' | 'school_state_id'
>;

/** Converts form values to columns. Without a separate legal name, the name is also the legal one. */
export function toColumns(
  values: ManualStudentValues,
  school: SchoolColumns,
): ManualStudentColumns {
  const legal = values.legalName ?? values.name;
  return {
    student_number: values.studentNumber,
    state_id: values.stateId,
    legal_first_name: legal.first,
    legal_middle_name: legal.middle,
    legal_last_name: legal.last,
    legal_suffix: legal.suffix,
    first_name: values.name.first,
    middle_name: values.name.middle,
    last_name: values.name.last,
    suffix: values.name.suffix,
    birth_date: values.birthDate,
    gender: values.gender,
    home_language: values.homeLanguage,
    grade: values.grade,
    ...toContactColumns(values),
    entity_id: school.entity_id,
    entity_name: school.entity_name,
    school_name: school.school_name,
    school_state_id: school.school_state_id,
  };
}

/** Converts the guardians of the form, with ids from -1 downwards in their order. */
export const toGuardianRows = (values: ManualStudentValues): ManualGuardian[] =>
  values.guardians.map((guardian, index) => ({
    skyward_id: -1 - index,
    position: index + 1,
    first_name: guardian.first,
    middle_name: guardian.middle,
    last_name: guardian.last,
    suffix: guardian.suffix,
    relationship: guardian.relationship,
    is_custodial: guardian.isCustodial,
    lives_with: guardian.livesWith,
    is_emergency_contact: guardian.isEmergencyContact,
    allows_pickup: guardian.allowsPickup,
    has_restricted_access: guardian.hasRestrictedAccess,
    language: guardian.language,
    ...toContactColumns(guardian),
  }));

/** Converts a stored record to form values; the inverse of the two functions above. */
export function toValues(
  record: ManualStudentColumns,
  guardians: readonly ManualGuardian[],
  status: { readonly value: Status; readonly reason: string | null; readonly since: string },
): ManualStudentValues {
  const name = {
    first: record.first_name ?? '',
    middle: record.middle_name,
    last: record.last_name ?? '',
    suffix: record.suffix,
  };
  const legalName = {
    first: record.legal_first_name ?? '',
    middle: record.legal_middle_name,
    last: record.legal_last_name ?? '',
    suffix: record.legal_suffix,
  };
  return {
    name,
    legalName: JSON.stringify(legalName) === JSON.stringify(name) ? null : legalName,
    birthDate: record.birth_date ?? '',
    studentNumber: record.student_number,
    stateId: record.state_id,
    gender: record.gender,
    grade: record.grade,
    school:
      record.entity_id !== null
        ? { entityId: record.entity_id }
        : record.school_name === null
          ? null
          : { name: record.school_name },
    homeLanguage: record.home_language,
    ...toTypedContact(record),
    guardians: guardians
      .toSorted((a, b) => a.position - b.position)
      .map((guardian) => toTypedGuardian(guardian)),
    status,
  };
}

const toTypedGuardian = (guardian: ManualGuardian): TypedGuardian => ({
  first: guardian.first_name ?? '',
  middle: guardian.middle_name,
  last: guardian.last_name ?? '',
  suffix: guardian.suffix,
  relationship: guardian.relationship,
  language: guardian.language,
  isCustodial: guardian.is_custodial === true,
  livesWith: guardian.lives_with === true,
  isEmergencyContact: guardian.is_emergency_contact === true,
  allowsPickup: guardian.allows_pickup === true,
  hasRestrictedAccess: guardian.has_restricted_access === true,
  ...toTypedContact(guardian),
});

const toContactColumns = ({ addresses, phones, emails }: Contact): ContactColumns => ({
  addresses: addresses.map((address) => ({
    uses: address.uses,
    lines: [address.street, address.unit].filter((line) => line !== null),
    city: address.city,
    state: address.state,
    zip: address.zip,
    county: null,
    country: null,
    text: formatAddress(address),
  })),
  // The order on the screen is the order of calling.
  phones: phones.map((phone, index) => ({ rank: index + 1, ...phone })),
  emails: emails.map((email, index) => ({ rank: index + 1, ...email })),
});

/** `418 Juniper Lane, Apt 6, Pine Ridge, TX 78000` */
function formatAddress(address: Contact['addresses'][number]): string {
  const place = [address.state, address.zip].filter((part) => part !== null).join(' ');
  return [address.street, address.unit, address.city, place]
    .filter((part) => part !== null && part !== '')
    .join(', ');
}

const toTypedContact = ({ addresses, phones, emails }: ContactColumns): Contact => ({
  addresses: addresses.map(({ uses, lines, city, state, zip }) => {
    const [street = '', ...more] = lines;
    return { uses: [...uses], street, unit: more.join(', ') || null, city, state, zip };
  }),
  phones: phones
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ type, number, extension, isConfidential }) => ({
      type,
      number,
      extension,
      isConfidential,
    })),
  emails: emails
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ type, address }) => ({ type, address })),
});
