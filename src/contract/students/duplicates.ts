/** Duplicates that the import could not settle: listed, compared, merged or kept apart by administrators. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { PersonName } from './students.ts';
import { Day, Instant, RecordId, RecordIdInPath, Status } from '../values.ts';
import { code } from '../text.ts';

const text = z.string().nullable();

/** How Skyward stands to a record. */
const Origin = z.enum(['skyward', 'missing', 'manual', 'skipped']).meta({
  description:
    'delivered: kept by Skyward; missing: no longer delivered; hand-kept: entered by a person; set-aside: delivered, but not brought in because of the number or an identity that changed.',
});
export type Origin = z.infer<typeof Origin>;

const DuplicateSide = z
  .strictObject({
    studentId: RecordId.nullable().meta({ description: 'null: has no record here.' }),
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
    key: z.string().meta({ description: 'Names the pair, whoever comes first.' }),
    reasons: z.array(DuplicateReason).min(1),
    first: DuplicateSide,
    second: DuplicateSide,
    note: text.meta({ description: 'What the import saw of the two, and what to look at.' }),
    mergeBlockedReason: text.meta({
      description: 'Why the two cannot be merged here; null: they can.',
    }),
    notDuplicate: z.strictObject({ by: z.string(), at: Instant }).nullable(),
    confirmed: z.strictObject({ by: z.string(), at: Instant }).nullable().meta({
      description:
        'Who said that an identity that changed is the same student; the next import uses it up.',
    }),
  })
  .meta({ id: 'DuplicatePair' });
export type DuplicatePair = z.infer<typeof DuplicatePair>;

const Merge = z
  .strictObject({
    id: RecordId.meta({ description: 'Undo with it: POST /removed-students/{id}/restore.' }),
    keptId: RecordId,
    keptName: PersonName.nullable().meta({ description: 'null: that record is gone too.' }),
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
      description:
        'missing: of a student whom Skyward no longer delivers under the former StudentID.',
    }),
    evidence: z.enum(['state-id', 'birth-date-and-first-name']).meta({
      description: 'What was the same beside the student number.',
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
    'Pairs of records that may be one student, the merges of the last 30 days, and records that imports took over',
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
      description: 'Who keeps the value of the record that stays.',
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
      description: 'Which of the two may be the record that stays; none: no merging.',
    }),
    reason: z.string().meta({ description: 'The reason for that, in a sentence.' }),
    fields: z.array(ComparedField),
    linkedRecords: z
      .strictObject({
        first: z.array(z.strictObject({ what: z.string(), count: z.int() })),
        second: z.array(z.strictObject({ what: z.string(), count: z.int() })),
      })
      .meta({ description: 'What else belongs to each record and would move over.' }),
  })
  .meta({ id: 'Comparison' });
export type Comparison = z.infer<typeof Comparison>;

const compareStudents = {
  method: 'GET',
  path: `${districtPath}/duplicates/{first}/{second}`,
  summary: 'Two records side by side, field by field, and which of them may stay',
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
  summary: 'Merge two records into one; everything that points at the other one moves over',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['students-merged'] },
  limit: 'write',
  body: z.strictObject({
    kept: RecordId,
    removed: RecordId,
    keptVersion: code(64),
    removedVersion: code(64),
    take: z.array(code(120)).max(100).meta({
      description: 'Keys of the compared fields whose value comes from the removed record.',
    }),
  }),
  response: z.strictObject({ keptId: RecordId, removalId: RecordId }),
  errors: ['not-found', 'conflict', 'import-running'],
} as const satisfies Endpoint;

const markNotDuplicate = {
  method: 'PUT',
  path: `${districtPath}/duplicates/not-duplicates`,
  summary: 'Remember that a pair is two students, or list it again',
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
    'Give a record back that an import took over; the next import makes another for the delivered student',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['takeover-undone'] },
  limit: 'write',
  params: z.strictObject({ runId: RecordIdInPath, recordId: RecordIdInPath }),
  response: z.strictObject({ studentId: RecordId }),
  errors: ['not-found', 'number-taken', 'import-running'],
} as const satisfies Endpoint;

const confirmIdentity = {
  method: 'PUT',
  path: `${districtPath}/duplicates/same-student`,
  summary: 'Say that a StudentID whose identity changed is the same student, or take that back',
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
