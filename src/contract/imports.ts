/** What the last nightly import did. */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole } from './endpoint.ts';
import { Day, Instant, RecordId } from './values.ts';

const count = z.int().nonnegative().nullable();

export const ImportRun = z
  .strictObject({
    id: RecordId,
    state: z.enum(['running', 'published', 'unchanged', 'planned', 'held', 'failed']),
    isDryRun: z.boolean(),
    night: Day.meta({ description: 'The day, in the district, the run was made for.' }),
    startedAt: Instant,
    finishedAt: Instant.nullable(),
    counts: z
      .strictObject({ delivered: count, added: count, changed: count, unchanged: count })
      .meta({ description: 'Students; null where the run did not get that far.' }),
    failure: z
      .strictObject({ code: z.string(), message: z.string(), advice: z.string().nullable() })
      .nullable()
      .meta({ description: 'What ended or held the run.' }),
  })
  .meta({ id: 'ImportRun' });
export type ImportRun = z.infer<typeof ImportRun>;

export const getLatestImport = {
  method: 'GET',
  path: `${districtPath}/imports/latest`,
  summary: "The district's latest import run that was no dry run; null before the first",
  access: everyRole,
  response: z.strictObject({ run: ImportRun.nullable() }),
} as const satisfies Endpoint;
