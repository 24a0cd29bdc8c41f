/** Published data as text, for comparing imports, and changing all students. */
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Database } from '../../src/database/database.ts';

/**
 * Returns a hash of everything that a district has published, independent of the district, the run and
 * the source rows.
 */
export async function publishedData(
  pool: Database['pool'],
  districtId: number,
  { withHistory = true } = {},
): Promise<string> {
  const { rows } = await pool.query<{ sum: string }>(
    `with shown as (
       select id, skyward_id, to_jsonb(s) - array['district_id', 'id', 'first_run_id',
         'changed_run_id', 'source_fingerprint', 'created_at', 'updated_at'] as values
       from students s where district_id = $1
     )
     select md5(string_agg(concat_ws(' ', kind, skyward_id, values), '|'
       order by kind, skyward_id, values::text)) as sum
     from (
       select 'student' as kind, skyward_id, values from shown
       union all
       select 'guardian', s.skyward_id, to_jsonb(g) - array['district_id', 'student_id']
       from guardians g join shown s on s.id = g.student_id where g.district_id = $1
       union all
       select 'enrollment', s.skyward_id, to_jsonb(e) - array['district_id', 'student_id']
       from enrollments e join shown s on s.id = e.student_id where e.district_id = $1
       union all
       select 'change', s.skyward_id, to_jsonb(c) - array['district_id', 'student_id', 'run_id', 'id']
       from student_changes c join shown s on s.id = c.student_id where c.district_id = $1 and $2
     ) as rows`,
    [districtId, withHistory],
  );
  return rows[0]?.sum ?? '';
}

/** Changes every student, in every published table. */
export function changeAllStudents(sandbox: Sandbox, round: number): void {
  const names = sandbox.rows('Demographics/Name');
  for (const id of names.ids()) names.update(id, { MiddleName: `Round${round}` });
  const enrollments = sandbox.rows('Enrollment/EntryWithdrawal');
  for (const id of enrollments.ids()) {
    const [one, other] = ['2026-08-12T00:00:00', '2026-08-13T00:00:00'];
    const start = enrollments.get(id, 'StartDate');
    if (start === one || start === other)
      enrollments.update(id, { StartDate: round % 2 ? one : other });
  }
  const links = sandbox.rows('Family/StudentGuardian');
  const [first] = links.ids();
  if (first !== undefined) links.remove(first);
}
