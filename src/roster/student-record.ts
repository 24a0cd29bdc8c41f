/** What a student, a guardian and their contact details are in Daybreak, whichever system they come from. */

/** How an address is used; one address may serve as both. */
export type AddressUse = 'home' | 'mailing';

/** A postal address; `lines` holds what stands above the line with city, state and zip. */
export interface PostalAddress {
  readonly uses: readonly AddressUse[];
  readonly lines: readonly string[];
  readonly city: string | null;
  readonly state: string | null;
  readonly zip: string | null;
  readonly county: string | null;
  readonly country: string | null;
  /** The whole address on one line, as it would be written on an envelope. */
  readonly text: string;
}

/** A phone number as people write it; rank 1 is called first. */
export interface PhoneNumber {
  readonly rank: number;
  readonly type: string | null;
  readonly number: string;
  readonly extension: string | null;
  readonly isConfidential: boolean;
}

/** An e-mail address; rank 1 is written to first. */
export interface EmailAddress {
  readonly rank: number;
  readonly type: string | null;
  readonly address: string;
}

/** Another name that a person goes or went by. */
export interface OtherName {
  readonly first: string | null;
  readonly middle: string | null;
  readonly last: string | null;
  readonly suffix: string | null;
  readonly kind: 'legal' | 'maiden' | 'other';
}

/** Columns of `students` that the import owns and overwrites every night, apart from placement and status. */
export const studentColumns = [
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
  'other_names',
  'birth_date',
  'gender',
  'race',
  'ethnicity',
  'native_language',
  'home_language',
  'graduation_year',
  'addresses',
  'phones',
  'emails',
] as const;

/** Columns of `students` copied from the enrollment that decided the status. */
export const placementColumns = [
  'grade',
  'entity_id',
  'entity_name',
  'school_name',
  'school_state_id',
  'homeroom',
  'homeroom_teacher',
  'advisor',
] as const;

/** Columns of `guardians` that the import owns; a guardian is known by student and Skyward id. */
export const guardianColumns = [
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
  'has_family_access',
  'has_restricted_access',
  'language',
  'addresses',
  'phones',
  'emails',
] as const;

/** Columns of `enrollments` that the import owns; an enrollment is known by student and Skyward id. */
export const enrollmentColumns = [
  'entity_id',
  'entity_name',
  'school_name',
  'school_state_id',
  'school_year',
  'start_date',
  'end_date',
  'withdrawal_date',
  'withdrawal_code',
  'withdrawal_reason',
  'entry_code',
  'entry_reason',
  'is_default_entity',
  'calendar_end_date',
  'grade',
  'homeroom',
  'homeroom_teacher',
  'advisor',
] as const;
