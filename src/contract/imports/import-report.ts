/** One import run with its report, and the events of a running one. */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { RecordId } from '../values.ts';
import { PlanCounts } from './import-changes.ts';
import { ProblemKindCount } from './import-issues.ts';
import { ImportProgress, ImportRun, runInPath, RunState } from './import-runs.ts';

const numbers = z.record(z.string(), z.number());

/** A field that an import cannot update because of missing permissions. */
export const MissingField = z
  .strictObject({
    label: z.string(),
    isSafety: z.boolean().meta({
      description: 'It marks guardians who must not have access to the student.',
    }),
    isUsed: z.boolean().meta({
      description: 'Records have values of it, which are no longer updated.',
    }),
  })
  .meta({ id: 'MissingField' });

const ImportReport = z
  .strictObject({
    rowsRead: z
      .array(z.strictObject({ object: z.string(), label: z.string(), count: z.number() }))
      .meta({ description: 'Rows by Skyward object.' }),
    seconds: numbers.meta({ description: 'Seconds by phase.' }),
    statusesBefore: numbers,
    statusesAfter: numbers,
    statusMoves: z.array(
      z.strictObject({ from: z.string().nullable(), to: z.string(), count: z.number() }),
    ),
    changesByField: z.array(
      z.strictObject({
        record: z.enum(['student', 'guardian', 'enrollment']),
        field: z.string().nullable().meta({
          description: 'Key of the field; null: guardians or enrollments added or removed.',
        }),
        label: z.string(),
        count: z.number(),
      }),
    ),
    uncounted: numbers.meta({ description: 'Enrollments that are not counted, by reason.' }),
    notImported: numbers.meta({
      description: 'Received students who were not imported, by reason.',
    }),
    problems: z.array(ProblemKindCount),
    missingPermissions: z
      .array(z.strictObject({ object: z.string(), fields: z.array(z.string()) }))
      .meta({
        description:
          'Objects, or single fields of them, that the integration may not read or that were suddenly empty.',
      }),
    missingFields: z.array(MissingField).meta({
      description: 'Fields that cannot be updated because of missing permissions.',
    }),
    neverFilled: z
      .array(z.strictObject({ object: z.string(), field: z.string(), label: z.string() }))
      .meta({
        description:
          'Fields absent from all rows: empty in Skyward, or without permission. In an initial import also those without a value in any row.',
      }),
    emptyLists: z.array(z.strictObject({ object: z.string(), label: z.string() })).meta({
      description: 'Objects without rows in an initial import.',
    }),
    skipped: z
      .number()
      .nullable()
      .meta({ description: 'Students not updated because of a data problem.' }),
    missing: z.number().nullable().meta({ description: 'Students no longer in Skyward.' }),
    newlyMissing: z.number().nullable(),
    onHold: z.number().nullable().meta({
      description: 'Students whose status change by the date alone is on hold.',
    }),
    recalculated: z.number().nullable().meta({
      description: 'Statuses recalculated for the date although the import was not published.',
    }),
  })
  .meta({ id: 'ImportReport' });

export const ImportRunDetail = ImportRun.extend({
  schoolYear: z.int().nullable(),
  report: ImportReport.nullable().meta({ description: 'Null if the run ended before it.' }),
  progress: ImportProgress.nullable().meta({ description: 'Only of a running import.' }),
  plan: PlanCounts.nullable().meta({
    description:
      'Students in the plan of a dry run or held import, or changed by a completed one; null without a plan or when it has been deleted.',
  }),
  requests: z
    .strictObject({
      count: z.int().nonnegative(),
      failed: z.int().nonnegative(),
      seconds: z.number().nonnegative(),
    })
    .nullable()
    .meta({ description: 'Requests to Skyward, and the sum of their durations.' }),
  holdReasons: z.array(z.string()).meta({
    description:
      'All reasons why the run was held, or why a dry run would have been, the worst first; empty without any.',
  }),
  retainedFields: z
    .array(
      z.strictObject({
        object: z.string(),
        field: z.string(),
        label: z.string(),
        acceptedBy: z.string().nullable(),
        canBeAccepted: z.boolean(),
      }),
    )
    .meta({
      description:
        'Fields that were empty for nearly all students who had a value; the published values were retained.',
    }),
  needsReview: z.boolean(),
  repeatedByRunId: RecordId.nullable(),
  approvedRunId: RecordId.nullable(),
}).meta({ id: 'ImportRunDetail' });
export type ImportRunDetail = z.infer<typeof ImportRunDetail>;

const getImport = {
  method: 'GET',
  path: `${districtPath}/imports/{id}`,
  summary: 'One run with its report',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  params: runInPath,
  response: ImportRunDetail,
} as const satisfies Endpoint;

/** Names of the events of a running import. */
export const importEvents = { progress: 'progress', ended: 'ended' } as const;

const followImport = {
  method: 'GET',
  path: `${districtPath}/imports/{id}/events`,
  summary:
    'Follow a running import by server-sent events: "progress" about once a second, then "ended"; each event is complete, so nothing is lost after a reconnect',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  params: runInPath,
  responseKind: 'events',
  response: z.strictObject({ state: RunState, progress: ImportProgress.nullable() }),
} as const satisfies Endpoint;
export type ImportEvent = z.infer<(typeof followImport)['response']>;

/** The endpoints, in the order of the API's documentation. */
export const importReportApi = { getImport, followImport };
