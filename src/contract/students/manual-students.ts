/** Manual students: add, change, delete, restore; and manual statuses. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint, writingRoles } from '../endpoint.ts';
import { Day, dayOr, Instant, RecordId, RecordIdInPath, Status, PersonName } from '../values.ts';
import { code, email, text } from '../text.ts';

/** Typed text: trimmed, and null if empty. */
const optionalText = (max: number) =>
  text(max, `shorten it to ${max} characters`)
    .nullable()
    .overwrite((given) => (given === null || given === '' ? null : given.normalize('NFC')));

/** Text that must not be empty; `missing` says what to enter. */
const required = (max: number, missing: string) =>
  optionalText(max).refine((given): given is string => given !== null, missing);

const TypedName = z.strictObject({
  first: required(60, 'enter the first name'),
  middle: optionalText(60),
  last: required(60, 'enter the last name'),
  suffix: optionalText(20),
});

const TypedAddress = z.strictObject({
  uses: z
    .array(z.enum(['home', 'mailing']))
    .min(1, 'tick home, mailing or both')
    .max(2),
  street: required(200, 'enter the street or PO box'),
  unit: optionalText(100).meta({ description: 'Apartment or unit: the second line.' }),
  city: optionalText(80),
  state: optionalText(40),
  zip: optionalText(20),
});

const TypedPhone = z.strictObject({
  type: optionalText(30),
  number: optionalText(40).refine(
    (given): given is string => given !== null && given.replaceAll(/\D/g, '').length >= 3,
    'enter the phone number with its digits',
  ),
  extension: optionalText(10),
  isConfidential: z.boolean(),
});

const TypedEmail = z.strictObject({
  type: optionalText(30),
  address: email('enter an e-mail address such as name@mail.example'),
});

const contact = {
  addresses: z.array(TypedAddress).max(5, 'keep at most 5 addresses'),
  phones: z.array(TypedPhone).max(8, 'keep at most 8 phones'),
  emails: z.array(TypedEmail).max(8, 'keep at most 8 e-mail addresses'),
};

const TypedGuardian = z.strictObject({
  ...TypedName.shape,
  relationship: optionalText(40),
  language: optionalText(60),
  isCustodial: z.boolean(),
  livesWith: z.boolean(),
  isEmergencyContact: z.boolean(),
  allowsPickup: z.boolean(),
  hasRestrictedAccess: z.boolean(),
  ...contact,
});

const ManualStatusInput = z.strictObject({
  value: Status,
  reason: optionalText(300).meta({ description: 'The reason, as entered by the user.' }),
  since: Day.meta({ description: 'The first day of the status; not after today.' }),
});

/** One form for entering and changing: first in `value`, then out of the record. */
export const ManualStudentValues = z
  .strictObject({
    name: TypedName,
    legalName: TypedName.nullable().meta({ description: 'null: the same as the name.' }),
    birthDate: dayOr('enter the birth date'),
    studentNumber: optionalText(30).meta({
      description:
        'Unique in the district. An import matches the record by it. Callers who are limited to schools can only keep or remove it.',
    }),
    stateId: optionalText(30),
    gender: optionalText(40),
    grade: optionalText(20),
    school: z
      .union([
        z.strictObject({ entityId: RecordId }),
        z.strictObject({ name: required(120, 'enter the name of the school') }),
      ])
      .nullable()
      .meta({ description: "One of the district's schools, or another one by name." }),
    homeLanguage: optionalText(60),
    ...contact,
    guardians: z.array(TypedGuardian).max(10, 'keep at most 10 guardians'),
    status: ManualStatusInput,
  })
  .meta({ id: 'ManualStudentValues' });
export type ManualStudentValues = z.output<typeof ManualStudentValues>;

const earliestBirthYear = 1900;

/**
 * Returns what is wrong with a birth date if the district's date is `today` (both as `2026-11-23`), or undefined.
 * Students may be in a district until the year they turn 26.
 */
export function birthDateProblem(birthDate: string, today: string): string | undefined {
  if (birthDate > today) return 'enter a birth date that is not in the future';
  if (Number(birthDate.slice(0, 4)) < earliestBirthYear) {
    return `enter the year in full: nobody at school was born before ${earliestBirthYear}`;
  }
  return undefined;
}

/** Returns what is wrong with the first day of a status, or undefined. */
export const sinceProblem = (since: string, today: string): string | undefined =>
  since > today ? 'choose today or a day before: a status cannot be set for later' : undefined;

const Version = code(64).min(1).meta({
  description: 'The version that was read; saving over a newer one returns 409.',
});

const createManualStudent = {
  method: 'POST',
  path: `${districtPath}/manual-students`,
  summary: 'Add a student who is not in Skyward',
  access: writingRoles,
  audit: { kind: 'change', actions: ['student-entered'] },
  limit: 'write',
  body: ManualStudentValues,
  response: z.strictObject({ id: RecordId }),
  errors: ['number-taken', 'import-running'],
} as const satisfies Endpoint;

const ManualStudent = z
  .strictObject({
    id: RecordId,
    version: Version,
    name: PersonName,
    values: z.unknown().meta({ description: 'In the form of ManualStudentValues.' }),
    dependents: z
      .array(z.strictObject({ kind: z.string(), count: z.int() }))
      .meta({ description: 'What prevents deletion, such as documents.' }),
  })
  .meta({ id: 'ManualStudent' });
export type ManualStudent = Omit<z.output<typeof ManualStudent>, 'values'> & {
  readonly values: ManualStudentValues;
};

const params = z.strictObject({ id: RecordIdInPath });

