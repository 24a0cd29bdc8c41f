/** Determines the status of every changed student, and of those whose last decision is expired. */
import type pg from 'pg';
import { copyRows, type CopyValue } from '../../database/copy.ts';
import { readRows, type RowValues } from '../../database/row-stream.ts';
import { inTransaction } from '../../database/transaction.ts';
import { dayNumber, dayText } from '../../enrollment/day-number.ts';
import { createDateReader } from '../../enrollment/date-reader.ts';
import {
  type DecisionSettings,
  formatDecisionSettings,
} from '../../enrollment/decision-settings.ts';
import { findConflictingDefaults } from '../../enrollment/default-entities.ts';
import type { Enrollment } from '../../enrollment/enrollment.ts';
import {
  decideStatusInDays,
  retainedDecision,
  uncountedUnderRetained,
  type RetainedDecision,
  type UncountedEnrollment,
} from '../../enrollment/status-decision.ts';
import { analyzeWithSmallSample } from './changed-students.ts';

/** Enrollments fetched at a time. */
const batchSize = 10_000;

const decisionColumns = [
  'student_id',
  'is_changed',
  'status',
  'rule',
  'decided_by',
  'left_out',
  'changes_on',
  'same_through',
  'counts',
  'default_rivals',
] as const;

/** A row of the query below: a student with one enrollment, or with none. */
export type EnrollmentValues = readonly [
  studentId: number,
  isCandidate: boolean,
  id: number | null,
  entityId: number,
  schoolYear: number,
  startDate: string | null,
  endDate: string | null,
  withdrawalDate: string | null,
  withdrawalCode: string | null,
  isDefaultEntity: boolean,
  calendarEndDate: string | null,
  isNoShow: boolean | null,
  enrolledAtLeastOneDay: boolean | null,
];

