/**
 * Every field of a student, a guardian and an enrollment, once: its column, type and label, where Skyward has it, and
 * what happens while that is missing. Columns, row types, staged rows, requests, retained values, history, the preview
 * of changes, comparisons and document fields are derived from here.
 *
 * To add a field that Skyward delivers as it is: one entry here (`copies`), and a migration for the column.
 */

/** Types of columns; of a list, what each entry is. */
export type FieldType =
  'text' | 'integer' | 'bigint' | 'boolean' | 'date' | 'addresses' | 'phones' | 'emails' | 'names';

/** Under what a change of the field is listed in a student's history; without one, the record's own group. */
export type FieldGroup = 'status' | 'contact' | 'school' | 'guardians';

/** A field of Skyward, `Module/Object.Field` of another object, or an object as a whole; any one of an inner list. */
export type Source = string | readonly string[];

interface Skyward {
  /** The table of staged rows in which it has a column of the same name. */
  readonly staged?: string;
  /** The field of Skyward that is stored as it is. */
  readonly copies?: string;
  /** The same where the value is mapped (`people.ts`, `students.ts in src/qmlativ/mapping`): everything it needs. */
  readonly sources?: readonly Source[];
  /** How the copied field is read (`src/qmlativ/qmlativ-object.ts`), where its type does not say it. */
  readonly reads?: 'code' | 'year' | 'rank';
}

/** A column of `students`, `guardians` or `enrollments`. */
export interface Field extends Skyward {
  readonly column: string;
  readonly type: FieldType;
  readonly label: string;
  /** True when the column is never null. */
  readonly filled?: true;
  readonly group?: FieldGroup;
  /** Staged tables and columns without which it is unknown, besides its own staged column. */
  readonly needs?: readonly string[];
  /** What is stored while Skyward has none: the published value is retained only where it differs from that. */
  readonly fallback?: string;
  /** Entries of a list, by what each consists of. */
  readonly parts?: FieldParts;
  /** While the source is missing: `retain` the published value (default), `hold` the import, or `ignore`. */
  readonly whenMissing?: 'retain' | 'hold' | 'ignore';
  /** True when a loss does not show in the column, since an empty value is stored as another one. */
  readonly hidesLoss?: true;
  /** Of a student: copied from the enrollment that decided the status. */
  readonly isPlacement?: true;
  /** Path and example of the document field, where it is the plain value. */
  readonly document?: {
    readonly path: string;
    readonly meaning?: string;
    readonly example: string;
  };
}

/** A part of each entry of a list. */
export interface Part extends Skyward {
  readonly column: string;
  readonly type: 'text' | 'integer' | 'boolean';
  /** JSON path that finds the part in the published list; the list is retained while it would lose such a part. */
  readonly held?: string;
  readonly hidesLoss?: true;
}

/** The parts of a list's entries, and staged columns besides them of which the list consists. */
export interface FieldParts {
  readonly fields: Readonly<Record<string, Part>>;
  readonly links?: Readonly<Record<string, string>>;
}

/** Code tables and objects that several fields need. */
const suffixes = 'Demographics/NameSuffix';
const languages = 'Demographics/Language';
const zips = 'Demographics/Zip';
const streets = 'Demographics/Street';
const homerooms = 'Enrollment/Homeroom';
const calendars = 'Attendance/Calendar';
const entities = 'District/Entity';
const schools = 'Enrollment/School';
const entryCodes = 'Enrollment/EntryCode';

const line = 'StreetNumberAndNameIncludeSecondaryUnit';
const fullAddress = 'FormattedFullAddress';

/** Without such a part a row gives no entry at all. */
const everyEntry = '$[*]';
const present = (part: string) => `$[*].${part} ? (@ != null)`;

// A member of an entry is called as its key here. Of each list, in the order of the staged columns.

const zipSources = (...fields: readonly string[]) => ['ZipID', zips, ...fields];

