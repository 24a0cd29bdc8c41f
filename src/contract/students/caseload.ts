/** Caseloads: the students that a user, or an administrator for them, has put on the user's own list. */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { RecordId } from '../values.ts';

/** Nobody reviews a larger selection. */
export const maxCaseloadChange = 1000;

const Caseload = z
  .strictObject({
    students: z.array(RecordId).meta({ description: 'Ids of the students on the list.' }),
  })
  .meta({ id: 'Caseload' });
export type Caseload = z.infer<typeof Caseload>;

const getCaseload = {
  method: 'GET',
  path: `${districtPath}/caseload`,
  summary: 'The students on your own list',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: Caseload,
} as const satisfies Endpoint;

const changeCaseload = {
  method: 'POST',
  path: `${districtPath}/caseload`,
  summary:
    'Add students to your own list or remove them; administrators also for another user, who gets only students of their schools',
  access: everyRole,
  audit: { kind: 'change', actions: ['caseload-changed'] },
  limit: 'write',
  body: z.strictObject({
    students: z.array(RecordId).min(1).max(maxCaseloadChange),
    isAdded: z.boolean().meta({ description: 'False: removed.' }),
    account: z.uuid().optional().meta({ description: 'Another user of the district.' }),
  }),
  response: Caseload,
  errors: ['not-found'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const caseloadApi = { getCaseload, changeCaseload };
