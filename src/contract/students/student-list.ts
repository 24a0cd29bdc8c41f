/** The list of students: search, filters, order, pages, counts, the table to save. */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { PersonName } from './students.ts';
import { Day, RecordId, RecordIdInPath, Status, statuses } from '../values.ts';
import { code, searchText, wholeNumber } from '../text.ts';

const text = z.string().nullable();

/** Columns of the list in the order of the table; each can be sorted by and exported. */
export const studentColumns = [
  'name',
  'number',
  'stateId',
  'grade',
  'school',
  'homeroom',
  'birthDate',
  'status',
  'changed',
] as const;
const StudentColumn = z.enum(studentColumns).meta({ id: 'StudentColumn' });
export type StudentColumn = z.infer<typeof StudentColumn>;

/** What can be wrong with a student's data. */
export const dataProblems = ['any', 'row', 'missing'] as const;
const DataProblem = z.enum(dataProblems).meta({
  id: 'DataProblem',
  description:
    'row: the last night found something wrong with what Skyward delivered; missing: Skyward delivers the student no longer; any: either.',
});
export type DataProblem = z.infer<typeof DataProblem>;

const MatchedBy = z.enum(['name', 'number', 'phone', 'guardian']).meta({ id: 'MatchedBy' });

const Match = z
  .strictObject({
    by: MatchedBy,
    isSimilar: z
      .boolean()
      .meta({ description: 'Found by words that are nearly alike, not the same.' }),
    guardian: z
      .strictObject({ name: PersonName, relationship: text })
      .nullable()
      .meta({ description: 'The guardian whose name or phone it is.' }),
    phone: text,
  })
  .meta({ id: 'StudentMatch', description: 'Why a search found the student.' });
export type StudentMatch = z.infer<typeof Match>;

const StudentRow = z
  .strictObject({
    id: RecordId,
    name: PersonName,
    studentNumber: text,
    stateId: text,
    birthDate: Day.nullable(),
    grade: text,
    schoolName: text,
    homeroom: text,
    status: Status,
    statusReason: z.string().meta({ description: 'Why the student has this status.' }),
    changedOn: Day.nullable().meta({
      description: 'The night whose import changed the student last; null: kept by hand.',
    }),
    isMissing: z.boolean().meta({ description: 'Skyward delivers the student no longer.' }),
    match: Match.nullable(),
  })
  .meta({ id: 'StudentRow' });
export type StudentRow = z.infer<typeof StudentRow>;

const StudentPage = z
  .strictObject({
    rows: z.array(StudentRow),
    total: z.int().nonnegative(),
    isMore: z
      .boolean()
      .meta({ description: 'There are more than `total`; they were not counted.' }),
    page: z.int().positive(),
    pageSize: z.int().positive(),
  })
  .meta({ id: 'StudentPage' });
export type StudentPage = z.infer<typeof StudentPage>;

/** A whole number that arrives as text, from 1 to `most`. */
const count = (max: number) =>
  wholeNumber(7).refine((value) => value <= max, `must not exceed ${max}`);

/** Several values with commas between them. */
const listOf = <Schema extends z.ZodType>(schema: Schema, max: number) =>
  code(2000)
    .min(1, 'must not be empty')
    .transform((given) => given.split(',') as z.input<Schema>[])
    .pipe(z.array(schema).max(max));

const filter = {
  search: searchText(100).optional().meta({
    description:
      'Words of a name, a number or a phone, or of one guardian; each may be begun only. Accents and case do not matter; when hardly anybody is found, names nearly alike count too.',
  }),
  status: listOf(Status, statuses.length).optional().meta({ description: 'One or several.' }),
  school: listOf(RecordIdInPath, 100)
    .optional()
    .meta({ description: 'Numbers of schools (entities), one or several.' }),
  grade: listOf(code(20), 50).optional(),
  changedSince: Day.optional().meta({
    description: 'Only students whom the import of this night or of a later one changed.',
  }),
  problem: DataProblem.optional(),
};

const StudentFilterQuery = z.strictObject(filter);
export type StudentFilter = z.output<typeof StudentFilterQuery>;

const sort = z
  .enum(studentColumns.flatMap((column) => [column, `-${column}`] as const))
  .optional()
  .meta({
    description: 'A column, with `-` before it the other way round. By name, or best hits first.',
  });

const listStudents = {
  method: 'GET',
  path: `${districtPath}/students`,
  summary: 'Students of the district, searched, filtered and in any order, page by page',
  access: everyRole,
  audit: { kind: 'search', action: 'students-listed' },
  limit: 'read',
  query: z.strictObject({
    ...filter,
    sort,
    page: count(1_000_000).optional().meta({ description: 'From 1, which is the default.' }),
    pageSize: count(100).optional().meta({ description: '25 unless told, at most 100.' }),
  }),
  response: StudentPage,
} as const satisfies Endpoint;
export type StudentListQuery = z.output<(typeof listStudents)['query']>;

const number = z.int().nonnegative();
const StudentFacets = z
  .strictObject({
    isCounted: z
      .boolean()
      .meta({ description: 'False: too many fit to count them; every number is 0 then.' }),
    statuses: z.array(z.strictObject({ status: Status, count: number })),
    grades: z.array(z.strictObject({ grade: z.string(), count: number })),
    schools: z.array(z.strictObject({ entityId: z.int(), name: z.string(), count: number })),
  })
  .meta({
    id: 'StudentFacets',
    description: 'How many fit by value; each part leaves its own filter aside.',
  });
export type StudentFacets = z.infer<typeof StudentFacets>;

const countStudents = {
  method: 'GET',
  path: `${districtPath}/student-counts`,
  summary: 'How many students fit, by status, grade and school',
  access: everyRole,
  audit: { kind: 'search', action: 'students-listed' },
  limit: 'read',
  query: StudentFilterQuery,
  response: StudentFacets,
} as const satisfies Endpoint;

const exportStudents = {
  method: 'GET',
  path: `${districtPath}/students.csv`,
  summary: 'All students that fit, as a table (CSV)',
  access: everyRole,
  audit: { kind: 'search', action: 'students-exported', everyTime: true },
  limit: 'heavy',
  query: z.strictObject({
    ...filter,
    sort,
    columns: listOf(StudentColumn, studentColumns.length).optional(),
  }),
  response: z.string(),
  responseKind: 'download',
} as const satisfies Endpoint;
export type StudentExportQuery = z.output<(typeof exportStudents)['query']>;

/** The endpoints, in the order of the API's documentation. */
export const studentListApi = { listStudents, countStudents, exportStudents };