const addressParts = {
  lines: {
    column: 'lines',
    type: 'text',
    staged: 'addresses',
    sources: [
      [line, fullAddress, 'StreetNumber'],
      [line, fullAddress, 'StreetID'],
      [line, fullAddress, streets],
    ],
    held: '$[*].lines[*]',
  },
  city: {
    column: 'city',
    type: 'text',
    staged: 'addresses',
    sources: zipSources(`${zips}.City`),
    held: present('city'),
  },
  state: {
    column: 'state',
    type: 'text',
    staged: 'addresses',
    sources: zipSources(`${zips}.StateID`, 'SkySys/State'),
    held: present('state'),
  },
  zip: {
    column: 'zip',
    type: 'text',
    staged: 'addresses',
    sources: zipSources(`${zips}.ZipCode`),
    held: present('zip'),
  },
  county: {
    column: 'county',
    type: 'text',
    staged: 'addresses',
    sources: ['CountyID', 'Demographics/County'],
    held: present('county'),
  },
  country: {
    column: 'country',
    type: 'text',
    staged: 'addresses',
    sources: zipSources(),
    held: present('country'),
  },
  isHome: {
    column: 'is_home',
    type: 'boolean',
    staged: 'person_addresses',
    sources: ['IsPhysical'],
    held: '$[*] ? (@.uses.size() > 1)',
    hidesLoss: true,
  },
  isMailing: {
    column: 'is_mailing',
    type: 'boolean',
    staged: 'person_addresses',
    sources: ['IsMailing'],
    held: '$[*].uses[*] ? (@ == "mailing")',
    hidesLoss: true,
  },
} as const satisfies FieldParts['fields'];

const phoneParts = {
  rank: {
    column: 'rank',
    type: 'integer',
    staged: 'person_phones',
    sources: ['Rank'],
    held: '$[*].rank ? (@ > 1)',
    hidesLoss: true,
  },
  type: {
    column: 'type',
    type: 'text',
    staged: 'person_phones',
    sources: ['PhoneTypeID', 'Demographics/PhoneType'],
    held: present('type'),
  },
  number: {
    column: 'number',
    type: 'text',
    staged: 'person_phones',
    sources: [['FormattedPhoneNumber', 'PhoneNumber']],
    held: everyEntry,
    hidesLoss: true,
  },
  extension: {
    column: 'extension',
    type: 'text',
    staged: 'person_phones',
    copies: 'Extension',
    reads: 'code',
    held: present('extension'),
  },
  isConfidential: {
    column: 'is_confidential',
    type: 'boolean',
    staged: 'person_phones',
    sources: ['IsConfidential'],
    held: '$[*].isConfidential ? (@ == true)',
    hidesLoss: true,
  },
} as const satisfies FieldParts['fields'];

const emailParts = {
  rank: {
    column: 'rank',
    type: 'integer',
    staged: 'person_emails',
    sources: ['Rank'],
    held: '$[*].rank ? (@ > 1)',
    hidesLoss: true,
  },
  type: {
    column: 'type',
    type: 'text',
    staged: 'person_emails',
    sources: ['EmailTypeID', 'Demographics/EmailType'],
    held: present('type'),
  },
  address: {
    column: 'address',
    type: 'text',
    staged: 'person_emails',
    sources: ['EmailAddress'],
    held: everyEntry,
    hidesLoss: true,
  },
} as const satisfies FieldParts['fields'];

const otherNameParts = {
  first: {
    column: 'first_name',
    type: 'text',
    staged: 'person_aliases',
    sources: ['FirstName'],
    held: present('first'),
  },
  middle: {
    column: 'middle_name',
    type: 'text',
    staged: 'person_aliases',
    sources: ['MiddleName'],
    held: present('middle'),
  },
  last: {
    column: 'last_name',
    type: 'text',
    staged: 'person_aliases',
    sources: ['LastName'],
    held: present('last'),
  },
  suffix: {
    column: 'suffix',
    type: 'text',
    staged: 'person_aliases',
    sources: ['NameSuffixID', suffixes],
    held: present('suffix'),
  },
  kind: {
    column: 'kind',
    type: 'text',
    staged: 'person_aliases',
    sources: ['IsLegalName', 'IsMaidenName'],
    held: '$[*].kind ? (@ != "other")',
    hidesLoss: true,
  },
} as const satisfies FieldParts['fields'];

const contactFields = {
  addresses: {
    column: 'addresses',
    type: 'addresses',
    label: 'Addresses',
    filled: true,
    group: 'contact',
    needs: ['addresses', 'person_addresses'],
    parts: { fields: addressParts, links: { 'person_addresses.person_id': everyEntry } },
  },
  phones: {
    column: 'phones',
    type: 'phones',
    label: 'Phones',
    filled: true,
    group: 'contact',
    needs: ['person_phones'],
    parts: { fields: phoneParts, links: { 'person_phones.person_id': everyEntry } },
  },
  emails: {
    column: 'emails',
    type: 'emails',
    label: 'E-mail addresses',
    filled: true,
    group: 'contact',
    needs: ['person_emails'],
    parts: { fields: emailParts, links: { 'person_emails.person_id': everyEntry } },
  },
} as const satisfies Readonly<Record<string, Field>>;

