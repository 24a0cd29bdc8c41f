/** What the last night says about one student's data: how old it is, and what was wrong with it. */
import type { Student } from '../contract/students.ts';
import type { DistrictDatabase } from '../database/district-scope.ts';

/** More than these are one and the same fault. */
const mostProblems = 20;

/** Problems of the last finished night that name this student; none of a student kept by hand. */
export async function readProblems(
  { client }: Pick<DistrictDatabase, 'client'>,
  districtId: number,
  skywardId: number | null,
): Promise<Student['problems']> {
  if (skywardId === null) return [];
  const { rows } = await client.query<Student['problems'][number]>(
    `select r.today as night, p.kind, p.message
     from (
       select id, district_id, today from import_runs
       where district_id = $1 and not is_dry_run and state <> 'running'
       order by started_at desc, id desc limit 1) r
     join import_problems p on p.district_id = r.district_id and p.run_id = r.id
     where p.district_id = $1 and p.skyward_student_id = $2
     order by p.id limit ${mostProblems}`,
    [districtId, skywardId],
  );
  return rows;
}

/** The last night that read Skyward to the end and took over what it read. */
export async function findLastReading(
  { client }: Pick<DistrictDatabase, 'client'>,
  districtId: number,
): Promise<Student['dataOf']> {
  const { rows } = await client.query<{ night: string; finishedAt: Temporal.Instant }>(
    `select today as night, coalesce(finished_at, started_at) as "finishedAt" from import_runs
     where district_id = $1 and not is_dry_run and state in ('published', 'unchanged')
     order by started_at desc, id desc limit 1`,
    [districtId],
  );
  const [last] = rows;
  return last === undefined ? null : { night: last.night, finishedAt: last.finishedAt.toString() };
}
