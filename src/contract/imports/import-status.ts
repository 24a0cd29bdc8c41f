/** How current a district's student data is: the last completed import, the next one, and what needs attention. */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { Day, Instant, RecordId } from '../values.ts';

const Origin = z.enum(['schedule', 'person', 'command']);

export const ImportStatus = z
  .strictObject({
    now: Instant.meta({ description: 'When the server read the status.' }),
    isConnected: z.boolean(),
    isPaused: z.boolean().meta({ description: 'Nightly imports are paused.' }),
    undoneAt: Instant.nullable().meta({
      description: 'An import was undone then, and imports wait until someone lets them continue.',
    }),
    lastCompleted: z
      .strictObject({ runId: RecordId, at: Instant, importDate: Day, origin: Origin })
      .nullable()
      .meta({ description: 'The last import that published or found no changes.' }),
    nextAt: Instant.nullable().meta({ description: 'When the next nightly import starts.' }),
    lateAt: Instant.nullable().meta({
      description: 'From then on, a nightly import after the last completed import was missed.',
    }),
    overdueAt: Instant.nullable().meta({
      description: 'From then on, two of them were missed, and the data is more than two days old.',
    }),
    heldRunId: RecordId.nullable().meta({ description: 'The import on hold that needs review.' }),
    failed: z
      .strictObject({
        runId: RecordId,
        at: Instant,
        code: z.string(),
        origin: Origin,
        requestedBy: z.string().nullable(),
      })
      .nullable()
      .meta({
        description: 'For administrators: the last failed run after the last completed import.',
      }),
    missedByFailure: z.boolean().meta({
      description: 'A nightly import after the last completed import has failed.',
    }),
    running: z.strictObject({ runId: RecordId, startedAt: Instant }).nullable(),
  })
  .meta({ id: 'ImportStatus' });
export type ImportStatus = z.infer<typeof ImportStatus>;

const getImportStatus = {
  method: 'GET',
  path: `${districtPath}/imports/status`,
  summary: 'How current the student data is, and what needs attention',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: ImportStatus,
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const importStatusApi = { getImportStatus };