const nameFields = {
  firstName: {
    column: 'first_name',
    type: 'text',
    label: 'First name',
    staged: 'people',
    sources: ['FirstName'],
  },
  middleName: {
    column: 'middle_name',
    type: 'text',
    label: 'Middle name',
    staged: 'people',
    sources: ['MiddleName'],
  },
  lastName: {
    column: 'last_name',
    type: 'text',
    label: 'Last name',
    staged: 'people',
    sources: ['LastName'],
  },
  suffix: {
    column: 'suffix',
    type: 'text',
    label: 'Suffix',
    staged: 'people',
    sources: ['NameSuffixID', suffixes],
  },
} as const satisfies Readonly<Record<string, Field>>;

/** What an enrollment says of a school; a student's come from the enrollment that decided the status. */
const schoolFields = {
  grade: { column: 'grade', type: 'text', label: 'Grade', group: 'school' },
  entityId: { column: 'entity_id', type: 'bigint', label: 'Entity number', group: 'school' },
  entityName: { column: 'entity_name', type: 'text', label: 'Entity', group: 'school' },
  schoolName: { column: 'school_name', type: 'text', label: 'School', group: 'school' },
  schoolStateId: {
    column: 'school_state_id',
    type: 'text',
    label: 'School number',
    group: 'school',
  },
  homeroom: { column: 'homeroom', type: 'text', label: 'Homeroom', group: 'school' },
  homeroomTeacher: {
    column: 'homeroom_teacher',
    type: 'text',
    label: 'Homeroom teacher',
    group: 'school',
  },
  advisor: { column: 'advisor', type: 'text', label: 'Advisor', group: 'school' },
} as const satisfies Readonly<Record<string, Field>>;

/** Copied from the enrollment that decided the status. */
const placed = { isPlacement: true } as const;

export const studentFields = {
  ...nameFields,
  legalFirstName: {
    column: 'legal_first_name',
    type: 'text',
    label: 'Legal first name',
    staged: 'people',
    sources: ['FirstNameLegal'],
    fallback: 'first_name',
  },
  legalMiddleName: {
    column: 'legal_middle_name',
    type: 'text',
    label: 'Legal middle name',
    staged: 'people',
    sources: ['MiddleNameLegal', ['FirstNameLegal', 'LastNameLegal']],
    fallback: 'middle_name',
  },
  legalLastName: {
    column: 'legal_last_name',
    type: 'text',
    label: 'Legal last name',
    staged: 'people',
    sources: ['LastNameLegal'],
    fallback: 'last_name',
  },
  legalSuffix: {
    column: 'legal_suffix',
    type: 'text',
    label: 'Legal suffix',
    staged: 'people',
    sources: ['NameSuffixIDLegal', ['FirstNameLegal', 'LastNameLegal'], suffixes],
    fallback: 'suffix',
  },
  otherNames: {
    column: 'other_names',
    type: 'names',
    label: 'Other names',
    filled: true,
    needs: ['person_aliases'],
    parts: { fields: otherNameParts, links: { 'person_aliases.person_id': everyEntry } },
  },
  birthDate: {
    column: 'birth_date',
    type: 'date',
    label: 'Date of birth',
    staged: 'people',
    sources: ['BirthDate'],
    document: { path: 'student.birthDate', example: '2013-04-17' },
  },
  gender: {
    column: 'gender',
    type: 'text',
    label: 'Gender',
    staged: 'people',
    sources: [['Gender', 'GenderCode']],
  },
  race: {
    column: 'race',
    type: 'text',
    label: 'Race',
    staged: 'people',
    copies: 'Race',
    document: { path: 'student.race', example: 'White' },
  },
  ethnicity: {
    column: 'ethnicity',
    type: 'text',
    label: 'Ethnicity',
    staged: 'people',
    copies: 'Ethnicity',
    document: { path: 'student.ethnicity', example: 'Hispanic or Latino' },
  },
  studentNumber: {
    column: 'student_number',
    type: 'text',
    label: 'Student number',
    staged: 'students',
    sources: ['StudentNumber'],
    document: { path: 'student.number', example: '104117' },
  },
  stateId: {
    column: 'state_id',
    type: 'text',
    label: 'State ID',
    staged: 'students',
    sources: [['CalculatedStudentStateID', 'StudentStateID']],
    document: { path: 'student.stateId', meaning: "The state's number", example: '9140031220' },
  },
  grade: {
    ...schoolFields.grade,
    ...placed,
    staged: 'students',
    copies: 'Grade',
    reads: 'code',
    document: { path: 'student.grade', example: '07' },
  },
  graduationYear: {
    column: 'graduation_year',
    type: 'integer',
    label: 'Graduation year',
    staged: 'students',
    copies: 'GradYear',
    reads: 'year',
    document: { path: 'student.graduationYear', meaning: 'Year of graduation', example: '2031' },
  },
  nativeLanguage: {
    column: 'native_language',
    type: 'text',
    label: 'Native language',
    staged: 'students',
    sources: ['LanguageIDNative', languages],
    document: { path: 'student.nativeLanguage', example: 'Spanish' },
  },
  homeLanguage: {
    column: 'home_language',
    type: 'text',
    label: 'Home language',
    staged: 'families',
    sources: ['LanguageIDHome', languages],
    needs: ['families', 'family_students'],
    document: {
      path: 'student.homeLanguage',
      meaning: 'Language spoken at home',
      example: 'Spanish',
    },
  },
  ...contactFields,
  entityId: { ...schoolFields.entityId, ...placed },
  entityName: { ...schoolFields.entityName, ...placed },
  schoolName: {
    ...schoolFields.schoolName,
    ...placed,
    document: {
      path: 'school.name',
      meaning: 'School the enrollment places in',
      example: 'Cedar Creek Middle',
    },
  },
  schoolStateId: {
    ...schoolFields.schoolStateId,
    ...placed,
    document: {
      path: 'school.stateId',
      meaning: "The state's number of the school",
      example: '003-041',
    },
  },
  homeroom: {
    ...schoolFields.homeroom,
    ...placed,
    document: { path: 'student.homeroom', example: 'B12' },
  },
  homeroomTeacher: {
    ...schoolFields.homeroomTeacher,
    ...placed,
    document: {
      path: 'student.homeroomTeacher',
      meaning: 'Teacher of the homeroom',
      example: 'Ray Kim',
    },
  },
  advisor: {
    ...schoolFields.advisor,
    ...placed,
    document: { path: 'student.advisor', example: 'Dana Cole' },
  },
} as const satisfies Readonly<Record<string, Field>>;

