/** Decides the status of every student whose enrollments differ or whose last decision has run out. */
import type pg from 'pg';
import { copyRows, type CopyValue } from '../database/copy.ts';
import { dayNumber, dayText } from '../enrollment/day-number.ts';
import { createDateReader } from '../enrollment/date-reader.ts';
import type { Enrollment } from '../enrollment/enrollment.ts';
import { decideStatusInDays } from '../enrollment/status-decision.ts';
import type { StatusRules } from '../enrollment/status-rules.ts';
import { analyzeBriefly } from './candidates.ts';

/** Students fetched, decided and written back at a time. */
const batchSize = 5000;

const decisionColumns = [
  'student_id',
  'is_candidate',
  'status',
  'rule',
  'decided_by',
  'left_out',
  'changes_on',
  'same_through',
  'counts',
] as const;

/** An enrollment as the query below delivers it, in this order. */
type EnrollmentValues = readonly [
  id: number,
  entityId: number,
  schoolYear: number,
  startDate: string,
  endDate: string | null,
  withdrawalDate: string | null,
  withdrawalCode: string | null,
  isDefaultEntity: boolean,
  calendarEndDate: string | null,
];

interface StudentEnrollments {
  readonly student_id: number;
  readonly is_candidate: boolean;
  readonly enrollments: readonly EnrollmentValues[];
}

export async function createDecisionTable(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table decisions (
      student_id bigint, is_candidate boolean, status text, rule text, decided_by bigint,
      left_out jsonb, changes_on date, same_through date, counts boolean)`);
}

const enrollmentValues = `coalesce(json_agg(json_build_array(e.skyward_id, e.entity_id,
    e.school_year, e.start_date, e.end_date, e.withdrawal_date, e.withdrawal_code,
    e.is_default_entity, e.calendar_end_date)) filter (where e.skyward_id is not null), '[]')
    as enrollments`;

const candidateEnrollments = `
  select c.student_id, true as is_candidate, ${enrollmentValues}
  from candidates c left join next_enrollments e on e.student_id = c.student_id
  group by c.student_id`;

/**
 * R37 to R41 for another day: decided from the rows that were last good. What a person set for a student
 * who is no longer delivered stays until Skyward delivers the student again.
 */
const expiredDecisions = (hasCandidates: boolean) => `
  select s.id as student_id, false as is_candidate, ${enrollmentValues}
  from students s left join enrollments e on e.district_id = s.district_id and e.student_id = s.id
  where s.district_id = $1 and s.skyward_id is not null
    and (s.status_rule is not null or not exists (select from hand_set_statuses h
      where h.district_id = s.district_id and h.student_id = s.id))
    and (s.status_same_through < $2 or s.status_decided_on > $2
      or s.status_decided_under is distinct from $3)
    ${hasCandidates ? 'and not exists (select from candidates c where c.student_id = s.id)' : ''}
  group by s.id`;

/** The rules and the school year as one text: decisions made under equal texts are made alike. */
export function decidedUnder(schoolYear: number, rules: StatusRules): string {
  return JSON.stringify([
    schoolYear,
    rules.graduationCode,
    rules.ignoredCode,
    rules.includeUpcomingSchoolYear,
  ]);
}

/**
 * Fills `decisions` and returns how many were made. `hasCandidates` is false on a night that could not
 * read Skyward: only decisions that ran out are made again.
 */
export async function decideStatuses(
  client: pg.ClientBase,
  districtId: number,
  scope: {
    readonly today: Temporal.PlainDate;
    readonly schoolYear: number;
    readonly rules: StatusRules;
    readonly hasCandidates: boolean;
  },
): Promise<number> {
  const query = scope.hasCandidates
    ? `${candidateEnrollments} union all ${expiredDecisions(true)}`
    : expiredDecisions(false);
  const parameters = [
    districtId,
    scope.today.toString(),
    decidedUnder(scope.schoolYear, scope.rules),
  ];
  let decided = 0;
  await client.query('begin');
  try {
    await client.query(`declare students_to_decide no scroll cursor for ${query}`, parameters);
    const decisionsOf = createDecisions(scope);
    for (;;) {
      const { rows } = await client.query<StudentEnrollments>(
        `fetch ${batchSize} from students_to_decide`,
      );
      if (rows.length === 0) break;
      await copyRows(client, 'decisions', decisionColumns, [decisionsOf(rows)]);
      decided += rows.length;
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
  await analyzeBriefly(client, 'decisions (student_id, decided_by)');
  return decided;
}

function createDecisions(scope: {
  readonly today: Temporal.PlainDate;
  readonly schoolYear: number;
  readonly rules: StatusRules;
}): (rows: readonly StudentEnrollments[]) => CopyValue[][] {
  const { plainDate } = createDateReader();
  const today = dayNumber(scope.today);
  const dayOf = (text: string): Temporal.PlainDate => {
    const day = plainDate(text);
    if (day === undefined) throw new RangeError('The database delivered a date that is not a day');
    return day;
  };
  const dayOrNull = (text: string | null) => (text === null ? null : dayOf(text));
  const enrollmentOf = (row: EnrollmentValues): Enrollment => ({
    id: row[0],
    entityId: row[1],
    schoolYear: row[2],
    startDate: dayOf(row[3]),
    endDate: dayOrNull(row[4]),
    withdrawalDate: dayOrNull(row[5]),
    withdrawalCode: row[6],
    isDefaultEntity: row[7],
    calendarEndDate: dayOrNull(row[8]),
  });
  return (rows) =>
    rows.map((row) => {
      const enrollments = row.enrollments.map(enrollmentOf);
      const decision = decideStatusInDays(enrollments, today, scope.schoolYear, scope.rules);
      return [
        row.student_id,
        row.is_candidate,
        decision.status,
        decision.rule,
        decision.decidedBy,
        JSON.stringify(decision.leftOut),
        dayText(decision.changesOn),
        dayText(decision.sameThrough),
        decision.leftOut.length < enrollments.length,
      ];
    });
}

/**
 * Takes new students out of the candidates of whom no enrollment counts (design: a student seen only
 * through CECS or never-effective rows is not created; product-facts Q9) and returns their number by
 * the reason of the row that came closest.
 */
export async function dropUncountedNewStudents(
  client: pg.ClientBase,
): Promise<Record<string, number>> {
  const { rows } = await client.query<{ reason: string; count: number }>(`
    with dropped as (
      delete from candidates c using decisions d
      where d.student_id = c.student_id and c.is_new and not d.counts
      returning c.student_id, d.left_out
    ), unenrolled as (
      delete from next_enrollments e using dropped where e.student_id = dropped.student_id
    ), undecided as (
      delete from decisions d using dropped where d.student_id = dropped.student_id
    )
    select case when left_out @> '[{"reason": "cecs"}]' then 'cecs'
        when left_out @> '[{"reason": "never-effective"}]' then 'never-effective'
        else 'not-retrieved' end as reason,
      count(*)::integer as count
    from dropped group by 1`);
  return Object.fromEntries(rows.map((row) => [row.reason, row.count]));
}
