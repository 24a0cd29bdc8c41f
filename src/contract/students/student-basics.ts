/** The Basics tab: the status and how it was decided, the school, the numbers that identify a student. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { Placement, RunReference, StudentStatus } from './students.ts';
import { Day, NextSchoolYearSetting, RecordId, RecordIdInPath } from '../values.ts';

const StudentBasics = z
  .strictObject({
    id: RecordId,
    isFromSkyward: z.boolean().meta({ description: 'false: a student kept by hand.' }),
    status: StudentStatus,
    decidedOn: Day.nullable().meta({
      description: 'The day for which the import last decided the status.',
    }),
    decisionSettings: z
      .strictObject({
        schoolYear: z.int(),
        graduationCode: z.string(),
        ignoredCode: z.string(),
        nextSchoolYear: NextSchoolYearSetting,
      })
      .nullable()
      .meta({ description: 'The school year and the settings of the district that it used.' }),
    placement: Placement,
    entityId: RecordId.nullable().meta({ description: "Skyward's number of the school (entity)." }),
    studentNumber: z.string().nullable(),
    stateId: z.string().nullable(),
    sisStudentId: RecordId.nullable(),
    firstImport: RunReference.nullable().meta({ description: 'The run that brought the student.' }),
    missingSince: RunReference.nullable(),
  })
  .meta({ id: 'StudentBasics' });
export type StudentBasics = z.infer<typeof StudentBasics>;

const getStudentBasics = {
  method: 'GET',
  path: `${districtPath}/students/{id}/basics`,
  summary: "One student's Basics: status with its reason, school, identifying numbers",
  access: administeringRoles,
  audit: { kind: 'look', action: 'student-viewed' },
  limit: 'read',
  params: z.strictObject({ id: RecordIdInPath }),
  response: StudentBasics,
  errors: ['not-found'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const studentBasicsApi = { getStudentBasics };