export const guardianFields = {
  position: {
    column: 'position',
    type: 'integer',
    label: 'Order',
    filled: true,
    needs: ['guardian_links.rank'],
  },
  ...nameFields,
  relationship: {
    column: 'relationship',
    type: 'text',
    label: 'Relationship',
    staged: 'guardian_links',
    sources: ['RelationshipID', 'Demographics/Relationship'],
  },
  isCustodial: {
    column: 'is_custodial',
    type: 'boolean',
    label: 'Custody',
    staged: 'guardian_links',
    copies: 'IsCustodialGuardian',
  },
  livesWith: {
    column: 'lives_with',
    type: 'boolean',
    label: 'Student lives here',
    needs: ['family_students', 'family_guardians'],
  },
  isEmergencyContact: {
    column: 'is_emergency_contact',
    type: 'boolean',
    label: 'Emergency contact',
    staged: 'guardian_links',
    copies: 'IsEmergencyContact',
  },
  allowsPickup: {
    column: 'allows_pickup',
    type: 'boolean',
    label: 'May pick up',
    staged: 'guardian_links',
    copies: 'AllowStudentPickup',
  },
  hasFamilyAccess: {
    column: 'has_family_access',
    type: 'boolean',
    label: 'Family access',
    staged: 'guardian_links',
    copies: 'AllowFamilyAccess',
  },
  hasRestrictedAccess: {
    column: 'has_restricted_access',
    type: 'boolean',
    label: 'Restricted access',
    staged: 'guardian_links',
    copies: 'HasActiveRestrictedAccess',
  },
  language: {
    column: 'language',
    type: 'text',
    label: 'Language',
    needs: ['families', 'family_students', 'family_guardians', 'families.home_language'],
  },
  ...contactFields,
} as const satisfies Readonly<Record<string, Field>>;

