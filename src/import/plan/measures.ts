/**
 * Counts what the safety limits compare: students whose status, school, values, guardians or enrollments would change,
 * by school. Only changes caused by received rows or a setting; the date alone changes statuses without an import, too.
 */
import type pg from 'pg';
import type { LimitKey } from '../../contract/safety-limits.ts';
import type { Field } from '../../roster/fields/catalog.ts';
import { enrollmentFields } from '../../roster/fields/enrollment.ts';
import { guardianFields } from '../../roster/fields/guardian.ts';
import { decidedFields, studentFields } from '../../roster/fields/student.ts';
import type { StagedPlace } from '../../roster/qmlativ-sources.ts';
import type { ImportPlan } from './comparison.ts';
import type { Measurement, StatusMove } from './hold-reason.ts';
import { isSeasonalGraduation, yearEndOf } from './seasonal-graduation.ts';
import { valueSources } from './value-sources.ts';

/** One count of a query. */
interface CountRow {
  readonly limit: LimitKey;
  readonly school: number | null;
  readonly isActive: boolean;
  readonly field: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly count: number;
}

const isActive = (status: string) => `${status} in ('ENROLLED', 'PRE_ENROLLED')`;

/** Codes of graduates are sometimes entered over the summer. */
const lateGraduationDays = 120;
/** Students are received some days before or after their enrollment starts. */
const arrivalDays = 45;

/**
 * Known students with another status or school not caused by the date alone: their enrollments or the settings
 * changed. `e`: the enrollment that will decide; `o`: the one that decided.
 */
const statusAndSchool = `
  with moves as (
    select s.entity_id as school, s.status as old_status, n.status as new_status,
      s.entity_id <> n.entity_id and o.school_year = coalesce(e.school_year, p.school_year) as is_moved,
      coalesce(e.grade, p.grade, s.grade) as grade,
      coalesce(e.end_date, e.withdrawal_date, p.end_date, p.withdrawal_date) as last_day,
      ${yearEndOf(
        'coalesce(e.calendar_end_date, p.calendar_end_date)',
        'coalesce(e.school_year, p.school_year)',
      )} as year_end,
      coalesce(e.start_date, p.start_date) as start_date
    from next_students n
    join decisions d on d.student_id = n.id
    join students s on s.district_id = $1 and s.id = n.id
    left join next_enrollments e on e.student_id = n.id and e.skyward_id = n.status_decided_by
    left join enrollments p on p.district_id = $1 and p.student_id = n.id
      and p.skyward_id = n.status_decided_by
    left join enrollments o on o.district_id = $1 and o.student_id = n.id
      and o.skyward_id = s.status_decided_by
    where not n.is_new and (n.status <> s.status or n.entity_id <> s.entity_id)
      and (s.status_decided_under is distinct from n.status_decided_under
        or exists (select from planned_changes c
          where c.student_id = n.id and c.record = 'enrollment'))
  ), limited as (
    select 'moved' as "limit", school, old_status, new_status from moves where is_moved
    union all
    select case
        when new_status = 'INACTIVE' and ${isActive('old_status')} then 'inactive'
        when new_status = 'GRADUATED' then 'graduated'
        when ${isActive('new_status')} and not ${isActive('old_status')} then 'returned'
        else 'status' end,
      school, old_status, new_status
    from moves
    where new_status <> old_status
      and not (old_status = 'PRE_ENROLLED' and new_status = 'ENROLLED')
      and not (last_day > $2::date - ${lateGraduationDays} and ${isSeasonalGraduation({
        status: 'new_status',
        lastDay: 'last_day',
        yearEnd: 'year_end',
        grade: 'grade',
      })})
      and not (${isActive('new_status')} and not ${isActive('old_status')}
        and start_date >= $2::date - ${arrivalDays})
  )
  select "limit", school, "limit" = 'returned' or ${isActive('old_status')} as "isActive",
    null as field, old_status as "from", new_status as "to", count(*)::integer as count
  from limited group by 1, 2, 3, 5, 6`;

