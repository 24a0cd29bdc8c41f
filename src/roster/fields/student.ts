/** Fields of a student. */
import type { Field } from './catalog.ts';
import { languages, suffixes } from './code-tables.ts';
import { contactFields, everyEntry, otherNameParts } from './contact.ts';
import { nameFields } from './name.ts';
import { schoolFields } from './school.ts';

/** Copied from the enrollment that determines the status. */
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
    document: { path: 'student.stateId', example: '9140031220' },
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
    document: { path: 'student.graduationYear', example: '2031' },
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
    document: { path: 'student.homeLanguage', example: 'Spanish' },
  },
  ...contactFields,
  entityId: { ...schoolFields.entityId, ...placed },
  entityName: { ...schoolFields.entityName, ...placed },
  schoolName: {
    ...schoolFields.schoolName,
    ...placed,
    document: {
      path: 'school.name',
      meaning: 'School of the enrollment',
      example: 'Cedar Creek Middle',
    },
  },
  schoolStateId: {
    ...schoolFields.schoolStateId,
    ...placed,
    document: { path: 'school.stateId', example: '003-041' },
  },
  homeroom: {
    ...schoolFields.homeroom,
    ...placed,
    document: { path: 'student.homeroom', example: 'B12' },
  },
  homeroomTeacher: {
    ...schoolFields.homeroomTeacher,
    ...placed,
    document: { path: 'student.homeroomTeacher', example: 'Ray Kim' },
  },
  advisor: {
    ...schoolFields.advisor,
    ...placed,
    document: { path: 'student.advisor', example: 'Dana Cole' },
  },
} as const satisfies Readonly<Record<string, Field>>;

/** A student's id in Skyward and what an import determines. */
export const decidedFields = {
  sisStudentId: { column: 'skyward_id', type: 'bigint', label: 'Skyward ID' },
  status: { column: 'status', type: 'text', label: 'Status', group: 'status' },
  statusRule: { column: 'status_rule', type: 'text', label: 'Status reason', group: 'status' },
  statusDecidedBy: {
    column: 'status_decided_by',
    type: 'bigint',
    label: 'Enrollment that determines status',
    group: 'status',
  },
} as const satisfies Readonly<Record<string, Field>>;

/** Values that consist of several columns and are entered, chosen and shown as one. */
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
