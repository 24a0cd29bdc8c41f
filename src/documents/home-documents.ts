/** The open documents of the home page: overdue, due this week, and those whose student's information has changed. */
import { homeRows, type HomeDocument, type StaffHome } from '../contract/home.ts';
import type { DistrictDatabase } from '../database/district-and-school-scope.ts';
import { prepared } from '../database/prepared-statement.ts';
import { selectDisplayName } from '../database/display-name.ts';
import { hasNewer, isOpen } from './document-list.ts';

type Kind = 'overdue' | 'dueThisWeek' | 'infoChanged';

interface Row extends Omit<HomeDocument, 'student'> {
  readonly kind: Kind;
  readonly total: number;
  readonly studentId: number;
  readonly name: HomeDocument['student']['name'];
  readonly grade: string | null;
  readonly schoolName: string | null;
}

const part = (kind: Kind, condition: string, order: string) =>
  `(select '${kind}' as kind, (count(*) over ())::integer as total, o.* from open o
    where ${condition} order by ${order}, o.id limit ${homeRows})`;

/** Reads the first documents of each kind with their number: those of one owner, or all visible ones. */
export async function readHomeDocuments(
  database: DistrictDatabase,
  ownerId: string | null,
  today: Temporal.PlainDate,
): Promise<Pick<StaffHome, Kind>> {
  const rows = await database.rows<Row>(
    prepared(
      `with open as (
         select d.id, d.title, d.due_on as "dueOn", ${hasNewer} as "hasNewer", s.updated_at as "updatedAt",
           s.id as "studentId", ${selectDisplayName('s')} as name, s.grade, s.school_name as "schoolName"
         from documents d join students s on s.district_id = d.district_id and s.id = d.student_id
         where d.district_id = $1 and ${isOpen} and ($2::uuid is null or d.created_by = $2))
       ${part('overdue', `o."dueOn" < $3::date`, `o."dueOn"`)}
       union all ${part('dueThisWeek', `o."dueOn" >= $3::date and o."dueOn" < $3::date + 7`, `o."dueOn"`)}
       union all ${part('infoChanged', `o."hasNewer"`, `o."updatedAt" desc`)}`,
    ),
    ownerId,
    today.toString(),
  );
  const listOf = (kind: Kind) => {
    const found = rows.filter((row) => row.kind === kind);
    return { rows: found.map(toHomeDocument), total: found[0]?.total ?? 0 };
  };
  return {
    overdue: listOf('overdue'),
    dueThisWeek: listOf('dueThisWeek'),
    infoChanged: listOf('infoChanged'),
  };
}

const toHomeDocument = ({ id, title, dueOn, studentId, name, grade, schoolName }: Row) => ({
  id,
  title,
  dueOn,
  student: { id: studentId, name, grade, schoolName },
});
