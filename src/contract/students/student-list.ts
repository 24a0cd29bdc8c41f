/** The list of students: search, filters, order, pages, counts, export. */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { Day, RecordId, RecordIdInPath, Status, statuses, PersonName } from '../values.ts';
import { code, searchText, wholeNumber } from '../text.ts';

const text = z.string().nullable();

/** Columns in the order of the table; all can be sorted by and exported. */
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

/** Problems with a student's data. */
export const dataProblems = ['any', 'row', 'missing'] as const;
const DataProblem = z.enum(dataProblems).meta({
  id: 'DataProblem',
  description:
    'row: the last import found a data problem; missing: no longer in Skyward; any: either.',
});
export type DataProblem = z.infer<typeof DataProblem>;

const MatchedBy = z
  .enum(['name', 'number', 'phone', 'email', 'address', 'school', 'guardian'])
  .meta({ id: 'MatchedBy' });

const Match = z
  .strictObject({
    by: MatchedBy,
    isSimilar: z.boolean().meta({ description: 'Matched by similar words instead of equal ones.' }),
    guardian: z
      .strictObject({ name: PersonName, relationship: text })
      .nullable()
      .meta({ description: 'The guardian with this name, phone or e-mail.' }),
    phone: text,
    email: text,
    address: text,
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
      description: 'The date of the import that last changed the student; null: a manual student.',
    }),
    isMissing: z.boolean().meta({ description: 'No longer in Skyward.' }),
    match: Match.nullable(),
  })
  .meta({ id: 'StudentRow' });
export type StudentRow = z.infer<typeof StudentRow>;

const StudentPage = z
  .strictObject({
    rows: z.array(StudentRow),
    total: z.int().nonnegative(),
    hasMore: z
      .boolean()
      .meta({ description: 'There are more than `total`; the rest was not counted.' }),
    page: z.int().positive(),
    pageSize: z.int().positive(),
  })
  .meta({ id: 'StudentPage' });
export type StudentPage = z.infer<typeof StudentPage>;

/** A whole number from 1 to `max`, given as text. */
const count = (max: number) =>
  wholeNumber(7).refine((value) => value <= max, `must not exceed ${max}`);

/** Several values, separated by commas. */
const listOf = <Schema extends z.ZodType>(schema: Schema, max: number, maxLength = 2000) =>
  code(maxLength)
    .min(1, 'must not be empty')
    .transform((given) => given.split(',') as z.input<Schema>[])
    .pipe(z.array(schema).max(max));

const filter = {
  search: searchText(100).optional().meta({
    description:
      'Words of names, student number, state ID, phones, e-mails, address and school, of the student or of guardians, each of any of these; and a grade, such as `grade 2`. The beginning of a word is enough. Accents and case are ignored; if there are few matches, similar names are included.',
  }),
  status: listOf(Status, statuses.length).optional().meta({ description: 'One or several.' }),
  school: listOf(RecordIdInPath, 100)
    .optional()
    .meta({ description: 'Ids of schools (entities), one or several.' }),
  grade: listOf(code(20), 50).optional(),
  changedSince: Day.optional().meta({
    description: 'Only students that an import of this date or later changed.',
  }),
  problem: DataProblem.optional(),
  mine: z.literal('true').optional().meta({ description: 'Only the students on your own list.' }),
  caseload: z.uuid().optional().meta({
    description: "For administrators: only the students on this user's list, instead of `mine`.",
  }),
};

const StudentFilterQuery = z.strictObject(filter);
export type StudentFilter = z.output<typeof StudentFilterQuery>;

const sort = z
  .enum(studentColumns.flatMap((column) => [column, `-${column}`] as const))
  .optional()
  .meta({
    description:
      'A column; with `-` in front, descending. By default by name, or best matches first.',
  });

const listStudents = {
  method: 'GET',
  path: `${districtPath}/students`,
  summary: 'Students of the district: searched, filtered, sorted, page by page',
  access: everyRole,
  audit: { kind: 'search', action: 'students-listed' },
  limit: 'read',
  query: z.strictObject({
    ...filter,
    sort,
    page: count(1_000_000).optional().meta({ description: 'From 1 (default).' }),
    pageSize: count(100).optional().meta({ description: 'Default 25, at most 100.' }),
  }),
  response: StudentPage,
} as const satisfies Endpoint;
export type StudentListQuery = z.output<(typeof listStudents)['query']>;

const number = z.int().nonnegative();
const StudentFacets = z
  .strictObject({
    isCounted: z
      .boolean()
      .meta({ description: 'False: too many match to count them; all counts are 0.' }),
    statuses: z.array(z.strictObject({ status: Status, count: number })),
    grades: z.array(z.strictObject({ grade: z.string(), count: number })),
    schools: z.array(z.strictObject({ entityId: z.int(), name: z.string(), count: number })),
  })
  .meta({
    id: 'StudentFacets',
    description: 'Matches by value; each part ignores its own filter.',
  });
export type StudentFacets = z.infer<typeof StudentFacets>;

const countStudents = {
  method: 'GET',
  path: `${districtPath}/student-counts`,
  summary: 'Counts of matching students by status, grade and school',
  access: everyRole,
  audit: { kind: 'search', action: 'students-listed' },
  limit: 'read',
  query: StudentFilterQuery,
  response: StudentFacets,
} as const satisfies Endpoint;

/** Maximum students of a selection that is printed or exported; their ids fit into an address. */
export const maxSelectedStudents = 250;

const ids = listOf(RecordIdInPath, maxSelectedStudents, 4000);

const printStudents = {
  method: 'GET',
  path: `${districtPath}/student-prints`,
  summary: 'Selected students, to print them as a table',
  access: everyRole,
  audit: { kind: 'search', action: 'students-printed', everyTime: true },
  limit: 'heavy',
  query: z.strictObject({ ids, sort }),
  response: z.strictObject({ rows: z.array(StudentRow) }),
} as const satisfies Endpoint;

const exportStudents = {
  method: 'GET',
  path: `${districtPath}/students.csv`,
  summary: 'All matching or selected students as a table (CSV)',
  access: everyRole,
  audit: { kind: 'search', action: 'students-exported', everyTime: true },
  limit: 'heavy',
  query: z.strictObject({
    ...filter,
    ids: ids.optional().meta({ description: 'Only students with these ids.' }),
    sort,
    columns: listOf(StudentColumn, studentColumns.length).optional(),
  }),
  response: z.string(),
  responseKind: 'download',
} as const satisfies Endpoint;
export type StudentExportQuery = z.output<(typeof exportStudents)['query']>;

/** The endpoints, in the order of the API's documentation. */
export const studentListApi = { listStudents, countStudents, printStudents, exportStudents };
