/** The Basics tab: status with its reason, school, and identifiers of a student. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { Placement, RunReference, StudentStatus } from './students.ts';
import { NextSchoolYearSetting, RecordId, RecordIdInPath } from '../values.ts';

const StudentBasics = z
  .strictObject({
    id: RecordId,
    isFromSkyward: z.boolean().meta({ description: 'false: a manual student.' }),
    status: StudentStatus,
    decisionSettings: z
      .strictObject({
        schoolYear: z.int(),
        graduationCode: z.string(),
        ignoredCode: z.string(),
        nextSchoolYear: NextSchoolYearSetting,
      })
      .nullable()
      .meta({ description: 'The school year and the district settings that were used.' }),
    placement: Placement,
    entityId: RecordId.nullable().meta({ description: "Skyward's id of the school (entity)." }),
    studentNumber: z.string().nullable(),
    stateId: z.string().nullable(),
    sisStudentId: RecordId.nullable(),
    firstImport: RunReference.nullable().meta({
      description: 'The run that first imported the student.',
    }),
    missingSince: RunReference.nullable(),
  })
  .meta({ id: 'StudentBasics' });
export type StudentBasics = z.infer<typeof StudentBasics>;

const getStudentBasics = {
  method: 'GET',
  path: `${districtPath}/students/{id}/basics`,
  summary: "A student's Basics: status with its reason, school, identifiers",
  access: administeringRoles,
  audit: { kind: 'look', action: 'student-viewed' },
  limit: 'read',
  params: z.strictObject({ id: RecordIdInPath }),
  response: StudentBasics,
  errors: ['not-found'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const studentBasicsApi = { getStudentBasics };
