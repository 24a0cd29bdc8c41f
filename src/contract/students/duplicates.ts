/** Likely duplicates that an import could not resolve: list, compare, merge, mark as not a duplicate. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { Day, Instant, RecordId, RecordIdInPath, Status, PersonName } from '../values.ts';
import { code } from '../text.ts';

const text = z.string().nullable();

/** How a record relates to Skyward. */
const Origin = z.enum(['skyward', 'missing', 'manual', 'skipped']).meta({
  description:
    'skyward: in Skyward; missing: no longer in Skyward; manual: added manually; skipped: received but not imported, because of the student number or a changed identity.',
});
export type Origin = z.infer<typeof Origin>;

const DuplicateSide = z
  .strictObject({
    studentId: RecordId.nullable().meta({ description: 'null: there is no record.' }),
    sisStudentId: RecordId.nullable(),
    origin: Origin,
    name: PersonName,
    birthDate: Day.nullable(),
    studentNumber: text,
    stateId: text,
    grade: text,
    schoolName: text,
    status: Status.nullable(),
  })
  .meta({ id: 'DuplicateSide' });
export type DuplicateSide = z.infer<typeof DuplicateSide>;

const DuplicateReason = z.enum([
  'same-number',
  'same-state-id',
  'same-name-and-birth-date',
  'identity-changed',
]);

const DuplicatePair = z
  .strictObject({
    key: z.string().meta({ description: 'Identifies the pair, in any order.' }),
    reasons: z.array(DuplicateReason).min(1),
    first: DuplicateSide,
    second: DuplicateSide,
    note: text.meta({ description: 'What the import found, and what to check.' }),
    mergeBlockedReason: text.meta({
      description: 'Why the two cannot be merged; null: they can.',
    }),
    notDuplicate: z.strictObject({ by: z.string(), at: Instant }).nullable(),
    confirmed: z.strictObject({ by: z.string(), at: Instant }).nullable().meta({
      description:
        'Who confirmed that a changed identity is the same student; the next import applies it.',
    }),
  })
  .meta({ id: 'DuplicatePair' });
export type DuplicatePair = z.infer<typeof DuplicatePair>;

const Merge = z
  .strictObject({
    id: RecordId.meta({ description: 'Undo with it: POST /removed-students/{id}/restore.' }),
    keptId: RecordId,
    keptName: PersonName.nullable().meta({ description: 'null: that record was deleted, too.' }),
    removedName: PersonName,
    by: z.string(),
    at: Instant,
  })
  .meta({ id: 'Merge' });
export type Merge = z.infer<typeof Merge>;

const NumberMatch = z
  .strictObject({
    runId: RecordId,
    recordId: RecordId,
    name: PersonName,
    formerly: z.enum(['missing', 'manual']).meta({
      description: 'missing: the student is no longer in Skyward under the former StudentID.',
    }),
    evidence: z.enum(['state-id', 'birth-date-and-first-name']).meta({
      description: 'What else was the same besides the student number.',
    }),
    importDate: Day,
    at: Instant,
  })
  .meta({ id: 'NumberMatch' });
export type NumberMatch = z.infer<typeof NumberMatch>;

const listDuplicates = {
  method: 'GET',
  path: `${districtPath}/duplicates`,
  summary:
    'Likely duplicates, the merges of the last 30 days, and records that imports matched by student number',
  access: administeringRoles,
  audit: { kind: 'search', action: 'duplicates-listed' },
  limit: 'read',
  response: z.strictObject({
    pairs: z.array(DuplicatePair),
    isCut: z.boolean().meta({ description: 'There are more pairs than are listed.' }),
    merges: z.array(Merge),
    numberMatches: z.array(NumberMatch).meta({
      description: 'The last hundred that can be undone, newest first.',
    }),
  }),
} as const satisfies Endpoint;

