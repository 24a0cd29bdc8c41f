/**
 * A student's Details.
 *
 * This folder has the endpoints of students.
 */
import { z } from 'zod';

import type { UncountedReason, StatusRule } from '../../enrollment/status-decision.ts';
import {
  placementFields,
  plainEnrollmentFields,
  plainGuardianFields,
  plainStudentFields,
} from '../../roster/fields/columns.ts';
import { districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { fieldShapes } from '../field-shapes.ts';
import { Day, Instant, RecordId, RecordIdInPath, Status, PersonName } from '../values.ts';

const text = z.string().nullable();

const Address = z
  .strictObject({
    uses: z.array(z.enum(['home', 'mailing'])),
    lines: z.array(z.string()),
    city: text,
    state: text,
    zip: text,
    county: text,
    country: text,
    text: z.string().meta({ description: 'The whole address on one line.' }),
  })
  .meta({ id: 'Address' });
export type Address = z.infer<typeof Address>;

const Phone = z
  .strictObject({
    rank: z.int().meta({ description: '1: call first.' }),
    type: text,
    number: z.string(),
    extension: text,
    isConfidential: z.boolean(),
  })
  .meta({ id: 'Phone' });
export type Phone = z.infer<typeof Phone>;

const Email = z
  .strictObject({ rank: z.int(), type: text, address: z.string() })
  .meta({ id: 'Email' });
export type Email = z.infer<typeof Email>;

const contact = {
  addresses: z.array(Address),
  phones: z.array(Phone),
  emails: z.array(Email),
};

export const statusRules = [
  'current-enrollment',
  'future-without-past',
  'future-with-past',
  'graduated',
  'withdrawn',
  'no-enrollment',
] as const satisfies readonly StatusRule[];

export const uncountedReasons = [
  'not-retrieved',
  'cecs',
  'never-effective',
  'unreadable-date',
] as const satisfies readonly UncountedReason[];

export const StudentStatus = z
  .strictObject({
    value: Status,
    rule: z.enum(statusRules).nullable().meta({
      description: 'The rule that determined it; null: a manual status.',
    }),
    reason: z.string().meta({
      description:
        'Inactive: withdrew Feb 12, 2026 from Lakeview High (code 80, moved in state). …',
    }),
    decidedBy: RecordId.nullable().meta({
      description: 'The enrollment that determined the status.',
    }),
    enrollment: z
      .strictObject({
        schoolName: text,
        schoolYear: z.int(),
        startDate: Day.nullable(),
        lastDay: Day.nullable().meta({ description: 'null: ongoing.' }),
        withdrawalDate: Day.nullable(),
        isClosedWithYear: z.boolean().meta({
          description: 'It ended with a finished school year without being closed.',
        }),
        code: text,
        codeDescription: text,
      })
      .nullable()
      .meta({ description: 'That enrollment; null if there is none.' }),
    decidedOn: Day.nullable().meta({
      description:
        'The day that the status is of: today, unless a date since may have changed it; null: a manual status.',
    }),
    changesOn: Day.nullable().meta({
      description:
        'The day on which the status changes without new data. null: never, or it is not known yet.',
    }),
    nextStatus: Status.nullable().meta({ description: 'The status from changesOn.' }),
    change: z.string().meta({
      description: 'Pre-Enrolled → Enrolled on Dec 2, 2026. Or: No change is scheduled.',
    }),
    onHold: text.meta({
      description:
        'Set while the status is kept although the date would change it: On hold since Jun 1, 2027: would become Inactive.',
    }),
    staleNote: text.meta({ description: 'Set if the status is not of today.' }),
  })
  .meta({ id: 'StudentStatus' });
export type StudentStatus = z.infer<typeof StudentStatus>;

const Guardian = z
  .strictObject({
    id: z.int().meta({ description: "Skyward's id; negative: added manually." }),
    name: PersonName,
    ...fieldShapes(plainGuardianFields),
    position: z.int(),
    ...contact,
  })
  .meta({ id: 'Guardian', description: 'null: not in Skyward.' });
export type Guardian = z.infer<typeof Guardian>;

export const EnrollmentRow = z
  .strictObject({
    id: RecordId,
    ...fieldShapes(plainEnrollmentFields),
    entityId: z.int(),
    schoolYear: z.int().meta({ description: 'The year it ends in: 2027 is 2026-27.' }),
    startDate: Day.nullable().meta({ description: 'null: Skyward has no readable date.' }),
    isDefaultEntity: z.boolean(),
    closedWithYearOn: Day.nullable().meta({
      description: 'The assumed end, if a finished school year left this enrollment open.',
    }),
    decidesStatus: z.boolean(),
    uncounted: z
      .strictObject({ reason: z.enum(uncountedReasons), sentence: z.string() })
      .nullable()
      .meta({ description: 'Why this enrollment does not count for the status.' }),
  })
  .meta({ id: 'Enrollment' });
export type EnrollmentRow = z.infer<typeof EnrollmentRow>;

export const RunReference = z
  .strictObject({
    id: RecordId,
    importDate: Day.meta({ description: "The district's date on which the run was made." }),
    startedAt: Instant,
  })
  .meta({ id: 'RunReference' });
export type RunReference = z.infer<typeof RunReference>;

const { entityId: _, ...placement } = fieldShapes(placementFields);

export const Placement = z.strictObject(placement).meta({
  id: 'Placement',
  description: 'School and grade of the enrollment that determined the status.',
});
export type Placement = z.infer<typeof Placement>;

const FieldChange = z
  .strictObject({
    record: z.enum(['student', 'guardian', 'enrollment']),
    recordId: z.int().nullable(),
    field: z.string().meta({ description: 'Key of the field, such as birthDate.' }),
    importDate: Day,
    from: text,
    to: text,
  })
  .meta({ id: 'FieldChange', description: 'Values formatted for users.' });
export type FieldChange = z.infer<typeof FieldChange>;

const StudentProblem = z
  .strictObject({ importDate: Day, kind: z.string(), message: z.string() })
  .meta({ id: 'StudentProblem' });
export type StudentProblem = z.infer<typeof StudentProblem>;

const Student = z
  .strictObject({
    id: RecordId,
    name: PersonName,
    legalName: PersonName,
    otherNames: z.array(PersonName.extend({ kind: z.string() })),
    sisStudentId: RecordId.nullable().meta({ description: 'null: a manual student.' }),
    ...fieldShapes(plainStudentFields),
    ...contact,
    placement: Placement,
    status: StudentStatus,
    guardians: z.array(Guardian),
    enrollments: z.array(EnrollmentRow),
    lastChanges: z
      .strictObject({
        student: RunReference.nullable(),
        guardians: RunReference.nullable(),
        enrollments: RunReference.nullable(),
      })
      .meta({
        description: 'The run that last changed each part; null: never imported.',
      }),
    firstImport: RunReference.nullable().meta({
      description: 'The run that first imported the student.',
    }),
    missingSince: RunReference.nullable().meta({
      description: 'The first run in which the student was no longer in Skyward.',
    }),
    pronouns: text.meta({ description: 'As entered by staff.' }),
    notAvailable: z
      .strictObject({
        student: z.array(z.string()),
        guardian: z.array(z.string()),
        guardians: z.boolean().meta({ description: 'Guardians themselves could not be read.' }),
      })
      .meta({
        description:
          'Fields, by key, that the last import could not read because of missing permissions. Other empty values are empty in Skyward.',
      }),
    fieldChanges: z.array(FieldChange).meta({
      description: 'The last change of each value that an import has changed.',
    }),
    problems: z.array(StudentProblem).meta({
      description: 'Data problems that the last import found for this student.',
    }),
    lastImport: z
      .strictObject({ importDate: Day, finishedAt: Instant })
      .nullable()
      .meta({ description: 'The last completed import; null: none yet.' }),
  })
  .meta({ id: 'Student' });
export type Student = z.infer<typeof Student>;

const getStudent = {
  method: 'GET',
  path: `${districtPath}/students/{id}`,
  summary: "A student's Details: demographics, guardians, status with its reason, enrollments",
  access: everyRole,
  audit: { kind: 'look', action: 'student-viewed' },
  limit: 'read',
  params: z.strictObject({ id: RecordIdInPath }),
  response: Student,
  errors: ['not-found'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const studentsApi = { getStudent };
