/** The changes by student that an import makes, or would make. */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { searchText } from '../text.ts';
import { PlanKind, RecordId, Status } from '../values.ts';
import { Page, runInPath } from './import-runs.ts';

export const PlanCounts = z.strictObject({
  status: z.int(),
  missing: z.int(),
  added: z.int(),
  changed: z.int(),
});

export const planRowsPerPage = 25;

const PlannedStudent = z
  .strictObject({
    position: z.int(),
    kind: PlanKind,
    studentId: RecordId,
    isKnown: z.boolean().meta({ description: 'Whether the student exists.' }),
    studentNumber: z.string().nullable(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    suffix: z.string().nullable(),
    schoolName: z.string().nullable(),
    grade: z.string().nullable(),
    statusBefore: Status.nullable(),
    statusAfter: Status.nullable(),
    changes: z.array(
      z.strictObject({
        record: z.enum(['student', 'guardian', 'enrollment']),
        recordId: z.int().nullable(),
        field: z.string().nullable().meta({
          description:
            'Key of the field, such as birthDate; null if a whole guardian or enrollment is added or removed.',
        }),
        label: z.string().meta({ description: 'Such as "Guardian phone numbers".' }),
        from: z.string().nullable(),
        to: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'PlannedStudent' });
export type PlannedStudent = z.infer<typeof PlannedStudent>;

const listImportPlan = {
  method: 'GET',
  path: `${districtPath}/imports/{id}/plan`,
  summary:
    'The changes by student that a completed import made, or that a dry run or held import would have made; the latter are stored for 30 days',
  access: everyRole,
  audit: { kind: 'search', action: 'import-plan-listed' },
  limit: 'read',
  params: runInPath,
  query: z.strictObject({
    kind: PlanKind.optional(),
    search: searchText(100).optional().meta({ description: 'Part of a name or number.' }),
    page: Page.optional(),
  }),
  response: z.strictObject({
    rows: z.array(PlannedStudent),
    counts: PlanCounts.meta({ description: 'Students matching the search, by kind.' }),
    page: z.int().positive(),
  }),
} as const satisfies Endpoint;
export type ImportPlanPage = z.infer<(typeof listImportPlan)['response']>;

/** The endpoints, in the order of the API's documentation. */
export const importChangesApi = { listImportPlan };
