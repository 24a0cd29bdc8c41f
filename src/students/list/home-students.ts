/** The students of the home page: changed, new, returning and leaving ones, and those that a user viewed last. */
import { homeRows, type HomeStudent, type StaffHome } from '../../contract/home.ts';
import type { Status } from '../../contract/values.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { prepared } from '../../database/prepared-statement.ts';
import {
  fullFieldLabel,
  type ImportedRecord,
  wholeRecordLabel,
} from '../../roster/fields/labels.ts';
import { selectDisplayName } from '../../database/display-name.ts';

interface StudentColumns extends Omit<HomeStudent, 'id'> {
  readonly studentId: number;
}

const studentColumns = `s.id as "studentId", ${selectDisplayName('s')} as name, s.grade, s.school_name as "schoolName"`;

const toStudent = ({ studentId, name, grade, schoolName }: StudentColumns): HomeStudent => ({
  id: studentId,
  name,
  grade,
  schoolName,
});

const maxAbsenceDays = 14;
const firstVisitDays = 7;

/** Returns the date of the user's last visit before today, at most two weeks ago; without one, a week ago. */
export async function findLastVisit(
  database: DistrictDatabase,
  accountId: string,
  { today, timeZone }: { readonly today: Temporal.PlainDate; readonly timeZone: string },
): Promise<Temporal.PlainDate> {
  const midnight = today.toZonedDateTime(timeZone).toInstant().toString();
  const row = await database.one<{ at: Temporal.Instant }>(
    prepared(
      `select happened_at as at from audit_events
       where district_id = $1 and account_id = $2 and happened_at < $3
       order by happened_at desc limit 1`,
    ),
    accountId,
    midnight,
  );
  if (row === undefined) return today.subtract({ days: firstVisitDays });
  const visit = row.at.toZonedDateTimeISO(timeZone).toPlainDate();
  const earliest = today.subtract({ days: maxAbsenceDays });
  return Temporal.PlainDate.compare(visit, earliest) < 0 ? earliest : visit;
}

/**
 * Lists students whom imports after this date changed, latest first, with the labels of what changed; only those of
 * `among`, if it is given.
 */
export async function listChangedStudents(
  database: DistrictDatabase,
  since: Temporal.PlainDate,
  among: readonly number[] | null,
): Promise<StaffHome['changedStudents']> {
  const rows = await database.rows<
    StudentColumns & {
      readonly total: number;
      readonly importDate: string;
      readonly fields: readonly {
        readonly record: ImportedRecord;
        readonly field: string | null;
        readonly isAdded: boolean;
      }[];
    }
  >(
    prepared(
      `with changed as (
         select c.student_id, max(r.today) as import_date,
           jsonb_agg(distinct jsonb_build_object('record', c.record, 'field', c.field,
             'isAdded', c.field is null and c.old_value is null)) as fields
         from import_runs r join student_changes c on c.district_id = $1 and c.run_id = r.id
         where r.district_id = $1 and r.today > $2::date and not r.is_dry_run and r.state in ('published', 'recalculated')
           and ($3::bigint[] is null or c.student_id = any ($3))
         group by c.student_id)
       select ${studentColumns}, c.import_date as "importDate", c.fields, (count(*) over ())::integer as total
       from changed c join students s on s.district_id = $1 and s.id = c.student_id
       order by c.import_date desc, s.name_key, s.id limit ${homeRows}`,
    ),
    since.toString(),
    among,
  );
  return {
    rows: rows.map((row) => ({
      student: toStudent(row),
      importDate: row.importDate,
      labels: row.fields.map(({ record, field, isAdded }) =>
        field === null ? wholeRecordLabel(record, isAdded) : fullFieldLabel(record, field),
      ),
    })),
    total: rows[0]?.total ?? 0,
  };
}

const movesDays = 14;

/** Lists students of the last two weeks who are new, enrolled again, or no longer enrolled; latest first. */
export async function listEnrollmentMoves(
  database: DistrictDatabase,
  today: Temporal.PlainDate,
): Promise<StaffHome['moves']> {
  const rows = await database.rows<
    StudentColumns & {
      readonly total: number;
      readonly move: StaffHome['moves']['rows'][number]['move'];
      readonly status: Status;
      readonly importDate: string;
    }
  >(
    prepared(
      `with runs as (
         select id, today from import_runs
         where district_id = $1 and today > $2::date and not is_dry_run and state in ('published', 'recalculated')
       ), initial as (
         select min(id) as id from import_runs
         where district_id = $1 and not is_dry_run and state = 'published'
       ), before as (
         select distinct on (c.student_id) c.student_id, c.old_value #>> '{}' as status
         from runs r join student_changes c on c.district_id = $1 and c.run_id = r.id
         where c.record = 'student' and c.field = 'status'
         order by c.student_id, c.run_id
       ), latest as (
         select c.student_id, max(r.today) as import_date
         from runs r join student_changes c on c.district_id = $1 and c.run_id = r.id
         where c.record = 'student' and c.field = 'status' group by 1
       ), moved as (
         select s.*, case when b.status in ('ENROLLED', 'PRE_ENROLLED') then 'leaving' else 'returning' end as move,
           l.import_date
         from before b join latest l using (student_id)
         join students s on s.district_id = $1 and s.id = b.student_id
         where (b.status in ('ENROLLED', 'PRE_ENROLLED')) <> (s.status in ('ENROLLED', 'PRE_ENROLLED'))
           and not exists (select from runs where id = s.first_run_id)
         union all
         select s.*, 'new', r.today from runs r
         join students s on s.district_id = $1 and s.first_run_id = r.id
         where r.id > (select id from initial) and s.status in ('ENROLLED', 'PRE_ENROLLED'))
       select ${studentColumns}, s.move, s.status, s.import_date as "importDate", (count(*) over ())::integer as total
       from moved s order by s.import_date desc, s.name_key, s.id limit ${homeRows}`,
    ),
    today.subtract({ days: movesDays }).toString(),
  );
  return {
    rows: rows.map((row) => ({
      student: toStudent(row),
      move: row.move,
      status: row.status,
      importDate: row.importDate,
    })),
    total: rows[0]?.total ?? 0,
  };
}

/** Views that are searched for the last different students. */
const viewsSearched = 300;

/** Lists the students that the user viewed last. */
export async function listRecentStudents(
  database: DistrictDatabase,
  accountId: string,
): Promise<HomeStudent[]> {
  const rows = await database.rows<StudentColumns>(
    prepared(
      `select ${studentColumns} from (
         select e.student_id, max(e.happened_at) as at, max(e.id) as id from (
           select id, student_id, happened_at from audit_events
           where district_id = $1 and account_id = $2 and action = 'student-viewed'
           order by happened_at desc, id desc limit ${viewsSearched}) e
         group by e.student_id) v
       join students s on s.district_id = $1 and s.id = v.student_id
       order by v.at desc, v.id desc limit ${homeRows}`,
    ),
    accountId,
  );
  return rows.map(toStudent);
}
