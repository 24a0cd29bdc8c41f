/** The last import of a student's data: its date and its problems. */
import type { Student } from '../../contract/students/students.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { hasAllIssues, isCompleted, selectLastRun } from '../../database/import-runs.ts';
import { prepared } from '../../database/prepared-statement.ts';
import { findUnavailableFields } from '../../roster/unavailable-fields.ts';

/** Limits the list, since more problems usually have one cause. */
const maxProblems = 20;

/** The last import's date, problems of one student, and fields that it could not read. */
export type LastImport = Pick<Student, 'problems' | 'lastImport' | 'notAvailable'>;

type MissingPermissions = Parameters<typeof findUnavailableFields>[0];

type Problem = Student['problems'][number];

/**
 * Reads the problems of this student that Import issues lists, and the last completed import. A manual student has
 * neither.
 */
export async function readLastImport(
  database: DistrictDatabase,
  sisStudentId: number | null,
): Promise<LastImport> {
  const rows = await database.rows<{
    readonly problems: Problem[] | null;
    readonly importDate: string | null;
    readonly finishedAt: Temporal.Instant | null;
    readonly missing: MissingPermissions | null;
  }>(
    prepared(
      `select reading."importDate", reading."finishedAt", reading.missing, (
         select json_agg(json_build_object('importDate', p."importDate", 'kind', p.kind, 'message', p.message) order by p.id)
         from (
           select p.id, r.today as "importDate", p.kind, p.message
           from import_runs r
           join import_problems p on p.district_id = $1 and p.run_id = r.id
           where r.district_id = $1 and r.id = ${selectLastRun(hasAllIssues)}
             and p.skyward_student_id = $2
           order by p.id limit ${maxProblems}) p) as problems
       from (values (1)) one left join (
         select today as "importDate", coalesce(finished_at, started_at) as "finishedAt",
           report -> 'missingPermissions' as missing
         from import_runs
         where district_id = $1 and id = ${selectLastRun(isCompleted)}) reading on true`,
    ),
    sisStudentId,
  );
  const [found] = rows;
  const { importDate = null, finishedAt = null, problems, missing } = found ?? {};
  return {
    // A manual student has nothing from Skyward that could be missing.
    notAvailable: findUnavailableFields((sisStudentId === null ? null : missing) ?? []),
    problems: problems ?? [],
    lastImport:
      importDate === null || finishedAt === null
        ? null
        : { importDate, finishedAt: finishedAt.toString() },
  };
}