const getManualStudent = {
  method: 'GET',
  path: `${districtPath}/manual-students/{id}`,
  summary: 'The values of a manual student, for editing',
  access: writingRoles,
  audit: { kind: 'look', action: 'student-viewed' },
  limit: 'read',
  params,
  response: ManualStudent.extend({ values: ManualStudentValues }).meta({ id: 'ManualStudent' }),
  errors: ['not-found'],
} as const satisfies Endpoint;

const updateManualStudent = {
  method: 'PUT',
  path: `${districtPath}/manual-students/{id}`,
  summary: 'Save a manual student',
  access: writingRoles,
  audit: { kind: 'change', actions: ['student-changed'] },
  limit: 'write',
  params,
  body: z.strictObject({ version: Version, values: ManualStudentValues }),
  response: z.strictObject({ version: Version }),
  errors: ['not-found', 'conflict', 'number-taken', 'import-running'],
} as const satisfies Endpoint;

const deleteManualStudent = {
  method: 'DELETE',
  path: `${districtPath}/manual-students/{id}`,
  summary: 'Delete a manual student on whom nothing depends; can be undone for 30 days',
  access: writingRoles,
  audit: { kind: 'change', actions: ['student-deleted'] },
  limit: 'write',
  params,
  response: z.strictObject({
    removalId: RecordId.meta({ description: 'Undo with it: POST /removed-students/{id}/restore.' }),
  }),
  errors: ['not-found', 'still-needed', 'import-running'],
} as const satisfies Endpoint;

const restoreStudent = {
  method: 'POST',
  path: `${districtPath}/removed-students/{id}/restore`,
  summary: 'Undo a deletion, or (administrators) a merge, of the last 30 days',
  access: writingRoles,
  audit: { kind: 'change', actions: ['student-restored', 'merge-undone'] },
  limit: 'write',
  params,
  response: z.strictObject({ studentId: RecordId }),
  errors: ['not-found', 'number-taken', 'import-running'],
} as const satisfies Endpoint;

const LikelyDuplicate = z
  .strictObject({
    id: RecordId,
    name: PersonName,
    birthDate: Day.nullable(),
    studentNumber: z.string().nullable(),
    schoolName: z.string().nullable(),
    isFromSkyward: z.boolean(),
    hasSameNumber: z.boolean(),
    hasSameName: z.boolean().meta({ description: 'And the same birth date.' }),
  })
  .meta({ id: 'LikelyDuplicate' });
export type LikelyDuplicate = z.infer<typeof LikelyDuplicate>;

/** A POST, so that names and birth dates are in no address and in no log. */
const findLikelyDuplicates = {
  method: 'POST',
  path: `${districtPath}/manual-students/likely-duplicates`,
  summary:
    'Students with the same number, or the same name and birth date, as the one being entered',
  access: writingRoles,
  audit: { kind: 'search', action: 'likely-duplicates-searched' },
  limit: 'read',
  body: z.strictObject({
    studentNumber: optionalText(30),
    first: optionalText(60),
    last: optionalText(60),
    birthDate: Day.nullable(),
    exceptId: RecordId.nullable(),
  }),
  response: z.strictObject({
    students: z.array(LikelyDuplicate),
    coversWholeDistrict: z.boolean().meta({
      description: 'False: only students of the caller’s schools were searched.',
    }),
  }),
} as const satisfies Endpoint;

const ManualStatus = z
  .strictObject({
    version: Version,
    canBeSet: z.boolean(),
    blockedReason: z
      .string()
      .nullable()
      .meta({ description: 'Why the status comes from Skyward and cannot be set.' }),
    isManualStudent: z.boolean(),
    current: z
      .strictObject({
        value: Status,
        reason: z.string().nullable(),
        since: Day,
        setBy: z.string(),
        setAt: Instant,
      })
      .nullable(),
    matchedBy: z
      .strictObject({ runId: RecordId, importDate: Day })
      .nullable()
      .meta({ description: 'The run that matched a manual student.' }),
  })
  .meta({ id: 'ManualStatus' });
export type ManualStatus = z.infer<typeof ManualStatus>;

const getManualStatus = {
  method: 'GET',
  path: `${districtPath}/students/{id}/manual-status`,
  summary: 'Whether the status can be set manually, and the manual status',
  access: administeringRoles,
  audit: { kind: 'look', action: 'student-viewed' },
  limit: 'read',
  params,
  response: ManualStatus,
  errors: ['not-found'],
} as const satisfies Endpoint;

const setManualStatus = {
  method: 'PUT',
  path: `${districtPath}/students/{id}/manual-status`,
  summary: 'Set the status of a student who is not in Skyward',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['manual-status-set'] },
  limit: 'write',
  params,
  body: z.strictObject({ version: Version, status: ManualStatusInput }),
  response: ManualStatus,
  errors: ['not-found', 'conflict', 'covered-by-skyward', 'import-running'],
} as const satisfies Endpoint;

const clearManualStatus = {
  method: 'DELETE',
  path: `${districtPath}/students/{id}/manual-status`,
  summary:
    'Clear a manual status; the next import determines it from the last received enrollments, for students missing from Skyward',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['manual-status-cleared'] },
  limit: 'write',
  params,
  response: ManualStatus,
  errors: ['not-found', 'covered-by-skyward', 'import-running'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const manualStudentsApi = {
  createManualStudent,
  getManualStudent,
  updateManualStudent,
  deleteManualStudent,
  findLikelyDuplicates,
  restoreStudent,
  getManualStatus,
  setManualStatus,
  clearManualStatus,
};
