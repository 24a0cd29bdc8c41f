/** Import runs of a district: the list, the calendar and the progress of a running one. */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { wholeNumber } from '../text.ts';
import { Day, Instant, RecordId, RecordIdInPath } from '../values.ts';

const count = z.int().nonnegative().nullable();

export const RunState = z
  .enum([
    'running',
    'published',
    'unchanged',
    'planned',
    'held',
    'failed',
    'recalculated',
    'undone',
    'restored',
  ])
  .meta({
    id: 'ImportRunState',
    description:
      'published: changes were written; unchanged: there were none; planned: a dry run; held: needs review; failed: ended by an error or canceled by a user; recalculated: not an import; statuses changed at midnight with the date; undone: published, and undone later; restored: not an import; it undid one.',
  });

export const ReviewOutcome = z.enum(['approved', 'discarded']).meta({
  id: 'ImportReviewOutcome',
  description: 'approved: the import is repeated and published; discarded: nothing changes.',
});

export const ImportRun = z
  .strictObject({
    id: RecordId,
    state: RunState,
    isDryRun: z.boolean(),
    importDate: Day.meta({ description: "The district's local date that the run is for." }),
    startedAt: Instant,
    finishedAt: Instant.nullable(),
    seconds: z.number().nonnegative().nullable().meta({ description: 'Null while it runs.' }),
    counts: z
      .strictObject({ received: count, added: count, changed: count, unchanged: count })
      .meta({ description: 'Students; null if the run ended before they were counted.' }),
    failure: z
      .strictObject({
        code: z.string(),
        message: z.string(),
        advice: z.string().nullable(),
        details: z.string().nullable().meta({
          description: "For support: the place in Skyward's API, or the technical error.",
        }),
      })
      .nullable()
      .meta({
        description: 'Why the run failed or was held, or why a dry run would have been held.',
      }),
    origin: z.enum(['schedule', 'person', 'command', 'date']),
    requestedBy: z
      .string()
      .nullable()
      .meta({ description: "The user's name; null if no user requested it." }),
    review: z
      .strictObject({ outcome: ReviewOutcome, at: Instant, by: z.string(), reason: z.string() })
      .nullable()
      .meta({ description: 'The review of a held run.' }),
    undo: z
      .strictObject({ importId: RecordId, importDate: Day, reason: z.string().nullable() })
      .nullable()
      .meta({ description: 'The import that this run undoes, or previews the undo of.' }),
    undoneBy: z
      .strictObject({ runId: RecordId, at: Instant, by: z.string().nullable() })
      .nullable()
      .meta({ description: 'The run that undid this import.' }),
  })
  .meta({ id: 'ImportRun' });
export type ImportRun = z.infer<typeof ImportRun>;

export const ImportProgress = z
  .strictObject({
    phase: z.string(),
    object: z.string().nullable().meta({ description: 'While reading: the Skyward object.' }),
    objectLabel: z.string().nullable().meta({ description: 'What its rows are: "Phone numbers".' }),
    objectRows: count,
    rows: count.meta({ description: 'Rows read so far, of all objects.' }),
    rowsPerSecond: count,
    rowsExpected: count.meta({ description: 'Rows that the last completed import read.' }),
    elapsedSeconds: z.number().nonnegative(),
    isCancelling: z.boolean().meta({ description: 'A user has requested to cancel it.' }),
  })
  .meta({ id: 'ImportProgress' });
export type ImportProgress = z.infer<typeof ImportProgress>;

/** A page number in an address. */
export const Page = wholeNumber(6);

/** The id of a run in an address. */
export const runInPath = z.strictObject({ id: RecordIdInPath });

export const runsPerPage = 20;

/** Who undid an import, so that imports wait. */
const UndoWait = z
  .strictObject({
    runId: RecordId,
    undoneRunId: RecordId,
    since: Instant,
    by: z.string().nullable().meta({ description: 'Null: a command on the server.' }),
    reason: z.string(),
  })
  .meta({ id: 'ImportUndoWait' });
export type UndoWait = z.infer<typeof UndoWait>;

const listImports = {
  method: 'GET',
  path: `${districtPath}/imports`,
  summary: "The district's import runs, latest first, and the one that is running or waiting",
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  query: z.strictObject({ page: Page.optional() }),
  response: z.strictObject({
    runs: z.array(ImportRun),
    total: z.int().nonnegative(),
    page: z.int().positive(),
    running: ImportRun.nullable(),
    waiting: z
      .strictObject({
        isDryRun: z.boolean(),
        isTaken: z.boolean().meta({
          description: 'A worker has taken it: it starts, runs or has just ended.',
        }),
        requestedAt: Instant,
        requestedBy: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'Requested, and its job has not ended yet.' }),
    undoWait: UndoWait.nullable().meta({
      description: 'The undo after which imports wait until someone lets them continue.',
    }),
  }),
} as const satisfies Endpoint;
export type ImportPage = z.infer<(typeof listImports)['response']>;

/** Days that the calendar shows at most. */
export const daysShown = 90;

/** What the calendar shows of a run; 90 whole runs would be a third of the page. */
const DayRun = ImportRun.pick({
  id: true,
  state: true,
  seconds: true,
  counts: true,
  failure: true,
  review: true,
}).meta({ id: 'DayRun' });

export const ImportDay = z
  .strictObject({
    day: Day,
    run: DayRun.nullable().meta({
      description:
        'The run for this date that needs attention most: on hold, or failed and not followed by a completed import; otherwise the last completed one, or the last one.',
    }),
    runs: z.int().nonnegative().meta({ description: 'Imports for this date.' }),
    completed: z.int().nonnegative().meta({ description: 'How many of them completed.' }),
  })
  .meta({ id: 'ImportDay' });
export type ImportDay = z.infer<typeof ImportDay>;

const listImportDays = {
  method: 'GET',
  path: `${districtPath}/imports/days`,
  summary:
    'The days since the first import, at most 90, oldest first, each with the run that needs attention most',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z.strictObject({ days: z.array(ImportDay) }),
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const importRunsApi = { listImports, listImportDays };
