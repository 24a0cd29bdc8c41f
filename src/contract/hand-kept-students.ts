/** Students kept by hand: entering, changing and removing them, and setting a status by hand. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint, writingRoles } from './endpoint.ts';
import { PersonName } from './students.ts';
import { Day, dayOr, Instant, RecordId, RecordIdInPath, Status } from './values.ts';
import { code, email, text } from './text.ts';

/** Text as people type it: trimmed; what is empty is null. */
const typed = (most: number) =>
  text(most, `shorten it to ${most} characters`)
    .nullable()
    .overwrite((given) => (given === null || given === '' ? null : given.normalize('NFC')));

/** Text that may not be empty; `missing` says what to enter. */
const needed = (most: number, missing: string) =>
  typed(most).refine((given): given is string => given !== null, missing);

const TypedName = z.strictObject({
  first: needed(60, 'enter the first name'),
  middle: typed(60),
  last: needed(60, 'enter the last name'),
  suffix: typed(20),
});

const TypedAddress = z.strictObject({
  uses: z
    .array(z.enum(['home', 'mailing']))
    .min(1, 'tick home, mailing or both')
    .max(2),
  street: needed(200, 'enter the street or PO box'),
  unit: typed(100).meta({ description: 'Apartment or unit: the second line.' }),
  city: typed(80),
  state: typed(40),
  zip: typed(20),
});

const TypedPhone = z.strictObject({
  type: typed(30),
  number: typed(40).refine(
    (given): given is string => given !== null && given.replaceAll(/\D/g, '').length >= 3,
    'enter the phone number with its digits',
  ),
  extension: typed(10),
  isConfidential: z.boolean(),
});

const TypedEmail = z.strictObject({
  type: typed(30),
  address: email('enter an e-mail address such as name@mail.example'),
});

const contact = {
  addresses: z.array(TypedAddress).max(5, 'keep at most 5 addresses'),
  phones: z.array(TypedPhone).max(8, 'keep at most 8 phones'),
  emails: z.array(TypedEmail).max(8, 'keep at most 8 e-mail addresses'),
};

const TypedGuardian = z.strictObject({
  ...TypedName.shape,
  relationship: typed(40),
  language: typed(60),
  isCustodial: z.boolean(),
  livesWith: z.boolean(),
  isEmergencyContact: z.boolean(),
  allowsPickup: z.boolean(),
  hasRestrictedAccess: z.boolean(),
  ...contact,
});

const TypedStatus = z.strictObject({
  value: Status,
  reason: typed(300).meta({ description: 'Why, in the words of the person who set it.' }),
  since: Day.meta({ description: 'The day from which the status holds; not after today.' }),
});

/** One form for entering and changing: first in `value`, then out of the record. */
export const HandKeptValues = z
  .strictObject({
    name: TypedName,
    legalName: TypedName.nullable().meta({ description: 'null: the same as the name.' }),
    birthDate: dayOr('enter the birth date'),
    studentNumber: typed(30).meta({
      description:
        'Once in the district. By it Skyward takes the record over when it delivers it. Callers bound to schools can’t give one, only keep or remove it.',
    }),
    stateId: typed(30),
    gender: typed(40),
    grade: typed(20),
    school: z
      .union([
        z.strictObject({ entityId: RecordId }),
        z.strictObject({ name: needed(120, 'enter the name of the school') }),
      ])
      .nullable()
      .meta({ description: "One of the district's schools, or any other by name." }),
    homeLanguage: typed(60),
    ...contact,
    guardians: z.array(TypedGuardian).max(10, 'keep at most 10 guardians'),
    status: TypedStatus,
  })
  .meta({ id: 'HandKeptValues' });
export type HandKeptValues = z.output<typeof HandKeptValues>;

const earliestBirthYear = 1900;

/**
 * What is wrong with a birth date in the eyes of a district whose date is `today` (both `2026-11-23`);
 * undefined when it can be right. A student may be in a district until the year of turning 26.
 */
export function birthDateProblem(birthDate: string, today: string): string | undefined {
  if (birthDate > today) return 'enter a birth date that is not in the future';
  if (Number(birthDate.slice(0, 4)) < earliestBirthYear) {
    return `enter the year in full: nobody at school was born before ${earliestBirthYear}`;
  }
  return undefined;
}

/** The same for the day from which a status holds. */
export const sinceProblem = (since: string, today: string): string | undefined =>
  since > today ? 'choose today or a day before: a status cannot be set for later' : undefined;

const Version = code(64).min(1).meta({
  description: 'As read; a save of another version than the present one answers 409.',
});

export const createHandKeptStudent = {
  method: 'POST',
  path: `${districtPath}/hand-kept-students`,
  summary: 'Enter a student whom Skyward does not know',
  access: writingRoles,
  audit: { kind: 'change', actions: ['student-entered'] },
  limit: 'write',
  body: HandKeptValues,
  response: z.strictObject({ id: RecordId }),
  errors: ['number-taken', 'import-running'],
} as const satisfies Endpoint;

