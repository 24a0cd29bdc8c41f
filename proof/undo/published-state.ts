/** What is published of a district, and the comparison of two such states value by value. */
import type { Database } from '../../src/database/database.ts';
import { publishedStudentColumns } from '../../src/import/plan/comparison.ts';

/** A student with guardians and enrollments, by column. */
export interface StudentState {
  readonly id: number;
  readonly student: Readonly<Record<string, unknown>>;
  readonly guardians: Readonly<Record<string, unknown>>;
  readonly enrollments: Readonly<Record<string, unknown>>;
}
export type State = ReadonlyMap<number, StudentState>;

/** Reads the records of a district. */
export async function readState({ pool }: Database, districtId: number): Promise<State> {
  const { rows } = await pool.query<StudentState>(
    `select s.id, to_jsonb(s) as student,
       (select coalesce(jsonb_object_agg(g.skyward_id, to_jsonb(g)), '{}') from guardians g
         where g.district_id = $1 and g.student_id = s.id) as guardians,
       (select coalesce(jsonb_object_agg(e.skyward_id, to_jsonb(e)), '{}') from enrollments e
         where e.district_id = $1 and e.student_id = s.id) as enrollments
     from students s where district_id = $1`,
    [districtId],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** What the decision of a status is made of, and when it was made. */
const decisionColumns = ['status_decided_on', 'status_decided_under', 'status_same_through'];
const statusColumns = [
  'status',
  'status_rule',
  'status_decided_by',
  'status_left_out',
  'status_changes_on',
  'grade',
  'entity_id',
  'entity_name',
  'school_name',
  'school_state_id',
  'homeroom',
  'homeroom_teacher',
  'advisor',
];
/** What a decision says in addition to the status. */
const detailColumns = ['status_left_out', 'status_changes_on'];
const comparedColumns = publishedStudentColumns.filter(
  (column) => column !== 'source_fingerprint' && !decisionColumns.includes(column),
);

/**
 * Describes each value that differs. Without `withStatus`, because days have passed, another status and what follows
 * from it may have been decided for today; the same decision must give the same values. Without `isWhole`, there may be
 * more students.
 */
export function compareStates(
  expected: State,
  found: State,
  { withStatus, isWhole = true }: { readonly withStatus: boolean; readonly isWhole?: boolean },
): { compared: number; differences: string[] } {
  const differences: string[] = [];
  let compared = 0;
  const compare = (what: string, wanted: unknown, is: unknown) => {
    compared += 1;
    const [one, other] = [JSON.stringify(wanted), JSON.stringify(is)];
    if (one !== other) differences.push(`${what} is ${other} instead of ${one}`);
  };
  for (const [id, wanted] of expected) {
    const is = found.get(id);
    if (is === undefined) {
      differences.push(`student ${id} is gone`);
      continue;
    }
    // A match that a user undid leaves the decision to the next recalculation.
    // Without an enrollment that decides, a student keeps the last school, grade and homeroom, which may be others then.
    const keepsPlacement = !isWhole && wanted.student['status_decided_by'] === null;
    const isUndecided =
      wanted.student['status_decided_under'] === null && wanted.student['status_rule'] !== null;
    const isSameDecision = ['status_rule', 'status_decided_by'].every(
      (column) => wanted.student[column] === is.student[column],
    );
    const isStatusExpected = (column: string) =>
      withStatus ||
      !statusColumns.includes(column) ||
      (isSameDecision && !detailColumns.includes(column));
    for (const column of comparedColumns.filter(
      (one) =>
        isStatusExpected(one) &&
        (!isUndecided || !detailColumns.includes(one)) &&
        (!keepsPlacement || !statusColumns.includes(one)),
    ))
      compare(`student ${id} ${column} `, wanted.student[column], is.student[column]);
    compare(
      `student ${id} is missing`,
      wanted.student['missing_since_run_id'] !== null,
      is.student['missing_since_run_id'] !== null,
    );
    for (const part of ['guardians', 'enrollments'] as const) {
      const keys = new Set([...Object.keys(wanted[part]), ...Object.keys(is[part])]);
      for (const key of keys) {
        compare(`student ${id} ${part} ${key}`, wanted[part][key] ?? null, is[part][key] ?? null);
        compared += Object.keys(wanted[part][key] ?? {}).length - 1;
      }
    }
  }
  for (const id of found.keys())
    if (isWhole && !expected.has(id)) differences.push(`student ${id} should not exist`);
  return { compared, differences };
}
