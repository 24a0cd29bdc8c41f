/** Compares the assembled records with the published ones. The result is the plan of the import, as data. */
import type pg from 'pg';
import {
  enrollmentColumns,
  guardianColumns,
  placementColumns,
  studentColumns,
} from '../../roster/fields/columns.ts';

/** Columns of `students` that an import may write, besides run ids and times. */
export const publishedStudentColumns: readonly string[] = [
  'skyward_id',
  ...studentColumns,
  ...placementColumns,
  'status',
  'status_rule',
  'status_decided_by',
  'status_left_out',
  'status_changes_on',
  'status_decided_on',
  'status_decided_under',
  'status_same_through',
  'status_on_hold',
  'status_on_hold_since',
  'source_fingerprint',
];

/** Columns whose changes are recorded in history; the others follow from them. */
const historyStudentColumns: readonly string[] = [
  'skyward_id',
  ...studentColumns,
  ...placementColumns,
  'status',
  'status_rule',
  'status_decided_by',
];

/** The tables below `students`, with the columns that an import writes. */
export const studentParts = [
  { table: 'guardians', record: 'guardian', columns: guardianColumns },
  { table: 'enrollments', record: 'enrollment', columns: enrollmentColumns },
] as const;

/** Returns `(a.x, a.y) is distinct from (b.x, b.y)`. */
export const differ = (a: string, b: string, columns: readonly string[]): string =>
  `(${columns.map((column) => `${a}.${column}`).join(', ')}) is distinct from (${columns.map((column) => `${b}.${column}`).join(', ')})`;