const HandKeptStudent = z
  .strictObject({
    id: RecordId,
    version: Version,
    name: PersonName,
    values: z.unknown().meta({ description: 'In the form of HandKeptValues.' }),
    dependsOn: z
      .array(z.strictObject({ what: z.string(), count: z.int() }))
      .meta({ description: 'What keeps the student from being deleted, such as documents.' }),
  })
  .meta({ id: 'HandKeptStudent' });
export type HandKeptStudent = Omit<z.output<typeof HandKeptStudent>, 'values'> & {
  readonly values: HandKeptValues;
};

const params = z.strictObject({ id: RecordIdInPath });

export const getHandKeptStudent = {
  method: 'GET',
  path: `${districtPath}/hand-kept-students/{id}`,
  summary: 'What was entered of a student kept by hand, to be changed',
  access: writingRoles,
  audit: { kind: 'look', action: 'student-viewed' },
  limit: 'read',
  params,
  response: HandKeptStudent.extend({ values: HandKeptValues }).meta({ id: 'HandKeptStudent' }),
  errors: ['not-found'],
} as const satisfies Endpoint;

export const changeHandKeptStudent = {
  method: 'PUT',
  path: `${districtPath}/hand-kept-students/{id}`,
  summary: 'Save a student kept by hand',
  access: writingRoles,
  audit: { kind: 'change', actions: ['student-changed'] },
  limit: 'write',
  params,
  body: z.strictObject({ version: Version, values: HandKeptValues }),
  response: z.strictObject({ version: Version }),
  errors: ['not-found', 'conflict', 'number-taken', 'import-running'],
} as const satisfies Endpoint;

export const deleteHandKeptStudent = {
  method: 'DELETE',
  path: `${districtPath}/hand-kept-students/{id}`,
  summary: 'Delete a student kept by hand on whom nothing depends; can be undone for 30 days',
  access: writingRoles,
  audit: { kind: 'change', actions: ['student-deleted'] },
  limit: 'write',
  params,
  response: z.strictObject({
    removalId: RecordId.meta({ description: 'Undo with it: POST /removed-students/{id}/restore.' }),
  }),
  errors: ['not-found', 'still-needed', 'import-running'],
} as const satisfies Endpoint;

export const restoreStudent = {
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

/** A POST, so that names and birth dates stand in no address and so in no log. */
export const findLikelyDuplicates = {
  method: 'POST',
  path: `${districtPath}/hand-kept-students/likely-duplicates`,
  summary: 'Students with the same number, or the same name and birth date, as the one being typed',
  access: writingRoles,
  audit: { kind: 'search', action: 'likely-duplicates-searched' },
  limit: 'read',
  body: z.strictObject({
    studentNumber: typed(30),
    first: typed(60),
    last: typed(60),
    birthDate: Day.nullable(),
    exceptId: RecordId.nullable(),
  }),
  response: z.strictObject({
    students: z.array(LikelyDuplicate),
    seesWholeDistrict: z.boolean().meta({
      description: 'False: the students of the caller’s schools alone were looked at.',
    }),
  }),
} as const satisfies Endpoint;

const StatusByHand = z
  .strictObject({
    version: Version,
    canBeSet: z.boolean(),
    whyNot: z.string().nullable().meta({ description: 'Why Skyward decides and nobody else.' }),
    isHandKept: z.boolean(),
    inForce: z
      .strictObject({
        value: Status,
        reason: z.string().nullable(),
        since: Day,
        setBy: z.string(),
        setAt: Instant,
      })
      .nullable(),
    adoptedBy: z
      .strictObject({ runId: RecordId, night: Day })
      .nullable()
      .meta({ description: 'The run that took over a student kept by hand.' }),
  })
  .meta({ id: 'StatusByHand' });
export type StatusByHand = z.infer<typeof StatusByHand>;

export const getStatusByHand = {
  method: 'GET',
  path: `${districtPath}/students/{id}/status-by-hand`,
  summary: 'Whether the status may be set by hand, and what was set',
  access: administeringRoles,
  audit: { kind: 'look', action: 'student-viewed' },
  limit: 'read',
  params,
  response: StatusByHand,
  errors: ['not-found'],
} as const satisfies Endpoint;

export const setStatusByHand = {
  method: 'PUT',
  path: `${districtPath}/students/{id}/status-by-hand`,
  summary: 'Set the status of a student whom Skyward does not cover',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['status-set'] },
  limit: 'write',
  params,
  body: z.strictObject({ version: Version, status: TypedStatus }),
  response: StatusByHand,
  errors: ['not-found', 'conflict', 'covered-by-skyward', 'import-running'],
} as const satisfies Endpoint;

export const releaseStatus = {
  method: 'DELETE',
  path: `${districtPath}/students/{id}/status-by-hand`,
  summary:
    'Let the enrollments that Skyward delivered last decide again, from the next import on; for students missing from Skyward',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['status-released'] },
  limit: 'write',
  params,
  response: StatusByHand,
  errors: ['not-found', 'covered-by-skyward', 'import-running'],
} as const satisfies Endpoint;