export async function createDecisionTable(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table decisions (
      student_id bigint, is_changed boolean, status text, rule text, decided_by bigint,
      left_out jsonb, changes_on date, same_through date, counts boolean, default_rivals jsonb,
      on_hold text, on_hold_since date)`);
}

/** What `copyDecisions` reads of each enrollment `e`, after the student and whether they have changed. */
export const enrollmentValues = `e.skyward_id, e.entity_id, e.school_year, e.start_date, e.end_date,
    e.withdrawal_date, e.withdrawal_code, e.is_default_entity, e.calendar_end_date, e.is_no_show,
    e.enrolled_at_least_one_day`;

const changedEnrollments = `
  select c.student_id, true as is_changed, ${enrollmentValues}
  from changed_students c left join next_enrollments e on e.student_id = c.student_id`;

/** Where students and enrollments are that are decided again: as published, or as an undo restores them. */
export interface DecidedTables {
  readonly students: string;
  readonly enrollments: string;
}

export const publishedTables: DecidedTables = { students: 'students', enrollments: 'enrollments' };

/** SQL condition: the decision of the published student `s` is expired on date $2 under rules $3. */
export const isExpired = `(s.status_same_through < $2 or s.status_decided_on > $2
      or s.status_decided_under is distinct from $3)`;

/**
 * Expired decisions, determined again from the published enrollments (R37 to R41). A manual status of a student who is
 * missing from Skyward is retained until the student is received again. In an import the students with expired
 * decisions are known ($4), and changed students are determined from received rows.
 */
const expiredDecisions = (isKnown: boolean, { students, enrollments }: DecidedTables) => `
  select s.id as student_id, false as is_changed, ${enrollmentValues}
  from ${students} s left join ${enrollments} e on e.district_id = s.district_id and e.student_id = s.id
  where s.district_id = $1 and s.skyward_id is not null and ${isExpired}
    and (s.status_rule is not null or not exists (select from hand_set_statuses h
      where h.district_id = s.district_id and h.student_id = s.id))
    ${
      isKnown
        ? `and s.id = any($4)
    and not exists (select from changed_students c where c.student_id = s.id)`
        : ''
    }`;

export interface DecisionScope extends DecisionSettings {
  readonly today: Temporal.PlainDate;
}

/**
 * Fills `decisions` for changed students and for the students in `expired`, and returns the number of decisions.
 * Without `expired` (no import) there are no changed students, and expired decisions are found here.
 */
export async function decideStatuses(
  client: pg.ClientBase,
  districtId: number,
  scope: DecisionScope & {
    readonly expired?: readonly number[];
    readonly tables?: DecidedTables;
  },
): Promise<number> {
  const { expired, tables = publishedTables } = scope;
  const query =
    expired === undefined
      ? expiredDecisions(false, tables)
      : `${changedEnrollments} union all ${expiredDecisions(true, tables)}`;
  const parameters = [
    districtId,
    scope.today.toString(),
    formatDecisionSettings(scope),
    ...(expired === undefined ? [] : [expired]),
  ];
  const decided = await copyDecisions(client, scope, { query, parameters }, 'decisions');
  await retainAgedDecisions(client, districtId, scope, tables);
  await analyzeWithSmallSample(client, 'decisions (student_id, decided_by)');
  return decided;
}

/** Adds decisions of the students who are on hold and not decided yet. Returns their number. */
export async function decideStudentsOnHold(
  client: pg.ClientBase,
  districtId: number,
  scope: DecisionScope,
): Promise<number> {
  const query = `
    select s.id as student_id, false as is_changed, ${enrollmentValues}
    from students s left join enrollments e on e.district_id = s.district_id and e.student_id = s.id
    where s.district_id = $1 and s.status_on_hold is not null and s.status_rule is not null
      and not exists (select from decisions d where d.student_id = s.id)`;
  const decided = await copyDecisions(
    client,
    scope,
    { query, parameters: [districtId] },
    'decisions',
  );
  if (decided > 0) await retainAgedDecisions(client, districtId, scope, publishedTables);
  return decided;
}

/** Determines the statuses of the students of a query, and copies them into a table like `decisions`. */
export async function copyDecisions(
  client: pg.ClientBase,
  scope: DecisionScope,
  { query, parameters }: { readonly query: string; readonly parameters: readonly unknown[] },
  table: string,
): Promise<number> {
  const sorted = `select * from (${query}) as enrollments order by student_id`;
  return inTransaction(client, async () => {
    await client.query(`declare students_to_decide no scroll cursor for ${sorted}`, [
      ...parameters,
    ]);
    const batch = createDecisions(scope);
    const fetchBatch = `fetch ${batchSize} from students_to_decide`;
    let copied = 0;
    while ((await readRows(client, fetchBatch, batch.add)) > 0) {
      copied += await copyRows(client, table, decisionColumns, [batch.take()]);
    }
    batch.close();
    return copied + (await copyRows(client, table, decisionColumns, [batch.take()]));
  });
}

interface EmptyDecision {
  readonly id: number;
  readonly published: RetainedDecision;
  readonly uncounted: readonly UncountedEnrollment[];
  readonly enrollments: readonly EnrollmentValues[];
}

/** Known students without received enrollments, with their published status and enrollments. */
const emptyDecisions = ({ students, enrollments }: DecidedTables) => `
  select s.id, d.left_out as "uncounted",
    json_build_object('status', s.status, 'rule', s.status_rule, 'decidedBy', s.status_decided_by)
      as published,
    (select coalesce(json_agg(json_build_array(s.id, d.is_changed, ${enrollmentValues})), '[]')
      from ${enrollments} e where e.district_id = $1 and e.student_id = s.id) as enrollments
  from decisions d
  join ${students} s on s.district_id = $1 and s.id = d.student_id
  where d.rule = 'no-enrollment' and s.status_decided_by is not null and s.status_rule is not null`;

const retainDecisions = `
  update decisions d set status = k.status, rule = k.rule, decided_by = k.decided_by, left_out = k.left_out
  from jsonb_to_recordset($1) as k (id bigint, status text, rule text, decided_by bigint, left_out jsonb)
  where d.student_id = k.id`;

/** Retains the published decision of students whose enrollments are uncounted only because they are too old (docs/status-rules.md, rule 5). */
async function retainAgedDecisions(
  client: pg.ClientBase,
  districtId: number,
  scope: DecisionScope,
  tables: DecidedTables,
): Promise<void> {
  const { rows } = await client.query<EmptyDecision>(emptyDecisions(tables), [districtId]);
  const toEnrollment = createEnrollmentReader();
  const retained = rows.flatMap(({ id, published, uncounted, enrollments }) => {
    // An enrollment that was received and is uncounted for another reason is not just too old.
    const reason = uncounted.find((row) => row.id === published.decidedBy)?.reason;
    if (reason !== undefined && reason !== 'not-retrieved') return [];
    const stored = enrollments.flatMap((row) => toEnrollment(row) ?? []);
    const { today, schoolYear, rules } = scope;
    const decision = retainedDecision(published, stored, today, schoolYear, rules);
    if (decision === undefined) return [];
    const { status, rule, decidedBy } = decision;
    return [
      {
        id,
        status,
        rule,
        decided_by: decidedBy,
        left_out: uncountedUnderRetained(uncounted, decidedBy),
      },
    ];
  });
  if (retained.length > 0) await client.query(retainDecisions, [JSON.stringify(retained)]);
}

/** Determines one student after another from consecutive rows; `take` returns the decisions so far. */
function createDecisions(scope: DecisionScope) {
  const toEnrollment = createEnrollmentReader();
  const today = dayNumber(scope.today);
  let decided: CopyValue[][] = [];
  let student: { readonly id: number; readonly isChanged: boolean } | undefined;
  let enrollments: Enrollment[] = [];

  /** Determines the current student, whose enrollments are complete. */
  function close(): void {
    if (student === undefined) return;
    const decision = decideStatusInDays(enrollments, today, scope.schoolYear, scope.rules);
    const rivals = findConflictingDefaults(enrollments, today, scope.schoolYear, scope.rules);
    decided.push([
      student.id,
      student.isChanged,
      decision.status,
      decision.rule,
      decision.decidedBy,
      JSON.stringify(decision.uncounted),
      dayText(decision.changesOn),
      dayText(decision.sameThrough),
      decision.uncounted.length < enrollments.length,
      rivals.length === 0 ? null : JSON.stringify(rivals),
    ]);
    student = undefined;
    enrollments = [];
  }

  function add(values: RowValues): void {
    const row = values as EnrollmentValues;
    if (row[0] !== student?.id) {
      close();
      student = { id: row[0], isChanged: row[1] };
    }
    const enrollment = toEnrollment(row);
    if (enrollment !== undefined) enrollments.push(enrollment);
  }

  function take(): CopyValue[][] {
    const taken = decided;
    decided = [];
    return taken;
  }

  return { add, close, take };
}

/** Returns a function that converts a row to an enrollment; `undefined` for a student without any. */
export function createEnrollmentReader(): (row: EnrollmentValues) => Enrollment | undefined {
  const { plainDate } = createDateReader();
  const toDate = (text: string): Temporal.PlainDate => {
    const day = plainDate(text);
    if (day === undefined) throw new RangeError('The database returned an invalid date');
    return day;
  };
  const toDateOrNull = (text: string | null) => (text === null ? null : toDate(text));
  return (row) =>
    row[2] === null
      ? undefined
      : {
          id: row[2],
          entityId: row[3],
          schoolYear: row[4],
          startDate: toDateOrNull(row[5]),
          endDate: toDateOrNull(row[6]),
          withdrawalDate: toDateOrNull(row[7]),
          withdrawalCode: row[8],
          isDefaultEntity: row[9],
          calendarEndDate: toDateOrNull(row[10]),
          isNoShow: row[11],
          enrolledAtLeastOneDay: row[12],
        };
}

/**
 * Removes new students without a counted enrollment from `changed_students`; a student with only CECS or
 * never-effective enrollments is not imported. Returns their number by the most telling reason.
 */
export async function dropUncountedNewStudents(
  client: pg.ClientBase,
): Promise<Record<string, number>> {
  const { rows } = await client.query<{ reason: string; count: number }>(`
    with dropped as (
      delete from changed_students c using decisions d
      where d.student_id = c.student_id and c.is_new and not d.counts
      returning c.student_id, d.left_out
    ), unenrolled as (
      delete from next_enrollments e using dropped where e.student_id = dropped.student_id
    ), undecided as (
      delete from decisions d using dropped where d.student_id = dropped.student_id
    )
    select case when left_out @> '[{"reason": "cecs"}]' then 'cecs'
        when left_out @> '[{"reason": "never-effective"}]' then 'never-effective'
        when left_out @> '[{"reason": "unreadable-date"}]' then 'unreadable-date'
        else 'not-retrieved' end as reason,
      count(*)::integer as count
    from dropped group by 1`);
  return Object.fromEntries(rows.map((row) => [row.reason, row.count]));
}