const missing = `
  select case when ${isActive('s.status')} then 'inactive' else 'missing' end as "limit",
    s.entity_id as school, ${isActive('s.status')} as "isActive", null as field,
    null as "from", null as "to", count(*)::integer as count
  from missing_students m
  join students s on s.district_id = $1 and s.id = m.student_id
  where m.is_newly_missing
    and not exists (select from next_students n where n.id = s.id and n.status = 'INACTIVE')
  group by 1, 2, 3`;

const added = `
  select case when n.status = 'PRE_ENROLLED'
      or extract(month from e.start_date) between 7 and 9
        and e.start_date >= $2::date - ${arrivalDays}
      then 'added-in-season' else 'added' end as "limit",
    n.entity_id as school, true as "isActive", null as field, null as "from", null as "to",
    count(*)::integer as count
  from next_students n
  left join next_enrollments e on e.student_id = n.id and e.skyward_id = n.status_decided_by
  where n.is_new and $1::bigint is not null
  group by 1, 2`;

/** A text that was written in one encoding and read in another, or has a replacement character. */
const damagedText = `'\\ufffd|\\u00c3[\\u0080-\\u00bf\\u2018-\\u203a\\u0152-\\u0192\\u02c6\\u02dc]|\\u00e2\\u20ac'`;

/** Values that follow from the enrollment that decides, which is counted itself, and those that a date changes. */
const uncounted: readonly string[] = [
  ...[
    ...Object.values<Field>(studentFields).filter((field) => field.isPlacement),
    ...Object.values<{ column: string }>(decidedFields),
  ].map(({ column }) => column),
  `guardian.${guardianFields.position.column}`,
  `enrollment.${enrollmentFields.enrolledAtLeastOneDay.column}`,
];

/** The values that identify a student, to people and to other systems. */
const identity: readonly string[] = [
  studentFields.firstName,
  studentFields.middleName,
  studentFields.lastName,
  studentFields.suffix,
  studentFields.legalFirstName,
  studentFields.legalMiddleName,
  studentFields.legalLastName,
  studentFields.legalSuffix,
  studentFields.birthDate,
  studentFields.gender,
  studentFields.race,
  studentFields.ethnicity,
  studentFields.studentNumber,
  studentFields.stateId,
].map(({ column }) => column);

/** Values that change for a whole class when one teacher does. */
const classes: readonly string[] = [
  enrollmentFields.homeroom,
  enrollmentFields.homeroomTeacher,
  enrollmentFields.advisor,
].map(({ column }) => `enrollment.${column}`);

/** Students with values, guardians or enrollments that change, by field. A value that is added is not counted. */
const values = `
  with counted as (
    select s.entity_id as school, ${isActive('s.status')} as is_active, p.student_id,
      case p.record when 'student' then p.field else concat_ws('.', p.record, p.field) end as field,
      p.field is null as is_row, nullif(p.old_value, '[]') as old, nullif(p.new_value, '[]') as new
    from planned_changes p join students s on s.district_id = $1 and s.id = p.student_id
  ), limited as (
    select case
        when field = any($4) then 'classes'
        when not is_row and new is null then 'emptied'
        when not is_row then case when field = any($3) then 'identity' else 'changed' end
        when field = 'guardian' then 'guardians' else 'enrollments' end as "limit",
      school, is_active, case when is_row then null else field end as field, student_id
    from counted
    where field <> all($2) and (old is not null or field = 'guardian')
      and not (field = 'enrollment' and new is not null)
    union all
    select 'damaged', school, is_active, null, student_id from counted
    where new::text ~ ${damagedText} and not coalesce(old::text ~ ${damagedText}, false)
  )
  select "limit", school, is_active as "isActive", field, null as "from", null as "to",
    count(distinct student_id)::integer as count
  from limited group by 1, 2, 3, 4`;

