/** A year of simulated days with an import each, whose statuses are compared with an independent oracle. */
import { startSandbox } from '../sandbox/sandbox.ts';
import type { Database } from '../src/database/database.ts';
import { addDistrict, runSandboxImport } from '../tests/skyward/sandbox-district.ts';
import { ExpectedRecords } from './expected-records.ts';

export interface YearOptions {
  readonly students: number;
  readonly seed: number;
  /** Date of the first import, `YYYY-MM-DD`. */
  readonly from: string;
  /** Dates of the further imports, ascending. */
  readonly dates: readonly string[];
  /** Whether seniors leave and school years close on the last school day, or at the roll-over. */
  readonly yearEnd: 'at-roll-over' | 'on-last-day';
}

export interface YearResult {
  imports: number;
  /** Imports that were put on hold and then approved. */
  held: number;
  /** Statuses compared with the oracle. */
  compared: number;
  students: number;
  statusChanges: number;
  /** Simulated events by kind. */
  events: Record<string, number>;
  /** Published statuses that are not the expected ones; must stay empty. */
  differences: string[];
}

/** Runs the imports and compares after each; reports progress every thirty imports. */
export async function proveYear(
  database: Database,
  options: YearOptions,
  onProgress: (sentence: string) => void,
): Promise<YearResult> {
  const skyward = await startSandbox({
    port: 0,
    students: options.students,
    seed: options.seed,
    today: options.from,
    yearEnd: options.yearEnd,
    access: { expirationDate: null },
  });
  const result: YearResult = {
    imports: 0,
    held: 0,
    compared: 0,
    students: 0,
    statusChanges: 0,
    events: {},
    differences: [],
  };
  try {
    const domain = `year-${options.seed}-${options.yearEnd}.example`;
    const districtId = await addDistrict(database, domain);
    const expected = new ExpectedRecords();
    for (const date of [options.from, ...options.dates]) {
      for (const { kind } of skyward.sandbox.advanceTo(date))
        result.events[kind] = (result.events[kind] ?? 0) + 1;
      const runImport = () =>
        runSandboxImport(database.pool, skyward, districtId, { today: date, limits: {} });
      let outcome = await runImport();
      if (outcome.state === 'held') {
        result.held += 1;
        outcome = await runSandboxImport(database.pool, skyward, districtId, {
          today: date,
          allowsMassChange: true,
        });
      }
      if (outcome.state !== 'published' && outcome.state !== 'unchanged')
        result.differences.push(
          `${date}: the import is ${outcome.state}: ${outcome.failure?.message}`,
        );
      result.imports += 1;
      expected.receive(skyward.sandbox.facts());
      result.differences.push(...(await differences(database, districtId, expected, date, result)));
      if (result.imports % 30 === 0)
        onProgress(`${date}: ${result.imports} imports, ${result.compared} statuses compared`);
    }
    result.statusChanges = await countStatusChanges(database, districtId);
    return result;
  } finally {
    await skyward.close();
  }
}

/** Describes where published students differ from the expected ones. */
async function differences(
  database: Database,
  districtId: number,
  expected: ExpectedRecords,
  today: string,
  result: YearResult,
): Promise<string[]> {
  const { rows } = await database.pool.query<{
    record: number;
    id: number;
    status: string;
    number: string;
    isMissing: boolean;
  }>(
    `select id as record, skyward_id as id, status, student_number as number,
       missing_since_run_id is not null as "isMissing"
     from students where district_id = $1`,
    [districtId],
  );
  const found: string[] = [];
  const addDifference = (id: number, difference: string) =>
    found.push(`${today}: student ${id} ${difference}`);
  const previousStatuses = new Set<number>();
  for (const { record, id, status, number, isMissing } of rows) {
    const expectedStatus = expected.records.get(id);
    if (previousStatuses.has(id)) addDifference(id, 'exists twice');
    previousStatuses.add(id);
    result.compared += 1;
    if (expectedStatus === undefined) {
      addDifference(id, 'should not have been imported');
      continue;
    }
    if ((expectedStatus.publishedId ??= record) !== record)
      addDifference(id, 'should have kept its record');
    if (expectedStatus.status !== status)
      addDifference(id, `is ${status} and should be ${expectedStatus.status}`);
    if (expectedStatus.student.studentNumber !== number)
      addDifference(id, 'has another student number than in Skyward');
    if (isMissing !== (expectedStatus.receivedOn !== today))
      addDifference(id, `is ${isMissing ? '' : 'not '}marked as missing from Skyward`);
  }
  for (const id of expected.records.keys())
    if (!previousStatuses.has(id)) addDifference(id, 'is missing');
  result.students = previousStatuses.size;
  return found;
}

async function countStatusChanges(database: Database, districtId: number): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(*)::integer as count from student_changes
     where district_id = $1 and record = 'student' and field = 'status'`,
    [districtId],
  );
  return rows[0]?.count ?? 0;
}

/** Returns the dates of the days after a day. */
export function listDatesAfter(from: string, imports: number): string[] {
  const first = Temporal.PlainDate.from(from);
  return Array.from({ length: imports }, (_, index) => first.add({ days: index + 1 }).toString());
}
