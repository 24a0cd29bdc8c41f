/** Import runs of a district: what a night did, how far one is, what one would do, and what people do about it. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint, everyRole } from './endpoint.ts';
import { Day, Instant, RecordId, RecordIdInPath, Status } from './values.ts';
import { code, searchText, text, wholeNumber } from './text.ts';

const count = z.int().nonnegative().nullable();

const RunState = z
  .enum(['running', 'published', 'unchanged', 'planned', 'held', 'failed', 'redecided'])
  .meta({
    id: 'ImportRunState',
    description:
      'published: changes were written; unchanged: there were none; planned: a dry run; held: waits for a person; failed: ended by a fault or by a person; redecided: no import, statuses changed at midnight because a new date began.',
  });

export const ImportRun = z
  .strictObject({
    id: RecordId,
    state: RunState,
    isDryRun: z.boolean(),
    night: Day.meta({ description: 'The day, in the district, the run was made for.' }),
    startedAt: Instant,
    finishedAt: Instant.nullable(),
    seconds: z.number().nonnegative().nullable().meta({ description: 'Null while it runs.' }),
    counts: z
      .strictObject({ delivered: count, added: count, changed: count, unchanged: count })
      .meta({ description: 'Students; null where the run did not get that far.' }),
    failure: z
      .strictObject({ code: z.string(), message: z.string(), advice: z.string().nullable() })
      .nullable()
      .meta({ description: 'What ended or held the run, or would have held a dry run.' }),
    origin: z.enum(['schedule', 'person', 'command', 'date']),
    requestedBy: z.string().nullable().meta({ description: "The person's name, if one asked." }),
    decision: z
      .strictObject({
        decision: z.enum(['released', 'rejected']),
        at: Instant,
        by: z.string(),
        reason: z.string(),
      })
      .nullable()
      .meta({ description: 'What a person decided about a held run.' }),
  })
  .meta({ id: 'ImportRun' });
export type ImportRun = z.infer<typeof ImportRun>;

export const ImportProgress = z
  .strictObject({
    phase: z.string(),
    object: z.string().nullable().meta({ description: 'While reading: the object of Skyward.' }),
    objectRows: count,
    rows: count.meta({ description: 'Rows of all objects read so far.' }),
    rowsPerSecond: count,
    rowsExpected: count.meta({ description: 'What the last good night read.' }),
    elapsedSeconds: z.number().nonnegative(),
    isStopping: z.boolean().meta({ description: 'Somebody asked for it to stop.' }),
  })
  .meta({ id: 'ImportProgress' });
export type ImportProgress = z.infer<typeof ImportProgress>;

const numbers = z.record(z.string(), z.number());

const ImportReport = z
  .strictObject({
    rowsRead: numbers.meta({ description: 'Rows by object of Skyward.' }),
    seconds: numbers.meta({ description: 'Seconds by phase.' }),
    statusesBefore: numbers,
    statusesAfter: numbers,
    statusMoves: z.array(
      z.strictObject({ from: z.string().nullable(), to: z.string(), count: z.number() }),
    ),
    changesByField: numbers,
    leftOut: numbers.meta({ description: 'Enrollments that do not count, by reason.' }),
    notCreated: numbers.meta({ description: 'Delivered students not brought in, by reason.' }),
    problems: z.array(
      z.strictObject({ kind: z.string(), count: z.number(), advice: z.string().nullable() }),
    ),
    notGranted: z.array(z.strictObject({ object: z.string(), fields: z.array(z.string()) })).meta({
      description: 'What the access to Skyward does not cover; no fields: the whole object.',
    }),
    neverHeld: z.array(z.strictObject({ object: z.string(), fields: z.array(z.string()) })).meta({
      description:
        'Fields that no row held: empty in Skyward, or not granted. Of a first import also those without a value in any row.',
    }),
    emptyLists: z.array(z.string()).meta({
      description: 'Objects that came without any row on a first import.',
    }),
    setAside: z.number().nullable().meta({ description: 'Students left as last imported.' }),
    missing: z.number().nullable().meta({ description: 'Students no longer delivered.' }),
    newlyMissing: z.number().nullable(),
    redecided: z.number().nullable().meta({
      description: 'Statuses brought up to the date although the night was not published.',
    }),
  })
  .meta({ id: 'ImportReport' });

export const PlanKind = z.enum(['status', 'missing', 'added', 'changed']).meta({
  id: 'ImportPlanKind',
  description:
    'status: the status changes; missing: no longer delivered; added: new; changed: other values alone.',
});
export type PlanKind = z.infer<typeof PlanKind>;

const PlanCounts = z.strictObject({
  status: z.int(),
  missing: z.int(),
  added: z.int(),
  changed: z.int(),
});

export const ImportRunDetail = ImportRun.extend({
  schoolYear: z.int().nullable(),
  report: ImportReport.nullable().meta({ description: 'Null when the run did not get that far.' }),
  progress: ImportProgress.nullable().meta({ description: 'Of a running import.' }),
  plan: PlanCounts.nullable().meta({
    description: 'Students of the plan, of dry and held runs; null when there is none (any more).',
  }),
  keptFields: z
    .array(
      z.strictObject({
        object: z.string(),
        field: z.string(),
        acceptedBy: z.string().nullable(),
        canBeAccepted: z.boolean(),
      }),
    )
    .meta({
      description:
        'Fields that came empty for nearly everybody who had a value: published values were kept.',
    }),
  awaitsDecision: z.boolean(),
  releasedByRunId: RecordId.nullable(),
  releasesRunId: RecordId.nullable(),
}).meta({ id: 'ImportRunDetail' });
export type ImportRunDetail = z.infer<typeof ImportRunDetail>;

export const getLatestImport = {
  method: 'GET',
  path: `${districtPath}/imports/latest`,
  summary: "The district's latest import run that was no dry run; null before the first",
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z.strictObject({ run: ImportRun.nullable() }),
} as const satisfies Endpoint;

/** A page's number in an address. */
const Page = wholeNumber(6);

