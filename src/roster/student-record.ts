/**
 * What a student, a guardian and an enrollment are made of in Daybreak, whichever system they come from:
 * the columns that a night owns. The form of addresses, phones and e-mails stands in src/contract.
 */

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
  'is_no_show',
  'enrolled_at_least_one_day',
  'grade',
  'homeroom',
  'homeroom_teacher',
  'advisor',
] as const;