/**
 * Returns what the limits count, with counts above zero: for the district, and for each school. An initial import and
 * one without changes have nothing to compare.
 */
export async function measureChanges(
  client: pg.ClientBase,
  districtId: number,
  plan: Pick<ImportPlan, 'added' | 'changed' | 'newlyMissing'>,
  {
    today,
    isInitial,
    accepted,
  }: {
    readonly today: string;
    readonly isInitial: boolean;
    /** Places whose empty values a user has accepted: what becomes of them is not counted. */
    readonly accepted: ReadonlySet<StagedPlace>;
  },
): Promise<readonly Measurement[]> {
  if (isInitial || plan.added + plan.changed + plan.newlyMissing === 0) return [];
  const rows: CountRow[] = [];
  const count = async (sql: string, parameters: readonly unknown[]) => {
    const result = await client.query<CountRow>(sql, [districtId, ...parameters]);
    rows.push(...result.rows);
  };
  if (plan.changed > 0) {
    await count(statusAndSchool, [today]);
    await count(values, [[...uncounted, ...fieldsFrom(accepted)], identity, classes]);
  }
  if (plan.newlyMissing > 0) await count(missing, []);
  if (plan.added > 0) await count(added, [today]);
  const totals = addTotals(rows);
  const bases = await countStudents(client, districtId);
  const holders = await countHolders(client, districtId, totals);
  return totals.map(({ isActive: active, ...measured }) => {
    const population = active ? 'active' : 'former';
    const students = bases.get(baseKey(measured.school, active)) ?? 0;
    const base = holders.get(baseKey(measured.school, active, measured.field)) ?? students;
    return { ...measured, population, base } as const;
  });
}

/** Returns the fields, as in a report, whose values come from these places. */
function fieldsFrom(places: ReadonlySet<StagedPlace>): readonly string[] {
  if (places.size === 0) return [];
  return records.flatMap((record) => {
    const sources = valueSources[`${record}s`];
    const comesFrom = (column: string): boolean => {
      const { needs = [], parts = [], fallback } = sources.get(column) ?? {};
      return (
        needs.some((place) => places.has(place)) ||
        parts.some(([place]) => places.has(place)) ||
        (fallback !== undefined && comesFrom(fallback))
      );
    };
    return [...sources.keys()].filter(comesFrom).map((column) => reportField(record, column));
  });
}

const records = ['student', 'guardian', 'enrollment'] as const;

const reportField = (record: (typeof records)[number], column: string): string =>
  record === 'student' ? column : `${record}.${column}`;

type Total = Omit<Measurement, 'population' | 'base'> & { readonly isActive: boolean };

/** Adds the rows of each school, and those of the district. */
function addTotals(rows: readonly CountRow[]): readonly Total[] {
  const totals = new Map<string, Total>();
  for (const row of rows) {
    for (const school of row.school === null ? [null] : [null, row.school]) {
      const key = JSON.stringify([row.limit, row.field, school, row.isActive]);
      const { limit, field, isActive: active } = row;
      const before = totals.get(key) ?? {
        limit,
        field,
        school,
        isActive: active,
        moves: [],
        count: 0,
      };
      totals.set(key, {
        ...before,
        count: before.count + row.count,
        moves: addMove(before.moves, row),
      });
    }
  }
  return [...totals.values()];
}

function addMove(
  moves: readonly StatusMove[],
  { from, to, count }: CountRow,
): readonly StatusMove[] {
  if (from === null || to === null) return moves;
  const same = moves.find((move) => move.from === from && move.to === to);
  const others = moves.filter((move) => move !== same);
  return [...others, { from, to, count: (same?.count ?? 0) + count }].toSorted(
    (a, b) => b.count - a.count,
  );
}

const baseKey = (school: number | null, active: boolean, field: string | null = null) =>
  JSON.stringify([school, active, field]);

