/** Data problems that an import finds: by kind, and with their place in Skyward. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { code, searchText } from '../text.ts';
import { RecordId } from '../values.ts';
import { ImportRun, Page, runInPath } from './import-runs.ts';

export const ProblemKindCount = z
  .strictObject({
    kind: z.string(),
    title: z.string(),
    count: z.number(),
    advice: z.string().nullable(),
  })
  .meta({ id: 'ImportProblemKind' });
export type ProblemKindCount = z.infer<typeof ProblemKindCount>;

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

/** The endpoints, in the order of the API's documentation. */
export const importIssuesApi = { listImportProblems, listOpenProblems };
