/** Import runs of a district: their reports, progress and plans, and what users do with them. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint, everyRole } from './endpoint.ts';
import { Day, Instant, RecordId, RecordIdInPath, Status, PlanKind } from './values.ts';
import { code, searchText, text, wholeNumber } from './text.ts';

const count = z.int().nonnegative().nullable();

const RunState = z
  .enum(['running', 'published', 'unchanged', 'planned', 'held', 'failed', 'recalculated'])
  .meta({
    id: 'ImportRunState',
    description:
      'published: changes were written; unchanged: there were none; planned: a dry run; held: needs review; failed: ended by an error or canceled by a user; recalculated: not an import; statuses changed at midnight with the date.',
  });

const ReviewOutcome = z.enum(['approved', 'discarded']).meta({
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
  })
  .meta({ id: 'ImportRun' });
export type ImportRun = z.infer<typeof ImportRun>;

export const ImportProgress = z
  .strictObject({
    phase: z.string(),
    object: z.string().nullable().meta({ description: 'While reading: the Skyward object.' }),
    objectLabel: z.string().nullable().meta({ description: 'What its rows are: "Phones".' }),
    objectRows: count,
    rows: count.meta({ description: 'Rows read so far, of all objects.' }),
    rowsPerSecond: count,
    rowsExpected: count.meta({ description: 'Rows that the last completed import read.' }),
    elapsedSeconds: z.number().nonnegative(),
    isCancelling: z.boolean().meta({ description: 'A user has requested to cancel it.' }),
  })
  .meta({ id: 'ImportProgress' });
export type ImportProgress = z.infer<typeof ImportProgress>;

const numbers = z.record(z.string(), z.number());

const ProblemKindCount = z
  .strictObject({
    kind: z.string(),
    title: z.string(),
    count: z.number(),
    advice: z.string().nullable(),
  })
  .meta({ id: 'ImportProblemKind' });
export type ProblemKindCount = z.infer<typeof ProblemKindCount>;

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
    recalculated: z.number().nullable().meta({
      description: 'Statuses recalculated for the date although the import was not published.',
    }),
  })
  .meta({ id: 'ImportReport' });

const PlanCounts = z.strictObject({
  status: z.int(),
  missing: z.int(),
  added: z.int(),
  changed: z.int(),
});

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

/** A page number in an address. */
const Page = wholeNumber(6);

export const runsPerPage = 20;

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

const runInPath = z.strictObject({ id: RecordIdInPath });

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

export const problemsPerPage = 50;

const PersonOfList = z.strictObject({
  id: RecordId,
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  suffix: z.string().nullable(),
});

const ImportProblem = z
  .strictObject({
    kind: z.string(),
    label: z.string().nullable().meta({
      description: 'The field, or else the list, in words: "Date of birth".',
    }),
    message: z.string(),
    object: z.string().nullable(),
    page: z.int().nullable(),
    row: z.int().nullable(),
    key: z.string().nullable(),
    field: z.string().nullable(),
    student: PersonOfList.nullable().meta({
      description: 'The student of the row, if imported and in a school of the caller.',
    }),
  })
  .meta({ id: 'ImportProblem' });
export type ImportProblem = z.infer<typeof ImportProblem>;

const listImportProblems = {
  method: 'GET',
  path: `${districtPath}/imports/{id}/problems`,
  summary:
    'Problems of one kind in a run, each with its place in Skyward; at most 1,000 are recorded',
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
        'For callers limited to schools: the number of other problems, of students of other schools or not imported.',
    }),
    page: z.int().positive(),
  }),
} as const satisfies Endpoint;

const listOpenProblems = {
  method: 'GET',
  path: `${districtPath}/import-issues`,
  summary: 'The data problems of the last import that read all data, by kind, with students',
  access: administeringRoles,
  audit: { kind: 'search', action: 'import-problems-listed' },
  limit: 'read',
  query: z.strictObject({
    kind: code(60).optional(),
    search: searchText(100).optional().meta({ description: "Part of a student's name or number." }),
    page: Page.optional(),
  }),
  response: z.strictObject({
    run: ImportRun.nullable().meta({ description: 'null: there was no such import yet.' }),
    kinds: z.array(ProblemKindCount).meta({ description: 'All kinds in this import.' }),
    rows: z.array(ImportProblem).meta({ description: 'A page of those that match.' }),
    total: z.int().nonnegative(),
    page: z.int().positive(),
  }),
} as const satisfies Endpoint;
export type OpenProblems = z.infer<(typeof listOpenProblems)['response']>;

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
        label: z.string().meta({ description: 'Such as "Guardian: Phones".' }),
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
export const importsApi = {
  listImports,
  listImportDays,
  getImport,
  listImportProblems,
  listOpenProblems,
  listImportPlan,
  followImport,
  startImport,
  cancelImport,
  acceptEmptyImportField,
  reviewImport,
};