const addTo = (counts: Map<string, number>, key: string, count: number) =>
  counts.set(key, (counts.get(key) ?? 0) + count);

/** Counts the published students of the district and of each school. */
async function countStudents(
  client: pg.ClientBase,
  districtId: number,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ school: number | null; isActive: boolean; count: number }>(
    `select entity_id as school, ${isActive('status')} as "isActive", count(*)::integer as count
     from students where district_id = $1 group by 1, 2`,
    [districtId],
  );
  const counts = new Map<string, number>();
  for (const { school, isActive: active, count } of rows) {
    addTo(counts, baseKey(null, active), count);
    if (school !== null) addTo(counts, baseKey(school, active), count);
  }
  return counts;
}

/** Below this no field can exceed a limit, so nobody needs to be counted who has it. */
const smallestFieldCount = 5;

const fieldsOf = { student: studentFields, guardian: guardianFields, enrollment: enrollmentFields };

/** Counts the published students who have a value in fields that changed for several students. */
async function countHolders(
  client: pg.ClientBase,
  districtId: number,
  totals: readonly Total[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = new Set(
    totals.flatMap(({ field, school, count }) =>
      field !== null && school === null && count >= smallestFieldCount ? [field] : [],
    ),
  );
  const counts = new Map<string, number>();
  for (const record of records) {
    const columns = Object.values<Field>(fieldsOf[record]).filter(({ column }) =>
      wanted.has(reportField(record, column)),
    );
    if (columns.length === 0) continue;
    const from =
      record === 'student'
        ? 'students s where s.district_id = $1'
        : `${record}s r join students s on s.district_id = $1 and s.id = r.student_id where r.district_id = $1`;
    const alias = record === 'student' ? 's' : 'r';
    const holds = ({ column, type }: Field) =>
      `${alias}.${column} is not null${['addresses', 'phones', 'emails', 'names'].includes(type) ? ` and ${alias}.${column} <> '[]'` : ''}`;
    const { rows } = await client.query<Record<string, number | boolean | null>>(
      `select s.entity_id as school, ${isActive('s.status')} as active, ${columns
        .map(
          (field) =>
            `count(${record === 'student' ? '*' : 'distinct s.id'}) filter (where ${holds(field)})::integer as "${field.column}"`,
        )
        .join(', ')} from ${from} group by 1, 2`,
      [districtId],
    );
    for (const row of rows) {
      for (const { column } of columns) {
        const field = reportField(record, column);
        const active = row['active'] === true;
        const count = Number(row[column]);
        addTo(counts, baseKey(null, active, field), count);
        if (row['school'] !== null)
          addTo(counts, baseKey(Number(row['school']), active, field), count);
      }
    }
  }
  return counts;
}

/** Adds the names of the schools. */
export async function addSchoolNames<Measured extends Pick<Measurement, 'school'>>(
  client: pg.ClientBase,
  districtId: number,
  measurements: readonly Measured[],
): Promise<(Measured & { readonly schoolName: string | null })[]> {
  const schools = [...new Set(measurements.flatMap(({ school }) => school ?? []))];
  if (schools.length === 0) return measurements.map((one) => ({ ...one, schoolName: null }));
  const { rows } = await client.query<{ id: number; name: string | null }>(
    `select distinct on (entity_id) entity_id as id, coalesce(school_name, entity_name) as name
     from (select entity_id, school_name, entity_name, 1 as rank from students
         where district_id = $1 and entity_id = any($2)
       union all
       select entity_id, school_name, entity_name, 2 from next_students where entity_id = any($2)) s
     order by entity_id, rank, school_name is null`,
    [districtId, schools],
  );
  const names = new Map(rows.map(({ id, name }) => [id, name ?? `School ${id}`]));
  return measurements.map((one) => ({
    ...one,
    schoolName: one.school === null ? null : (names.get(one.school) ?? `School ${one.school}`),
  }));
}
