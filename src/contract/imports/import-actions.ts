/** What users do with imports: start, cancel, review, and accept empty fields. This folder says what the API answers about imports. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { code, text } from '../text.ts';
import { ReviewOutcome, runInPath } from './import-runs.ts';

const startImport = {
  method: 'POST',
  path: `${districtPath}/imports`,
  summary: 'Start an import or a dry run as soon as a worker is free',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['import-started', 'dry-run-started'] },
  limit: 'write',
  body: z.strictObject({ isDryRun: z.boolean() }),
  response: z.strictObject({ accepted: z.literal(true) }),
  errors: ['conflict', 'queue-unavailable'],
} as const satisfies Endpoint;

const cancelImport = {
  method: 'POST',
  path: `${districtPath}/imports/cancel`,
  summary: 'Cancel the running or waiting import before it publishes',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['import-canceled'] },
  limit: 'write',
  response: z.strictObject({
    cancelled: z.enum(['running', 'waiting']).meta({
      description: 'running: it ends shortly without publishing; waiting: it will not start.',
    }),
  }),
  errors: ['conflict'],
} as const satisfies Endpoint;

const reviewImport = {
  method: 'POST',
  path: `${districtPath}/imports/{id}/review`,
  summary:
    'Review a held run. approved: read Skyward again and publish without safety limits; discarded: change nothing',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['import-approved', 'import-discarded'] },
  limit: 'write',
  params: runInPath,
  body: z.strictObject({
    outcome: ReviewOutcome,
    reason: text(500)
      .min(3, 'enter a reason')
      .meta({ description: 'Stored with the run and in the audit trail.' }),
  }),
  response: z.strictObject({ outcome: ReviewOutcome }),
  errors: ['conflict', 'queue-unavailable'],
} as const satisfies Endpoint;

const acceptEmptyImportField = {
  method: 'POST',
  path: `${districtPath}/imports/{id}/accepted-fields`,
  summary:
    'Accept that a field is empty for all students: the next import publishes the empty values',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['empty-field-accepted'] },
  limit: 'write',
  params: runInPath,
  body: z.strictObject({
    object: code(100),
    field: code(100),
    reason: text(500)
      .min(3, 'enter a reason')
      .meta({ description: 'Stored with the acceptance and in the audit trail.' }),
  }),
  response: z.strictObject({ accepted: z.literal(true) }),
  errors: ['conflict'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const importActionsApi = { startImport, cancelImport, acceptEmptyImportField, reviewImport };
