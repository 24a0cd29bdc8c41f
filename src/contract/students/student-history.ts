/** The History tab: every changed value of a student, formatted for users. */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { RunReference } from './students.ts';
import { Day, Instant, RecordId, RecordIdInPath } from '../values.ts';
import { text, wholeNumber } from '../text.ts';

/** Kinds of changes for the filter, with their labels. */
export const changeKinds = {
  status: 'Status',
  person: 'Name and person',
  school: 'School and grade',
  contact: 'Contact',
  guardians: 'Parents',
  enrollments: 'Enrollments',
  staff: 'Staff notes',
} as const;

export const ChangeKind = z
  .enum(Object.keys(changeKinds) as [ChangeKind, ...ChangeKind[]])
  .meta({ id: 'ChangeKind' });
export type ChangeKind = keyof typeof changeKinds;

/** Where changes come from, for the filter, with their labels. */
export const changeSources = { imports: 'Skyward imports', users: 'Users' } as const;

export const ChangeSource = z
  .enum(Object.keys(changeSources) as [ChangeSource, ...ChangeSource[]])
  .meta({ id: 'ChangeSource' });
export type ChangeSource = keyof typeof changeSources;

const HistoryEntry = z
  .strictObject({
    at: Instant,
    importDate: Day.nullable().meta({
      description: 'The import date; null: a user changed it.',
    }),
    runId: RecordId.nullable(),
    by: z.string().nullable().meta({ description: 'The user; null: the import.' }),
    undo: z
      .strictObject({
        importDate: Day.meta({ description: 'The date of the undone import.' }),
        by: z.string().nullable().meta({ description: 'Null: a command on the server.' }),
      })
      .nullable()
      .meta({ description: 'Set if the run undid an import.' }),
    kind: ChangeKind,
    subject: z.string().nullable().meta({ description: "The guardian's name, or the enrollment." }),
    label: z.string().meta({ description: 'The changed field or event: Legal first name.' }),
    from: z.string().nullable(),
    to: z.string().nullable(),
    note: z.string().nullable().meta({ description: 'Why, of a status.' }),
  })
  .meta({ id: 'HistoryEntry' });
export type HistoryEntry = z.infer<typeof HistoryEntry>;

const HistoryPage = z
  .strictObject({
    entries: z.array(HistoryEntry).meta({ description: 'The latest first.' }),
    total: z.int().nonnegative(),
    page: z.int().positive(),
    pageSize: z.int().positive(),
    fields: z.array(z.string()).meta({
      description: 'Labels of all fields that have changed, for the filter.',
    }),
    firstImport: RunReference.nullable().meta({
      description: 'The run that first imported the student; its values are not changes.',
    }),
  })
  .meta({ id: 'HistoryPage' });
export type HistoryPage = z.infer<typeof HistoryPage>;

/** Changes per page. */
export const historyPageSize = 50;

const listStudentHistory = {
  method: 'GET',
  path: `${districtPath}/students/{id}/history`,
  summary: 'Changes of a student’s record: when, from what to what, and by whom',
  access: everyRole,
  audit: { kind: 'look', action: 'student-history-viewed' },
  limit: 'read',
  params: z.strictObject({ id: RecordIdInPath }),
  query: z.strictObject({
    kind: ChangeKind.optional(),
    source: ChangeSource.optional(),
    field: text(100).optional().meta({ description: 'Label of a field, as in fields.' }),
    page: wholeNumber(5).optional(),
  }),
  response: HistoryPage,
  errors: ['not-found'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const studentHistoryApi = { listStudentHistory };