export async function createComparisonTable(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table planned_changes (
      student_id bigint, record text, record_id bigint, field text, old_value jsonb, new_value jsonb)`);
}

/**
 * Returns a lateral join with one row for each of the columns that differs between the row versions `old` and `new`,
 * with both values. Only differing values are converted to JSON: converting whole rows took most of the time when all
 * students change.
 */
const differingFields = (columns: readonly string[]): string => {
  const ifDifferent = (value: (column: string) => string) =>
    columns.map(
      (column) =>
        `case when old.${column} is distinct from new.${column} then ${value(column)} end`,
    );
  return `cross join lateral unnest(
      array[${ifDifferent((column) => `'${column}'`).join(', ')}],
      array[${ifDifferent((column) => `to_jsonb(old.${column})`).join(', ')}],
      array[${ifDifferent((column) => `to_jsonb(new.${column})`).join(', ')}])
    as differing (field, before, after)
  where differing.field is not null and ${differ('old', 'new', columns)}`;
};

const changedFields = `
  insert into planned_changes
  select new.id, 'student', null, field, nullif(before, 'null'), nullif(after, 'null')
  from next_students new
  join students old on old.district_id = $1 and old.id = new.id
  ${differingFields(historyStudentColumns)} and not new.is_new`;

/** Only changed students have guardians and enrollments to compare; those of others were not assembled. */
const partChanges = (part: (typeof studentParts)[number]) => [
  `insert into planned_changes
   select new.student_id, '${part.record}', new.skyward_id, field,
     nullif(before, 'null'), nullif(after, 'null')
   from next_${part.table} new
   join ${part.table} old on old.district_id = $1 and old.student_id = new.student_id
     and old.skyward_id = new.skyward_id
   ${differingFields(part.columns)}`,
  `insert into planned_changes
   select coalesce(new.student_id, old.student_id), '${part.record}',
     coalesce(new.skyward_id, old.skyward_id), null,
     to_jsonb(old) - 'district_id' - 'student_id', to_jsonb(new) - 'district_id' - 'student_id'
   from (select o.* from ${part.table} o join changed_students c on c.student_id = o.student_id
     where o.district_id = $1 and not c.is_new) old
   full join (select n.* from next_${part.table} n join changed_students c using (student_id)
     where not c.is_new) new
     on new.student_id = old.student_id and new.skyward_id = old.skyward_id
   where old.student_id is null or new.student_id is null`,
];

/** Fills `planned_changes` with the old and new value of each field of a known student that differs. */
export async function compareWithPublished(
  client: pg.ClientBase,
  districtId: number,
): Promise<void> {
  await client.query(changedFields, [districtId]);
  for (const part of studentParts) {
    const [fields, addedAndRemoved] = partChanges(part);
    await client.query(fields ?? '', [districtId]);
    await client.query(addedAndRemoved ?? '', [districtId]);
  }
  await client.query('analyze planned_changes');
}

/** The plan of an import, in numbers. */
export interface ImportPlan {
  readonly received: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Published students missing from Skyward, and how many of them are newly missing. */
  readonly missing: number;
  readonly newlyMissing: number;
  readonly newlyMissingActive: number;
  readonly activeBefore: number;
  /**
   * Active students who become inactive because of received rows or a setting, not just because of the date:
   * that would happen without an import, too.
   */
  readonly turningInactive: number;
  readonly statusesBefore: Readonly<Record<string, number>>;
  readonly statusesAfter: Readonly<Record<string, number>>;
  readonly statusMoves: readonly {
    readonly from: string | null;
    readonly to: string;
    readonly count: number;
  }[];
  /** Uncounted enrollments, by reason. */
  readonly uncounted: Readonly<Record<string, number>>;
  readonly changesByField: Readonly<Record<string, number>>;
}

const toCounts = (rows: readonly { name: string; count: number }[]): Record<string, number> =>
  Object.fromEntries(rows.map((row) => [row.name, row.count]));

/** Returns the sums of both, sorted by name, without zeros. */
function addCounts(
  counts: Readonly<Record<string, number>>,
  others: Readonly<Record<string, number>>,
): Record<string, number> {
  const names = new Set([...Object.keys(counts), ...Object.keys(others)]);
  return Object.fromEntries(
    [...names]
      .toSorted()
      .map((name): [string, number] => [name, (counts[name] ?? 0) + (others[name] ?? 0)])
      .filter(([, count]) => count !== 0),
  );
}

/** Counts the plan. `uncountedBefore`: uncounted enrollments of the published students, by reason. */
export async function countPlan(
  client: pg.ClientBase,
  districtId: number,
  {
    received,
    uncountedBefore,
  }: {
    readonly received: number;
    readonly uncountedBefore: Readonly<Record<string, number>>;
  },
): Promise<ImportPlan> {
  const count = async (sql: string): Promise<Record<string, number>> => {
    const { rows } = await client.query<{ name: string; count: number }>(sql, [districtId]);
    return toCounts(rows);
  };
  const statusesBefore = await count(
    'select status as name, count(*)::integer as count from students where district_id = $1 group by 1 order by 1',
  );
  const { rows: moves } = await client.query<{ from: string | null; to: string; count: number }>(
    `select s.status as from, n.status as to, count(*)::integer as count
     from next_students n left join students s on s.district_id = $1 and s.id = n.id
     where s.status is distinct from n.status
     group by 1, 2 order by 1 nulls first, 2`,
    [districtId],
  );
  const numbers = await count(`
    select 'changed' as name, count(distinct student_id)::integer as count from planned_changes
    where $1::bigint is not null
    union all
    select 'turningInactive', count(*)::integer
    from next_students n join decisions d on d.student_id = n.id
    join students s on s.district_id = $1 and s.id = n.id
    where s.status in ('ENROLLED', 'PRE_ENROLLED') and n.status = 'INACTIVE'
      and (d.is_changed or s.status_decided_under is distinct from n.status_decided_under)
    union all
    select name, count(*)::integer
    from missing_students m
    join students s on s.district_id = $1 and s.id = m.student_id,
      lateral (values ('missing', true), ('newlyMissing', m.is_newly_missing),
        ('newlyMissingActive', m.is_newly_missing
          and s.status in ('ENROLLED', 'PRE_ENROLLED')
          and not exists (select from next_students n where n.id = s.id and n.status = 'INACTIVE')))
        as kind (name, holds)
    where holds
    group by 1`);
  const uncountedChanges = await count(`
    select left_out ->> 'reason' as name, sum(number)::integer as count
    from (
      select n.status_left_out, 1 from next_students n
      union all
      select s.status_left_out, -1
      from next_students n join students s on s.district_id = $1 and s.id = n.id
    ) students (lists, number), lateral jsonb_array_elements(lists) as left_out
    group by 1`);
  const changesByField = await count(`
    select case record when 'student' then field else concat_ws('.', record, field) end as name,
      count(*)::integer as count
    from planned_changes where $1::bigint is not null group by 1 order by 1`);
  const statusesAfter = { ...statusesBefore };
  for (const move of moves) {
    if (move.from !== null) statusesAfter[move.from] = (statusesAfter[move.from] ?? 0) - move.count;
    statusesAfter[move.to] = (statusesAfter[move.to] ?? 0) + move.count;
  }
  const sum = (isWanted: (move: (typeof moves)[number]) => boolean) =>
    moves.filter(isWanted).reduce((total, move) => total + move.count, 0);
  const added = sum((move) => move.from === null);
  const changed = numbers['changed'] ?? 0;
  return {
    received,
    added,
    changed,
    unchanged: Object.values(statusesBefore).reduce((total, one) => total + one, 0) - changed,
    missing: numbers['missing'] ?? 0,
    newlyMissing: numbers['newlyMissing'] ?? 0,
    newlyMissingActive: numbers['newlyMissingActive'] ?? 0,
    activeBefore: (statusesBefore['ENROLLED'] ?? 0) + (statusesBefore['PRE_ENROLLED'] ?? 0),
    turningInactive: numbers['turningInactive'] ?? 0,
    statusesBefore,
    statusesAfter,
    statusMoves: moves,
    uncounted: addCounts(uncountedBefore, uncountedChanges),
    changesByField,
  };
}