export const runsPerPage = 20;

export const listImports = {
  method: 'GET',
  path: `${districtPath}/imports`,
  summary: "The district's import runs, the latest first, and what waits or runs right now",
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
        requestedAt: Instant,
        requestedBy: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'Asked for and not yet begun.' }),
  }),
} as const satisfies Endpoint;
export type ImportPage = z.infer<(typeof listImports)['response']>;

/** Nights that the picture shows. */
export const nightsShown = 90;

export const ImportNight = z
  .strictObject({
    day: Day,
    run: ImportRun.nullable().meta({ description: 'The run that had the last word on the day.' }),
    runs: z.int().nonnegative(),
  })
  .meta({ id: 'ImportNight' });
export type ImportNight = z.infer<typeof ImportNight>;

export const listImportNights = {
  method: 'GET',
  path: `${districtPath}/imports/nights`,
  summary: 'The last 90 nights, oldest first, each with its last run',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z.strictObject({ days: z.array(ImportNight) }),
} as const satisfies Endpoint;

const runInPath = z.strictObject({ id: RecordIdInPath });

export const getImport = {
  method: 'GET',
  path: `${districtPath}/imports/{id}`,
  summary: 'One run with its report',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  params: runInPath,
  response: ImportRunDetail,
} as const satisfies Endpoint;

export const problemsPerPage = 50;

const PersonOfList = z.strictObject({
  id: RecordId,
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  suffix: z.string().nullable(),
});

const ImportProblem = z
  .strictObject({
    object: z.string().nullable(),
    page: z.int().nullable(),
    row: z.int().nullable(),
    key: z.string().nullable(),
    field: z.string().nullable(),
    message: z.string(),
    student: PersonOfList.nullable().meta({
      description: 'The student behind the row, if known here and of the schools of the caller.',
    }),
  })
  .meta({ id: 'ImportProblem' });
export type ImportProblem = z.infer<typeof ImportProblem>;

export const listImportProblems = {
  method: 'GET',
  path: `${districtPath}/imports/{id}/problems`,
  summary: 'Problems of one kind in a run, each with its place in Skyward; 1,000 at most were kept',
  access: everyRole,
  audit: { kind: 'search', action: 'import-problems-listed' },
  limit: 'read',
  params: runInPath,
  query: z.strictObject({ kind: code(60), page: Page.optional() }),
  response: z.strictObject({
    rows: z.array(ImportProblem),
    total: z.int().nonnegative(),
    others: z.int().nonnegative().meta({
      description:
        'Further ones, for callers bound to schools: of students of other schools, or of nobody known.',
    }),
    page: z.int().positive(),
  }),
} as const satisfies Endpoint;

