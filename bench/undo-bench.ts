/** The benchmark of undoing an import that changed every student of a district, and one that changed 5 %. */
import type { Pool } from 'pg';
import { defaultStatusRules } from '../src/enrollment/status-settings.ts';
import { recalculateStatuses } from '../src/import/publish/recalculation.ts';
import { undoImport } from '../src/import/undo/import-undo.ts';
import { withBenchServer } from './bench-server.ts';
import { median, verdict, type Verdict } from './measurement.ts';
import { fillDistrict } from './web-district.ts';

/** One undo. */
export interface UndoResult {
  readonly students: number;
  readonly percentChanged: number;
  /** Values that the import changed, and the undo restores. */
  readonly values: number;
  /** What PostgreSQL takes to write the import's changes: the base of the ratio. */
  readonly changeSeconds: number;
  readonly seconds: number;
  readonly phases: Readonly<Record<string, number>>;
}

/** Seconds of an undo (README.md). */
const maxSeconds = 60;

const shares = [100, 5];

/** Measures each share `repeat` times, and returns the medians. */
export async function benchUndo(options: {
  readonly students: number;
  readonly repeat: number;
  readonly onProgress: (sentence: string) => void;
}): Promise<UndoResult[]> {
  return withBenchServer(async ({ database: { pool } }) => {
    const results: UndoResult[] = [];
    for (const percentChanged of shares) {
      const runs: UndoResult[] = [];
      for (let round = 1; round <= options.repeat; round++) {
        options.onProgress(`Undoing an import that changed ${percentChanged} % …`);
        runs.push(await measure(pool, options.students, percentChanged));
      }
      const seconds = median(runs.map((run) => run.seconds));
      results.push(...runs.filter((run) => run.seconds === seconds).slice(0, 1));
    }
    return results;
  });
}

/** Compares the results with the targets. */
export function judgeUndo(results: readonly UndoResult[]): Verdict[] {
  return results.map(({ students, percentChanged, seconds }) =>
    verdict(
      `undo-${students}-${percentChanged}`,
      `${students.toLocaleString('en-US')} students, ${percentChanged} % changed: seconds of the undo`,
      seconds,
      maxSeconds,
    ),
  );
}

/** Values that the import changes: of each student, of one guardian, and of the enrollment of the year. */
const studentValues = { last_name: 'Elm', birth_date: '2011-05-05', homeroom: 'R99' };
const changedValues = [
  ...Object.entries(studentValues).map(
    ([field, value]) =>
      `select id, 'student', null::bigint, '${field}', to_jsonb(${field}), '"${value}"'::jsonb from changed`,
  ),
  `select c.id, 'guardian', g.skyward_id, 'last_name', to_jsonb(g.last_name), '"Oak"'
   from changed c join guardians g on g.district_id = $1 and g.student_id = c.id and g.position = 1`,
  `select c.id, 'enrollment', e.skyward_id, 'start_date', to_jsonb(e.start_date), '"2026-08-13"'
   from changed c join enrollments e on e.district_id = $1 and e.student_id = c.id and e.school_year = 2027`,
];

/** An import's changes, written as it writes them: history, then each table by one statement. */
const changes = [
  `with changed as (select * from students where district_id = $1 and id % 100 < $3::int)
   insert into student_changes (district_id, run_id, student_id, record, record_id, field, old_value, new_value)
   select $1, $2, * from (${changedValues.join(' union all ')}) values`,
  `update students set (${Object.keys(studentValues).join(', ')}) = row(${Object.values(
    studentValues,
  )
    .map((value) => `'${value}'`)
    .join(', ')}), changed_run_id = $2 where district_id = $1 and id % 100 < $3::int`,
  `update guardians set last_name = 'Oak' where district_id = $1 and student_id % 100 < $3::int and position = 1
     and $2::bigint is not null`,
  `update enrollments set start_date = '2026-08-13' where district_id = $1 and student_id % 100 < $3::int
     and school_year = 2027 and $2::bigint is not null`,
];

async function measure(pool: Pool, students: number, percentChanged: number): Promise<UndoResult> {
  await pool.query('truncate districts cascade');
  const { districtId } = await fillDistrict(pool, students);
  const today = Temporal.PlainDate.from('2026-11-24');
  const scope = { districtId, today, rules: defaultStatusRules };
  // The statuses of the filled district follow from its enrollments, as after an import.
  await recalculateStatuses(pool, {
    ...scope,
    schoolYear: 2027,
    limits: {},
    allowsDateChanges: true,
    findRun: async (client) => {
      const last = await client.query<{ id: number }>('select max(id) as id from import_runs');
      return last.rows[0]?.id ?? null;
    },
  });
  const { rows } = await pool.query<{ id: number }>(
    `insert into import_runs (district_id, state, today, school_year, phase, started_at, finished_at)
     values ($1, 'published', '2026-11-24', 2027, 'report', now(), now()) returning id`,
    [districtId],
  );
  const runId = rows[0]?.id ?? 0;
  const changeStart = performance.now();
  let values = 0;
  for (const [index, statement] of changes.entries()) {
    const { rowCount } = await pool.query(statement, [districtId, runId, percentChanged]);
    if (index === 0) values = rowCount ?? 0;
  }
  const changeSeconds = (performance.now() - changeStart) / 1000;
  // Between two imports, autovacuum has done so.
  await pool.query('vacuum (analyze)');
  const start = performance.now();
  const outcome = await undoImport(pool, {
    ...scope,
    undoesRunId: runId,
    reason: 'Benchmark',
    request: { origin: 'command' },
    isDryRun: false,
    now: () => Temporal.Now.instant(),
  });
  const seconds = (performance.now() - start) / 1000;
  if (outcome.report === null) throw new Error('The undo failed', { cause: outcome.cause });
  const { rowCount: left } = await pool.query(
    `select from students where district_id = $1 and last_name = 'Elm'`,
    [districtId],
  );
  if (left !== 0) throw new Error(`${left} students were not restored`);
  return {
    students,
    percentChanged,
    values,
    changeSeconds,
    seconds,
    phases: outcome.report.seconds,
  };
}
