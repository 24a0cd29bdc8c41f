/** Undoing an import: what it would change, starting it, and letting imports continue afterwards. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { text } from '../text.ts';
import { Day, Instant, RecordId } from '../values.ts';
import { runInPath } from './import-runs.ts';

const number = z.int().nonnegative();

const UndoPreview = z
  .strictObject({
    runId: RecordId.meta({ description: 'The dry run, whose page lists every change.' }),
    state: z.enum(['running', 'finished', 'failed']),
    finishedAt: Instant.nullable(),
    failure: z.strictObject({ message: z.string(), advice: z.string().nullable() }).nullable(),
    isCurrent: z.boolean().meta({
      description: 'No import was completed since; only a current preview can be carried out.',
    }),
    counts: z
      .strictObject({
        students: number.meta({ description: 'Students whose values come back.' }),
        guardians: number,
        enrollments: number,
        created: number.meta({
          description: 'Students whom the imports had created. They stay, as no longer in Skyward.',
        }),
        missingMarks: number.meta({
          description: 'Students who count as no longer in Skyward again, or as in Skyward again.',
        }),
        documents: number.meta({ description: 'Documents of all these students. They stay.' }),
        keptIds: number.meta({
          description:
            'Records that keep the Skyward ID of a match, because another record has the former one.',
        }),
        statusMoves: z.array(z.strictObject({ from: z.string(), to: z.string(), count: number })),
      })
      .nullable()
      .meta({ description: 'Null until the preview is finished.' }),
  })
  .meta({ id: 'ImportUndoPreview' });
export type UndoPreview = z.infer<typeof UndoPreview>;

export const ImportUndo = z
  .strictObject({
    block: z
      .strictObject({ message: z.string(), advice: z.string() })
      .nullable()
      .meta({ description: 'Why this import can’t be undone.' }),
    imports: z.array(z.strictObject({ id: RecordId, importDate: Day })).meta({
      description: 'What is undone: the import and later ones that changed data, oldest first.',
    }),
    preview: UndoPreview.nullable().meta({ description: 'The last preview of this undo.' }),
  })
  .meta({ id: 'ImportUndo' });
export type ImportUndo = z.infer<typeof ImportUndo>;

const getImportUndo = {
  method: 'GET',
  path: `${districtPath}/imports/{id}/undo`,
  summary: 'Whether an import can be undone, and the last preview of what that would change',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  params: runInPath,
  response: ImportUndo,
} as const satisfies Endpoint;

const previewImportUndo = {
  method: 'POST',
  path: `${districtPath}/imports/{id}/undo/preview`,
  summary: 'Find out what undoing an import and all later ones would change, without changing it',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['import-undo-previewed'] },
  limit: 'write',
  params: runInPath,
  response: z.strictObject({ accepted: z.literal(true) }),
  errors: ['conflict', 'queue-unavailable'],
} as const satisfies Endpoint;

const undoImport = {
  method: 'POST',
  path: `${districtPath}/imports/{id}/undo`,
  summary:
    'Undo an import and all later ones, as previewed; imports then wait until someone lets them continue',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['import-undone'] },
  limit: 'write',
  params: runInPath,
  body: z.strictObject({
    previewRunId: RecordId.meta({ description: 'The preview that the user has seen.' }),
    reason: text(500)
      .min(3, 'enter a reason')
      .meta({ description: 'Stored with the run and in the audit trail.' }),
  }),
  response: z.strictObject({ accepted: z.literal(true) }),
  errors: ['conflict', 'queue-unavailable'],
} as const satisfies Endpoint;

const continueImports = {
  method: 'POST',
  path: `${districtPath}/imports/continue`,
  summary: 'Let imports continue after an undo',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['imports-continued'] },
  limit: 'write',
  response: z.strictObject({ accepted: z.literal(true) }),
  errors: ['conflict'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const importUndoApi = { getImportUndo, previewImportUndo, undoImport, continueImports };
