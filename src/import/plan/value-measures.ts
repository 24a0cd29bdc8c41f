/**
 * Counts students with values, guardians or enrollments that change, by field, for the safety limits. A value, mark or
 * detail that is removed is compared with the students who had it, since few may have it.
 */
import type pg from 'pg';
import type { Field } from '../../roster/fields/catalog.ts';
import { enrollmentFields } from '../../roster/fields/enrollment.ts';
import { guardianFields } from '../../roster/fields/guardian.ts';
import { schoolFields } from '../../roster/fields/school.ts';
import { decidedFields, studentFields } from '../../roster/fields/student.ts';
import type { StagedPlace } from '../../roster/qmlativ-sources.ts';
import type { CountRow } from './hold-reason.ts';
import { isActive } from './status-measures.ts';
import { valueSources } from './value-sources.ts';

const records = ['student', 'guardian', 'enrollment'] as const;
type ReportRecord = (typeof records)[number];

const fieldsOf: Readonly<Record<ReportRecord, Readonly<Record<string, Field>>>> = {
  student: studentFields,
  guardian: guardianFields,
  enrollment: enrollmentFields,
};

const reportField = (record: ReportRecord, column: string): string =>
  record === 'student' ? column : `${record}.${column}`;

/** Something that few students may have within a field: a mark that is set, a part of an entry, an own legal name. */
interface Detail {
  /** The field, as in a report, and a third part: `student.phones.type`. */
  readonly name: string;
  readonly record: ReportRecord;
  readonly column: string;
  /** JSON path that exists in a value with the detail. */
  readonly path: string | null;
  /** The column of the same record that is shown instead of an own value. */
  readonly fallback: string | null;
}

const details: readonly Detail[] = records.flatMap((record) =>
  Object.values(fieldsOf[record]).flatMap(({ column, type, parts, fallback }): Detail[] => {
    const detail = (part: string, path: string | null, other: string | null = null) => ({
      name: `${record}.${column}.${part}`,
      record,
      column,
      path,
      fallback: other,
    });
    if (type === 'boolean') return [detail('true', '$ ? (@ == true)')];
    if (record === 'student' && fallback !== undefined) return [detail('own', null, fallback)];
    return Object.values(parts?.fields ?? {}).map((part) => detail(part.column, part.held));
  }),
);

