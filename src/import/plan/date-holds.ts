/** Puts status changes by the date alone on hold where they are many (docs/status-rules.md, Date changes). */
import type pg from 'pg';
import { commandLine } from '../../contract/accounts/audit-actions.ts';
import type { Queryable } from '../../database/queryable.ts';
import { isLeavingCode } from '../../enrollment/enrollment-span.ts';
import { formatDecisionSettings } from '../../enrollment/decision-settings.ts';
import {
  type DateChangeCount,
  type DateChangeFacts,
  type DateHoldScope,
  dateWindowDays,
  findDateHold,
  isHeldChange,
} from './date-limits.ts';
import type { Threshold } from '../../contract/safety-limits.ts';
import { isSeasonalGraduation, yearEndOf } from './seasonal-graduation.ts';
import {
  copyDecisions,
  decideStudentsOnHold,
  type DecisionScope,
  enrollmentValues,
} from './status-decisions.ts';

export interface DateHoldOptions extends DecisionScope {
  readonly limits: Threshold;
  /** A person's word, such as `daybreak import --allow-mass-change`: nothing is put on hold, and holds end. */
  readonly allowsDateChanges: boolean;
}

/** What came of the date changes, for `recordDateHold`. */
export interface DateHoldPlan {
  readonly today: Temporal.PlainDate;
  /** The hold whose decision this run carries out; null: there is none. */
  readonly decidedHoldId: number | null;
  /** Whether a person allowed the changes, which then do not count for later ones. */
  readonly isAllowed: boolean;
}