export const planRowsPerPage = 25;

const PlannedStudent = z
  .strictObject({
    position: z.int(),
    kind: PlanKind,
    studentId: RecordId,
    isKnown: z.boolean().meta({ description: 'Whether there is such a student to open.' }),
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
          description: 'Null when a guardian or an enrollment comes or goes as a whole.',
        }),
        from: z.unknown(),
        to: z.unknown(),
      }),
    ),
  })
  .meta({ id: 'PlannedStudent' });
export type PlannedStudent = z.infer<typeof PlannedStudent>;

export const listImportPlan = {
  method: 'GET',
  path: `${districtPath}/imports/{id}/plan`,
  summary: 'Whom a dry or held run would have changed, from what to what; kept for 30 days',
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
    counts: PlanCounts.meta({ description: 'Students that fit the search, by kind.' }),
    page: z.int().positive(),
  }),
} as const satisfies Endpoint;
export type ImportPlanPage = z.infer<(typeof listImportPlan)['response']>;

/** What the events of a running import are called. */
export const importEvents = { progress: 'progress', ended: 'ended' } as const;

export const followImport = {
  method: 'GET',
  path: `${districtPath}/imports/{id}/events`,
  summary:
    'Follow a running import by server-sent events: "progress" about once a second, "ended" with the last; each holds all there is to know, so that nothing is lost when the connection is made anew',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  params: runInPath,
  responseKind: 'events',
  response: z.strictObject({ state: RunState, progress: ImportProgress.nullable() }),
} as const satisfies Endpoint;
export type ImportEvent = z.infer<(typeof followImport)['response']>;

export const startImport = {
  method: 'POST',
  path: `${districtPath}/imports`,
  summary: 'Start an import, or a dry run, as soon as a worker is free',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['import-started', 'dry-run-started'] },
  limit: 'write',
  body: z.strictObject({ isDryRun: z.boolean() }),
  response: z.strictObject({ accepted: z.literal(true) }),
  errors: ['conflict', 'queue-unavailable'],
} as const satisfies Endpoint;

export const stopImport = {
  method: 'POST',
  path: `${districtPath}/imports/stop`,
  summary: 'Stop the import that runs or waits, before it publishes anything',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['import-canceled'] },
  limit: 'write',
  response: z.strictObject({
    stopped: z.enum(['running', 'waiting']).meta({
      description: 'running: it ends at the next safe place; waiting: it will not begin.',
    }),
  }),
  errors: ['conflict'],
} as const satisfies Endpoint;

export const decideImport = {
  method: 'POST',
  path: `${districtPath}/imports/{id}/decision`,
  summary:
    'Decide about a held run. released: read again and publish without the brakes; rejected: leave everything as it is',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['import-approved', 'import-discarded'] },
  limit: 'write',
  params: runInPath,
  body: z.strictObject({
    decision: z.enum(['released', 'rejected']),
    reason: text(500)
      .min(3, 'say in a few words why')
      .meta({ description: 'Kept with the run and in the audit trail.' }),
  }),
  response: z.strictObject({ decision: z.enum(['released', 'rejected']) }),
  errors: ['conflict', 'queue-unavailable'],
} as const satisfies Endpoint;

export const acceptEmptyImportField = {
  method: 'POST',
  path: `${districtPath}/imports/{id}/accepted-fields`,
  summary:
    'Accept that a field which came empty for everybody is empty: the next import publishes the empty values',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['empty-field-accepted'] },
  limit: 'write',
  params: runInPath,
  body: z.strictObject({
    object: code(100),
    field: code(100),
    reason: text(500)
      .min(3, 'say in a few words why')
      .meta({ description: 'Kept with the acceptance and in the audit trail.' }),
  }),
  response: z.strictObject({ accepted: z.literal(true) }),
  errors: ['conflict'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const importsApi = {
  getLatestImport,
  listImports,
  listImportNights,
  getImport,
  listImportProblems,
  listImportPlan,
  followImport,
  startImport,
  stopImport,
  acceptEmptyImportField,
  decideImport,
};