const ComparedField = z
  .strictObject({
    key: z.string(),
    name: z.string(),
    owner: z.enum(['skyward', 'people']).meta({
      description: 'Whose value the remaining record has.',
    }),
    first: text,
    second: text,
    isSame: z.boolean(),
  })
  .meta({ id: 'ComparedField' });
export type ComparedField = z.infer<typeof ComparedField>;

const Comparison = z
  .strictObject({
    first: DuplicateSide,
    second: DuplicateSide,
    versions: z.strictObject({ first: z.string(), second: z.string() }),
    canKeep: z.array(z.enum(['first', 'second'])).meta({
      description: 'Which of the two records can remain; none: they cannot be merged.',
    }),
    reason: z.string().meta({ description: 'The reason, as a sentence.' }),
    fields: z.array(ComparedField),
    linkedRecords: z
      .strictObject({
        first: z.array(z.strictObject({ kind: z.string(), count: z.int() })),
        second: z.array(z.strictObject({ kind: z.string(), count: z.int() })),
      })
      .meta({ description: 'Linked documents and other data that would move.' }),
  })
  .meta({ id: 'Comparison' });
export type Comparison = z.infer<typeof Comparison>;

const compareStudents = {
  method: 'GET',
  path: `${districtPath}/duplicates/{first}/{second}`,
  summary: 'Compare two records field by field, and which of them can remain',
  access: administeringRoles,
  audit: { kind: 'look', action: 'student-viewed' },
  limit: 'read',
  params: z.strictObject({ first: RecordIdInPath, second: RecordIdInPath }),
  response: Comparison,
  errors: ['not-found'],
} as const satisfies Endpoint;

const mergeStudents = {
  method: 'POST',
  path: `${districtPath}/duplicates/merge`,
  summary: 'Merge two records into one, with everything that is linked to the other',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['students-merged'] },
  limit: 'write',
  body: z.strictObject({
    kept: RecordId,
    removed: RecordId,
    keptVersion: code(64),
    removedVersion: code(64),
    take: z.array(code(120)).max(100).meta({
      description: 'Keys of the fields whose value is taken from the removed record.',
    }),
  }),
  response: z.strictObject({ keptId: RecordId, removalId: RecordId }),
  errors: ['not-found', 'conflict', 'import-running'],
} as const satisfies Endpoint;

const markNotDuplicate = {
  method: 'PUT',
  path: `${districtPath}/duplicates/not-duplicates`,
  summary: 'Mark a pair as not a duplicate, or list it again',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['students-marked-not-duplicates', 'not-duplicates-undone'] },
  limit: 'write',
  body: z.strictObject({
    key: code(60).regex(/^(students|skyward|mixed):[1-9]\d{0,18}-[1-9]\d{0,18}$/, 'is no pair'),
    isNotDuplicate: z.boolean(),
  }),
  response: z.strictObject({ isNotDuplicate: z.boolean() }),
} as const satisfies Endpoint;

const undoNumberMatch = {
  method: 'POST',
  path: `${districtPath}/duplicates/number-matches/{runId}/{recordId}/undo`,
  summary:
    'Undo a match by student number; the next import creates a new record for the student in Skyward',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['number-match-undone'] },
  limit: 'write',
  params: z.strictObject({ runId: RecordIdInPath, recordId: RecordIdInPath }),
  response: z.strictObject({ studentId: RecordId }),
  errors: ['not-found', 'number-taken', 'import-running'],
} as const satisfies Endpoint;

const confirmIdentity = {
  method: 'PUT',
  path: `${districtPath}/duplicates/same-student`,
  summary: 'Confirm that a StudentID whose identity changed is the same student, or withdraw that',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['identity-confirmed', 'identity-unconfirmed'] },
  limit: 'write',
  body: z.strictObject({ sisStudentId: RecordId, isSame: z.boolean() }),
  response: z.strictObject({ isSame: z.boolean() }),
  errors: ['not-found', 'import-running'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const duplicatesApi = {
  listDuplicates,
  compareStudents,
  mergeStudents,
  markNotDuplicate,
  undoNumberMatch,
  confirmIdentity,
};