export async function createDateHoldTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table date_moves (
      student_id bigint, from_status text, to_status text, entity_id bigint, is_leaving boolean, is_limited boolean,
      is_year_turned boolean, is_held boolean);
    create temporary table published_decisions as select * from decisions with no data`);
}

/** SQL condition: only the date, or Skyward's current school year, is new for the decision of `s` under rules $2. */
const hasSameRules = `(s.status_on_hold is not null or s.status_decided_under::jsonb - 0 = $2::jsonb - 0)`;

const isStatusChanged = `d.status is distinct from s.status and s.status_rule is not null`;

/**
 * SQL: whether a change counts for the limits. These are as they should be: students who become Enrolled, since an
 * enrollment of theirs begins or counts from then on, and the highest grade, which graduates at the end of its school year.
 */
const isLimited = `not (d.status = 'ENROLLED' or ${isSeasonalGraduation({
  status: 'd.status',
  lastDay: 'coalesce(e.end_date, e.withdrawal_date)',
  yearEnd: yearEndOf('e.calendar_end_date', 'e.school_year'),
  grade: 'coalesce(e.grade, s.grade)',
})})`;

/** SQL: whether enrollment `e` ended with a withdrawal code that is none of `codes`, after which students stay. */
const isLeaving = (codes: string) =>
  `btrim(coalesce(e.withdrawal_code, '')) <> all (${codes}::text[])`;

const moveOf = `s.id, s.status, d.status, s.entity_id, ${isLeaving('$3')}, ${isLimited},
  s.status_on_hold is null and (s.status_decided_under::jsonb -> 0) is distinct from ($2::jsonb -> 0), false`;

const moves = `
  insert into date_moves
  select ${moveOf}
  from decisions d
  join students s on s.district_id = $1 and s.id = d.student_id
  left join enrollments e on e.district_id = $1 and e.student_id = s.id and e.skyward_id = d.decided_by
  where not d.is_changed and ${isStatusChanged} and ${hasSameRules}`;

const changedStudents = `
  from decisions d join students s on s.district_id = $1 and s.id = d.student_id
  where d.is_changed and ${isStatusChanged} and ${hasSameRules}`;

/** The same for changed students, from the rows that are published. */
const publishedEnrollments = `
  select s.id as student_id, true as is_changed, ${enrollmentValues}
  from (select s.id ${changedStudents}) s
  left join enrollments e on e.district_id = $1 and e.student_id = s.id`;

/** A changed student changes by the date if the rows before had the same outcome, by the same enrollment. */
const movesOfChanged = `
  insert into date_moves
  select ${moveOf}
  from published_decisions p
  join decisions d on d.student_id = p.student_id and d.status = p.status
    and d.decided_by is not distinct from p.decided_by
  join students s on s.district_id = $1 and s.id = d.student_id
  left join next_enrollments e on e.student_id = s.id and e.skyward_id = d.decided_by
  left join enrollments o on o.district_id = $1 and o.student_id = s.id and o.skyward_id = d.decided_by
  where (e.start_date, e.end_date, e.withdrawal_date, e.withdrawal_code)
    is not distinct from (o.start_date, o.end_date, o.withdrawal_date, o.withdrawal_code)`;

/** Students on hold about whom nothing is decided in this run. */
const undecided = `
  select s.status as "from", s.status_on_hold as "to", s.entity_id as "entityId",
    ${isLeaving('$2')} as "isLeaving", count(*)::integer as students
  from students s
  left join enrollments e on e.district_id = $1 and e.student_id = s.id and e.skyward_id = s.status_decided_by
  where s.district_id = $1 and s.status_on_hold is not null and s.status_rule is not null
    and not exists (select from decisions d where d.student_id = s.id)
  group by 1, 2, 3, 4`;

const decided = `
  select from_status as "from", to_status as "to", entity_id as "entityId", is_leaving as "isLeaving",
    count(*)::integer as students
  from date_moves where is_limited group by 1, 2, 3, 4`;

const recent = `
  select from_status as "from", to_status as "to", nullif(entity_id, 0) as "entityId", is_leaving as "isLeaving",
    sum(students)::integer as students
  from date_changes where district_id = $1 and changed_on > $2::date - $3::integer and changed_on <= $2
  group by 1, 2, 3, 4`;

const active = `
  select entity_id as "entityId", count(*)::integer as students from students
  where district_id = $1 and status in ('ENROLLED', 'PRE_ENROLLED') group by 1`;

const markHeld = `
  update date_moves set is_held = true where is_limited and is_leaving = $1 and ($2 or entity_id = any ($3))`;

/** Keeps the published decision of students on hold, with the date of the next change by the rules. */
const keepStatuses = `
  update decisions d set on_hold = d.status, on_hold_since = coalesce(s.status_on_hold_since, $2::date),
    status = s.status, rule = s.status_rule, decided_by = s.status_decided_by, left_out = s.status_left_out
  from date_moves m join students s on s.district_id = $1 and s.id = m.student_id
  where m.is_held and d.student_id = m.student_id`;

/**
 * Puts decisions on hold that change by the date alone, where they are more than the limits allow: the students keep
 * their published status. A change is by the date alone if the published rows lead to it under the same rules, also
 * when Skyward sent other rows of the student. Also decides again about students on hold for whom the limits do not
 * matter any more.
 */
export async function holdDateChanges(
  client: pg.ClientBase,
  districtId: number,
  scope: DateHoldOptions,
): Promise<DateHoldPlan> {
  const hold = await findOpenHold(client, districtId);
  const isAllowed = scope.allowsDateChanges || hold?.decision === 'applied';
  const plan = {
    today: scope.today,
    decidedHoldId: hold === undefined || hold.decision === null ? null : hold.id,
    isAllowed,
  };
  if (isAllowed) {
    if (hold !== undefined) await decideStudentsOnHold(client, districtId, scope);
    return plan;
  }
  await findDateMoves(client, districtId, scope);
  let kept = await countUndecided(client, districtId, scope, hold);
  let found = await findScope(client, districtId, scope, kept);
  if (!kept.every((change) => isHeldChange(found, change))) {
    await decideStudentsOnHold(client, districtId, scope);
    await client.query('truncate date_moves, published_decisions');
    await findDateMoves(client, districtId, scope);
    kept = await countUndecided(client, districtId, scope, hold);
    found = await findScope(client, districtId, scope, kept);
  }
  let held = 0;
  for (const isLeavingKind of [true, false]) {
    const { isWholeDistrict, entityIds } = isLeavingKind ? found.leaving : found.others;
    if (!isWholeDistrict && entityIds.size === 0) continue;
    const { rowCount } = await client.query(markHeld, [
      isLeavingKind,
      isWholeDistrict,
      [...entityIds],
    ]);
    held += rowCount ?? 0;
  }
  if (held > 0) await client.query(keepStatuses, [districtId, scope.today.toString()]);
  return plan;
}

/** Withdrawal codes that do not say that a student has left. */
const notLeaving = ({ rules }: DecisionScope): readonly string[] => [
  '',
  ...rules.stayingCodes.filter((code) => !isLeavingCode(code, rules)),
];

async function findDateMoves(
  client: pg.ClientBase,
  districtId: number,
  scope: DateHoldOptions,
): Promise<void> {
  const parameters = [districtId, formatDecisionSettings(scope)];
  const moveParameters = [...parameters, notLeaving(scope)];
  await client.query(moves, moveParameters);
  const { rowCount } = await client.query(`select ${changedStudents} limit 1`, parameters);
  if (rowCount === 0) return;
  const query = publishedEnrollments;
  await copyDecisions(client, scope, { query, parameters }, 'published_decisions');
  await client.query(movesOfChanged, moveParameters);
}

async function findScope(
  client: pg.ClientBase,
  districtId: number,
  { today, limits }: DateHoldOptions,
  kept: readonly DateChangeCount[],
): Promise<DateHoldScope> {
  const count = async <Row extends object>(sql: string, parameters: readonly unknown[]) =>
    (await client.query<Row>(sql, [...parameters])).rows;
  const pending = [...(await count<DateChangeCount>(decided, [])), ...kept];
  if (pending.length === 0) return findDateHold({ pending, recent: [], active: [] }, limits);
  const window = [districtId, today.toString(), dateWindowDays];
  const facts = {
    pending,
    recent: await count<DateChangeCount>(recent, window),
    active: await count<DateChangeFacts['active'][number]>(active, [districtId]),
  };
  return findDateHold(facts, limits);
}

interface OpenHold {
  readonly id: number;
  readonly decision: 'applied' | 'next-year-counted' | null;
}

async function findOpenHold(db: Queryable, districtId: number): Promise<OpenHold | undefined> {
  const { rows } = await db.query<OpenHold>(
    'select id, decision from date_holds where district_id = $1 and ended_at is null',
    [districtId],
  );
  return rows[0];
}

async function countUndecided(
  client: pg.ClientBase,
  districtId: number,
  scope: DecisionScope,
  hold: OpenHold | undefined,
): Promise<readonly DateChangeCount[]> {
  if (hold === undefined) return [];
  return (await client.query<DateChangeCount>(undecided, [districtId, notLeaving(scope)])).rows;
}

const studentsOnHold = `
  select (select count(*) from decisions where on_hold is not null)::integer
    + (select count(*) from students s where s.district_id = $1 and s.status_on_hold is not null
      and s.status_rule is not null
      and not exists (select from decisions d where d.student_id = s.id))::integer as students`;

/** Returns how many students are on hold once the decisions of the run are published. */
export async function countStudentsOnHold(
  client: pg.ClientBase,
  districtId: number,
): Promise<number> {
  const { rows } = await client.query<{ students: number }>(studentsOnHold, [districtId]);
  return rows[0]?.students ?? 0;
}

const recordChanges = `
  insert into date_changes (district_id, changed_on, entity_id, from_status, to_status, is_leaving, students)
  select $1, $2, coalesce(entity_id, 0), from_status, to_status, is_leaving, count(*) from date_moves
  where is_limited and not is_held group by 3, 4, 5, 6
  on conflict (district_id, changed_on, entity_id, from_status, to_status, is_leaving)
  do update set students = date_changes.students + excluded.students`;

const forgetOldChanges = `
  delete from date_changes where district_id = $1 and changed_on < $2::date - 2 * ${dateWindowDays}`;

const endDecided = `
  update date_holds set ended_at = now() where district_id = $1 and id = $2 and decision is not null`;

/** Who is on hold now, by status, status by the rules, and school. */
const onHold = `
  select min(since) as since, coalesce(jsonb_agg(jsonb_build_object('from', "from", 'to', "to",
      'entityId', entity_id, 'school', school, 'students', students)
    order by students desc, school, "from", "to"), '[]') as counts
  from (
    select status as "from", status_on_hold as "to", entity_id, max(school_name) as school,
      min(status_on_hold_since) as since, count(*)::integer as students
    from students where district_id = $1 and status_on_hold is not null
      and status_rule is not null group by 1, 2, 3
  ) held`;

const saveHold = `
  insert into date_holds (district_id, since, reason, counts)
  select $1, held.since, (
    select case when count(*) filter (where is_year_turned) * 2 > count(*) then 'year-turned'
      else 'enrollments-ended' end from date_moves where is_held), held.counts
  from (${onHold}) held where held.since is not null
  on conflict (district_id) where ended_at is null
  do update set counts = excluded.counts, since = excluded.since
    where (date_holds.counts, date_holds.since) is distinct from (excluded.counts, excluded.since)`;

/** $2: who allowed the changes, if a person did and nobody decided about the hold. */
const endHold = `
  update date_holds set ended_at = now(), decided_by = $2::text,
    decision = case when $2::text is not null then 'applied' end,
    decided_at = case when $2::text is not null then now() end
  where district_id = $1 and ended_at is null and decision is null
    and not exists (select from students where district_id = $1 and status_on_hold is not null
      and status_rule is not null)`;

/** Records the date changes of the run and who is on hold now. Runs in the publishing transaction, after it. */
export async function recordDateHold(
  client: pg.ClientBase,
  districtId: number,
  { today, decidedHoldId, isAllowed }: DateHoldPlan,
): Promise<void> {
  if (!isAllowed) {
    const { rowCount } = await client.query(recordChanges, [districtId, today.toString()]);
    if (rowCount !== 0) await client.query(forgetOldChanges, [districtId, today.toString()]);
  }
  if (decidedHoldId !== null) await client.query(endDecided, [districtId, decidedHoldId]);
  await client.query(saveHold, [districtId]);
  await client.query(endHold, [districtId, isAllowed ? commandLine : null]);
}