export const enrollmentFields = {
  entityId: {
    ...schoolFields.entityId,
    filled: true,
    staged: 'enrollments',
    sources: ['EntityID'],
    whenMissing: 'ignore',
  },
  entityName: {
    ...schoolFields.entityName,
    staged: 'enrollments',
    sources: ['EntityID', entities, `${entities}.Name`],
  },
  schoolName: {
    ...schoolFields.schoolName,
    staged: 'enrollments',
    sources: ['SchoolID', schools, `${schools}.Name`],
    fallback: 'entity_name',
  },
  schoolStateId: {
    ...schoolFields.schoolStateId,
    staged: 'enrollments',
    sources: ['SchoolID', schools, `${schools}.StateAssignedID`],
  },
  schoolYear: {
    column: 'school_year',
    type: 'integer',
    label: 'School year',
    filled: true,
    staged: 'enrollments',
    sources: ['SchoolYearID'],
    whenMissing: 'ignore',
  },
  startDate: {
    column: 'start_date',
    type: 'date',
    label: 'Start date',
    staged: 'enrollments',
    sources: ['StartDate'],
    whenMissing: 'ignore',
  },
  endDate: {
    column: 'end_date',
    type: 'date',
    label: 'End date',
    staged: 'enrollments',
    sources: ['EndDate'],
    whenMissing: 'hold',
  },
  withdrawalDate: {
    column: 'withdrawal_date',
    type: 'date',
    label: 'Withdrawal date',
    staged: 'enrollments',
    sources: ['WithdrawalDate'],
    whenMissing: 'hold',
  },
  withdrawalCode: {
    column: 'withdrawal_code',
    type: 'text',
    label: 'Withdrawal code',
    staged: 'enrollments',
    sources: ['WithdrawalCodeID'],
    whenMissing: 'hold',
  },
  withdrawalReason: {
    column: 'withdrawal_reason',
    type: 'text',
    label: 'Withdrawal reason',
    staged: 'enrollments',
    sources: ['Enrollment/WithdrawalCode.Description'],
  },
  entryCode: {
    column: 'entry_code',
    type: 'text',
    label: 'Entry code',
    staged: 'enrollments',
    sources: ['EntryCodeID', entryCodes],
  },
  entryReason: {
    column: 'entry_reason',
    type: 'text',
    label: 'Entry reason',
    staged: 'enrollments',
    sources: ['EntryCodeID', entryCodes, `${entryCodes}.Description`],
  },
  isDefaultEntity: {
    column: 'is_default_entity',
    type: 'boolean',
    label: 'Main school',
    filled: true,
    staged: 'enrollments',
    sources: ['IsDefaultEntity'],
    hidesLoss: true,
  },
  calendarEndDate: {
    column: 'calendar_end_date',
    type: 'date',
    label: 'Last day of the calendar',
    staged: 'enrollments',
    sources: ['CalendarID', calendars, `${calendars}.EndDate`],
  },
  /** True, or not said. */
  isNoShow: {
    column: 'is_no_show',
    type: 'boolean',
    label: 'No-show',
    staged: 'enrollments',
    sources: ['IsNoShow'],
  },
  /** False where the row was over when it was read; of any other it is not said. */
  enrolledAtLeastOneDay: {
    column: 'enrolled_at_least_one_day',
    type: 'boolean',
    label: 'Attended',
    staged: 'enrollments',
    sources: ['EnrolledAtLeastOneDay'],
  },
  grade: { ...schoolFields.grade, staged: 'entity_years', copies: 'Grade', reads: 'code' },
  homeroom: {
    ...schoolFields.homeroom,
    staged: 'entity_years',
    sources: ['HomeroomID', homerooms],
  },
  homeroomTeacher: {
    ...schoolFields.homeroomTeacher,
    needs: ['entity_years.homeroom_teacher_person_id'],
  },
  advisor: { ...schoolFields.advisor, needs: ['entity_years.advisor_person_id'] },
} as const satisfies Readonly<Record<string, Field>>;

/** What the import decides of a student, and by which id Skyward knows them. */
export const decidedFields = {
  skywardId: { column: 'skyward_id', type: 'bigint', label: 'Skyward ID' },
  status: { column: 'status', type: 'text', label: 'Status', group: 'status' },
  statusRule: { column: 'status_rule', type: 'text', label: 'Status reason', group: 'status' },
  statusDecidedBy: {
    column: 'status_decided_by',
    type: 'bigint',
    label: 'Enrollment that determines status',
    group: 'status',
  },
} as const satisfies Readonly<Record<string, Field>>;

/** Several columns that people enter, choose and read as one value. */
export const combinedFields = {
  name: { label: 'Name', of: ['firstName', 'middleName', 'lastName', 'suffix'] },
  legalName: {
    label: 'Legal name',
    of: ['legalFirstName', 'legalMiddleName', 'legalLastName', 'legalSuffix'],
  },
  school: { label: 'School', of: ['entityId', 'entityName', 'schoolName', 'schoolStateId'] },
  guardians: { label: 'Parents and guardians', of: [] },
} as const satisfies Readonly<
  Record<string, { label: string; of: readonly (keyof typeof studentFields)[] }>
>;

/** What staff enter; never changed by an import. */
export const staffFields = {
  'preferred-gender': { label: 'Preferred gender' },
  pronouns: { label: 'Pronouns' },
  notes: { label: 'Notes' },
} as const;