/** Values that follow from the enrollment that decides, which is counted itself, and those that a date changes. */
const uncounted: readonly string[] = [
  ...[
    ...Object.values<Field>(studentFields).filter((field) => field.isPlacement),
    ...Object.values<{ column: string }>(decidedFields),
  ].map(({ column }) => column),
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

/** The school of an enrollment, which changes before it starts: schools open, and boundaries move. */
const schools: readonly string[] = [
  ...Object.values<{ column: string }>(schoolFields),
  enrollmentFields.calendarEndDate,
].map(({ column }) => column);

/** A teacher who leaves is missing from a whole class; its room stays. */
const homeroom = `enrollment.${enrollmentFields.homeroom.column}`;
const position = `guardian.${guardianFields.position.column}`;

/** A text that was written in one encoding and read in another, or has a replacement character. */
const damagedText = `'[[:alpha:]]\\?[[:alpha:]]|\\ufffd|\\u00c3[\\u0080-\\u00bf\\u2018-\\u203a\\u0152-\\u0192\\u02c6\\u02dc]|\\u00e2\\u20ac'`;

/** So many different values replaced by one are not a place or person under another name. */
const fewestReplaced = 3;

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** The phone numbers of a list; those without area codes stay when a telephone company splits an area. */
const numbers = (list: string) => `jsonb_path_query_array(${list}, '$[*].number')`;
const localNumbers = (list: string) => `array(
          select right(regexp_replace(entry ->> 'number', '[^0-9]', '', 'g'), 7)
          from jsonb_array_elements(${list}) entry)`;

/** Students who keep a field but lose a detail of it. */
const lostDetails = `
    select 'emptied', c.school, c.is_active, d.name, c.student_id
    from counted c
    join (values ${details
      .flatMap(({ record, column, name, path }) =>
        path === null
          ? []
          : [`(${[reportField(record, column), name, path].map(literal).join(', ')}::jsonpath)`],
      )
      .join(', ')}) d (field, name, path) on d.field = c.field
    where c.new is not null and jsonb_path_exists(c.old, d.path) and not jsonb_path_exists(c.new, d.path)
    union all
    select 'emptied', c.school, c.is_active, d.name, c.student_id
    from counted c
    join (values ${details
      .flatMap(({ column, name, fallback }) =>
        fallback === null ? [] : [`(${[column, name, fallback].map(literal).join(', ')})`],
      )
      .join(', ')}) d (field, name, fallback) on d.field = c.field
    join next_students n on n.id = c.student_id
    join students s on s.district_id = $1 and s.id = c.student_id
    where c.old #>> '{}' is distinct from to_jsonb(s) ->> d.fallback
      and c.new #>> '{}' is not distinct from to_jsonb(n) ->> d.fallback`;

const values = `
  with counted as (
    select s.entity_id as school, ${isActive('s.status')} as is_active, p.student_id,
      case p.record when 'student' then p.field else concat_ws('.', p.record, p.field) end as field,
      p.field is null as is_row, nullif(p.old_value, '[]') as old, nullif(p.new_value, '[]') as new,
      p.record = 'enrollment' and p.field = any($6) and exists (select from next_enrollments n
        where n.student_id = p.student_id and n.skyward_id = p.record_id
          and n.start_date > $5::date) as is_next_school
    from planned_changes p join students s on s.district_id = $1 and s.id = p.student_id
    where case p.record when 'student' then p.field else concat_ws('.', p.record, p.field) end <> all($2)
      and not (p.record = 'guardian' and coalesce(p.field, '') = '${guardianFields.position.column}'
        and exists (select from planned_changes g where g.student_id = p.student_id
          and g.record = 'guardian' and g.field is null))
  ), limited as (
    select case
        when is_next_school then 'classes'
        when field = any($4) and (new is not null or field <> '${homeroom}') then 'classes'
        when not is_row and new is null then 'emptied'
        when field ~ '(^|[.])phones$' and ${localNumbers('old')} = ${localNumbers('new')}
          and ${numbers('old')} <> ${numbers('new')} then 'classes'
        when not is_row then case when field = any($3) then 'identity'
          when field ~ '(^|[.])(addresses|phones|emails)$' then 'contacts' else 'changed' end
        when field = 'guardian' then 'guardians' else 'enrollments' end as "limit",
      school, is_active, case when is_row then null else field end as field, student_id
    from counted
    where (old is not null or field = 'guardian') and not (field = 'enrollment' and new is not null)
    union all${lostDetails}
    union all
    select 'damaged', school, is_active, null, student_id from counted
    where new::text ~ ${damagedText} and not coalesce(old::text ~ ${damagedText}, false)
  )
  select "limit", school, is_active as "isActive", field, null as "from", null as "to",
    count(distinct student_id)::integer as count
  from limited group by 1, 2, 3, 4
  union all
  select 'uniform', school, is_active, field, null, null, max(students)::integer
  from (
    select school, is_active, field, count(distinct student_id) as students
    from counted
    where not is_row and not coalesce(is_next_school, false) and old is not null and new is not null
      and field <> '${position}'
    group by school, is_active, field, new having count(distinct old) >= ${fewestReplaced}
  ) one group by 2, 3, 4`;

/** Counts by limit and field. */
export async function countFields(
  client: pg.ClientBase,
  districtId: number,
  { today, accepted }: { readonly today: string; readonly accepted: ReadonlySet<StagedPlace> },
): Promise<readonly CountRow[]> {
  const { rows } = await client.query<CountRow>(values, [
    districtId,
    [...uncounted, ...fieldsFrom(accepted)],
    identity,
    classes,
    today,
    schools,
  ]);
  return rows;
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

/** Students who have a field or detail, by school. */
export interface HolderCount {
  readonly school: number | null;
  readonly isActive: boolean;
  readonly field: string;
  readonly count: number;
}

const listTypes: readonly string[] = ['addresses', 'phones', 'emails', 'names'];

/** Counts the published students who have these fields or details. */
export async function countHolders(
  client: pg.ClientBase,
  districtId: number,
  wanted: ReadonlySet<string>,
): Promise<readonly HolderCount[]> {
  const counts: HolderCount[] = [];
  for (const record of records) {
    const conditions = [
      ...Object.values(fieldsOf[record]).map(({ column, type }) => ({
        name: reportField(record, column),
        holds: `r.${column} is not null${listTypes.includes(type) ? ` and r.${column} <> '[]'` : ''}`,
      })),
      ...details
        .filter((detail) => detail.record === record)
        .map(({ name, column, path, fallback }) => ({
          name,
          holds:
            path === null
              ? `r.${column} is distinct from r.${fallback}`
              : `jsonb_path_exists(to_jsonb(r.${column}), ${literal(path)})`,
        })),
    ].filter(({ name }) => wanted.has(name));
    if (conditions.length === 0) continue;
    const from =
      record === 'student'
        ? 'students s join students r on r.district_id = s.district_id and r.id = s.id'
        : `students s join ${record}s r on r.district_id = s.district_id and r.student_id = s.id`;
    const { rows } = await client.query<HolderCount>(
      `select school, "isActive", name as field, count::integer from (
         select s.entity_id as school, ${isActive('s.status')} as "isActive",
           array[${conditions.map(({ holds }) => `count(distinct s.id) filter (where ${holds})`).join(', ')}] as counts
         from ${from} where s.district_id = $1 group by 1, 2) schools,
         unnest($2::text[], counts) as held (name, count)`,
      [districtId, conditions.map(({ name }) => name)],
    );
    counts.push(...rows);
  }
  return counts;
}
