/** The work of `daybreak runs`, `daybreak problems` and `daybreak students`. */
import type pg from 'pg';
import type { PersonName } from '../../contract/values.ts';
import { getDistrict, listDistricts, type District } from '../../districts/district.ts';
import { statusLabels } from '../../enrollment/enrollment-status.ts';
import {
  listProblems,
  listRuns,
  type StoredRun,
  type RecordedProblem,
} from '../../import/runs/run-store.ts';
import { readInDistrict } from '../../database/district-and-school-scope.ts';
import { createCountCellCache } from '../../students/list/count-cells.ts';
import { listStudents } from '../../students/list/pages.ts';
import { print, printMessage, withCommandContext } from '../command-context.ts';
import { textTable } from '../text-table.ts';

/** Students read and printed at a time. */
const studentsPerPage = 1000;

const selectDistricts = async (pool: pg.Pool, domain: string | undefined): Promise<District[]> =>
  domain === undefined ? listDistricts(pool) : [await getDistrict(pool, domain)];

export async function listRunsCommand(options: {
  readonly district?: string;
  readonly limit: number;
  readonly json: boolean;
}): Promise<void> {
  await withCommandContext(async ({ database }) => {
    for (const district of await selectDistricts(database.pool, options.district)) {
      const runs = await listRuns(database.pool, district.id, options.limit);
      if (options.json) {
        for (const run of runs) print(JSON.stringify({ district: district.domain, ...run }));
      } else if (runs.length === 0) {
        printMessage(`${district.domain}: no imports yet. Start one with: daybreak import`);
      } else {
        print(`${district.name} (${district.domain}), times in ${district.timeZone}`);
        print(runsTable(runs, district.timeZone));
      }
    }
  });
}

function runsTable(runs: readonly StoredRun[], timeZone: string): string {
  const rows = runs.map((run) => [
    String(run.id),
    run.startedAt
      .toZonedDateTimeISO(timeZone)
      .toPlainDateTime()
      .toString({ smallestUnit: 'second' })
      .replace('T', ' '),
    run.state === 'running' ? `running: ${run.phase}` : run.state,
    run.report ? String(run.report.added) : '',
    run.report ? String(run.report.changed) : '',
    run.failure?.message ?? '',
  ]);
  return textTable(
    [['run', 'started', 'state', 'added', 'changed', ''], ...rows],
    ['right', 'left', 'left', 'right', 'right'],
  );
}

/** Prints each problem in two lines: its place, then what it means and what to do. */
export async function listProblemsCommand(options: {
  readonly district?: string;
  readonly run?: number;
  readonly json: boolean;
}): Promise<void> {
  await withCommandContext(async ({ database }) => {
    for (const district of await selectDistricts(database.pool, options.district)) {
      const problems = await listProblems(database.pool, district.id, options.run);
      if (options.json) {
        for (const one of problems) print(JSON.stringify({ district: district.domain, ...one }));
      } else if (problems.length === 0) {
        printMessage(`${district.domain}: no problems.`);
      } else {
        print(`${district.name} (${district.domain}), run ${problems[0]?.runId}`);
        for (const one of problems) print(`  ${one.kind}: ${formatPlace(one)}\n    ${one.message}`);
      }
    }
  });
}

/** Returns, for example, "Demographics/Name, page 3, row 17, key 4711, field BirthDate, StudentID 12" */
function formatPlace(problem: RecordedProblem): string {
  const parts: readonly (readonly [string, string | number | null])[] = [
    ['', problem.object],
    ['page ', problem.page],
    ['row ', problem.row],
    ['key ', problem.key],
    ['field ', problem.field],
    ['StudentID ', problem.sisStudentId],
  ];
  return parts.flatMap(([name, value]) => (value === null ? [] : [`${name}${value}`])).join(', ');
}

/** Returns the name with the last name first. */
function formatListName(name: PersonName): string {
  const last = [name.last, name.suffix].filter(Boolean).join(' ');
  const first = [name.first, name.middle].filter(Boolean).join(' ');
  return [last, first].filter(Boolean).join(', ');
}

export async function listStudentsCommand(options: {
  readonly district?: string;
  readonly search?: string;
  readonly json: boolean;
}): Promise<void> {
  const countsOf = createCountCellCache();
  await withCommandContext(async ({ database, signal }) => {
    for (const district of await selectDistricts(database.pool, options.district)) {
      for (let page = 1; !signal.aborted; page++) {
        const scope = { districtId: district.id, schools: null };
        const query = { search: options.search, page, pageSize: studentsPerPage };
        const { rows } = await readInDistrict(database.pool, scope, async (bound) =>
          listStudents(bound, query, countsOf),
        );
        if (options.json) {
          for (const row of rows) print(JSON.stringify({ district: district.domain, ...row }));
        } else if (rows.length > 0) {
          print(
            textTable(
              rows.map((row) => [
                row.studentNumber ?? '',
                formatListName(row.name),
                statusLabels[row.status],
                row.grade ?? '',
                row.schoolName ?? '',
              ]),
            ),
          );
        } else if (page === 1) {
          printMessage(`${district.domain}: no students${options.search ? ' found' : ' yet'}.`);
        }
        if (rows.length < studentsPerPage) break;
      }
    }
  });
}
