/** Lists the data problems of a run with their students, and those of the last import that read all data. */
import type { ImportProblem, ProblemKindCount } from '../../contract/imports/import-issues.ts';
import type { ImportRun } from '../../contract/imports/import-runs.ts';
import { selectNamePart } from '../../database/display-name.ts';
import { hasAllIssues, selectLastRun } from '../../database/import-runs.ts';
import type { Queryable } from '../../database/queryable.ts';
import { problemKinds, type ProblemKind, problemTitles } from '../../roster/row-problem.ts';
import { objectLabel, sourceFieldLabel } from '../../roster/source-labels.ts';
import { likePattern } from './run-plan.ts';
import { summaryColumns, summaryOf, type SummaryRow } from './run-summary.ts';

interface IssueQuery {
  readonly kind: string | undefined;
  /** Part of a student's name or number. */
  readonly search: string | undefined;
  readonly page: number;
  readonly pageSize: number;
}

interface IssueRow extends Omit<ImportProblem, 'student' | 'label'> {
  readonly studentId: number | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly suffix: string | null;
}

const firstNameOfStudent = selectNamePart('s', 'first_name');
const lastNameOfStudent = selectNamePart('s', 'last_name');

const matching = `from import_problems p
  left join students s on s.district_id = $1 and s.skyward_id = p.skyward_student_id
  where p.district_id = $1 and p.run_id = $2 and ($3::text is null or p.kind = $3)
    and ($4::text is null or concat_ws(' ', ${firstNameOfStudent}, ${lastNameOfStudent}) ilike $4
      or concat_ws(' ', ${lastNameOfStudent}, ${firstNameOfStudent}) ilike $4 or s.student_number ilike $4)`;

/** Returns a page of a run's problems that match, by name of the student, and their number. */
export async function listIssues(
  db: Queryable,
  districtId: number,
  runId: number,
  { kind, search, page, pageSize }: IssueQuery,
): Promise<{ rows: ImportProblem[]; total: number }> {
  const pattern = search === undefined || search === '' ? null : likePattern(search);
  const parameters = [districtId, runId, kind ?? null, pattern];
  const { rows } = await db.query<IssueRow>(
    `select p.kind, p.object, p.page, p.row_number as row, p.record_key as key, p.field, p.message,
       s.id as "studentId", ${firstNameOfStudent} as "firstName", ${lastNameOfStudent} as "lastName", ${selectNamePart('s', 'suffix')} as suffix
     ${matching}
     order by 9, 8, s.id, p.id limit $5 offset $6`,
    [...parameters, pageSize, (page - 1) * pageSize],
  );
  const { rows: counted } = await db.query<{ total: number }>(
    `select count(*)::integer as total ${matching}`,
    parameters,
  );
  return { rows: rows.map(toProblem), total: counted[0]?.total ?? 0 };
}

function toProblem({ studentId, firstName, lastName, suffix, ...row }: IssueRow): ImportProblem {
  const label = findLabel(row);
  // The message of an unreadable value begins with the field: by its label, formerly by its name in Skyward.
  const named = [label, row.field].find((name) => row.message.startsWith(`${name}: `));
  return {
    ...row,
    label,
    message:
      named === undefined || named === null ? row.message : row.message.slice(named.length + 2),
    student: studentId === null ? null : { id: studentId, firstName, lastName, suffix },
  };
}

function findLabel({ object, field }: Pick<IssueRow, 'object' | 'field'>): string | null {
  if (object === null) return null;
  return field === null ? objectLabel(object) : sourceFieldLabel({ object, field });
}

/**
 * Returns how many other problems of a kind the run has for a caller limited to schools: those of students of other
 * schools (row-level security) or not imported; 0 for other callers.
 */
export async function countOtherIssues(
  db: Queryable,
  districtId: number,
  runId: number,
  kind: string,
): Promise<number> {
  const { rows } = await db.query<{ seen: number; ofRun: unknown; isBound: boolean }>(
    `select (select count(*)::integer from import_problems
         where district_id = $1 and run_id = $2 and kind = $3) as seen,
       report -> 'problems' -> $3 as "ofRun", current_schools() is not null as "isBound"
     from import_runs where district_id = $1 and id = $2`,
    [districtId, runId, kind],
  );
  const { seen = 0, ofRun, isBound = false } = rows[0] ?? {};
  return isBound && typeof ofRun === 'number' ? Math.max(0, ofRun - seen) : 0;
}

/** Returns the kinds of a report's problems with titles and advice, the most frequent first. */
export const describeProblems = (problems: Readonly<Record<string, number>>): ProblemKindCount[] =>
  Object.entries(problems)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, count]) => ({ kind, count, ...describeKind(kind) }));

/** A kind that only another version knows has no advice. */
const describeKind = (kind: string): Pick<ProblemKindCount, 'title' | 'advice'> =>
  kind in problemKinds
    ? { title: problemTitles[kind as ProblemKind], advice: problemKinds[kind as ProblemKind] }
    : { title: 'Another data problem', advice: null };

/** Returns the last run that read all data and found its problems; a failed one may not have. */
export async function findRunOfIssues(
  db: Queryable,
  districtId: number,
): Promise<{ run: ImportRun; problems: ProblemKindCount[] } | undefined> {
  const { rows } = await db.query<SummaryRow & { problems: Record<string, number> | null }>(
    `select ${summaryColumns}, r.report -> 'problems' as problems from import_runs r
     where r.district_id = $1 and r.id = ${selectLastRun(hasAllIssues)}`,
    [districtId],
  );
  const [row] = rows;
  return row && { run: summaryOf(row), problems: describeProblems(row.problems ?? {}) };
}
