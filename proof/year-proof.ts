/** A year of nights: the district lives on, and after every night each status is held against the oracle. */
import { startSandbox } from '../sandbox/sandbox.ts';
import type { Database } from '../src/database/database.ts';
import { addDistrict, runSandboxImport } from '../tests/skyward/sandbox-district.ts';
import { ExpectedRecords } from './expected-records.ts';

export interface YearOptions {
  readonly students: number;
  readonly seed: number;
  /** The first night's date, `YYYY-MM-DD`. */
  readonly from: string;
  /** The nights' dates after it, rising. */
  readonly dates: readonly string[];
  /** Whether seniors leave and years close on the last school day, or at the roll-over. */
  readonly yearEnd: 'at-roll-over' | 'on-last-day';
}

export interface YearFigures {
  nights: number;
  /** Nights that the brakes held and a person then let through. */
  held: number;
  /** Statuses compared with the oracle. */
  compared: number;
  students: number;
  statusChanges: number;
  /** What the sandbox did meanwhile, by kind. */
  events: Record<string, number>;
  /** Where the published status is not the expected one, in words; must stay empty. */
  differences: string[];
}

/** Plays the nights and compares after each; says how it goes every thirty nights. */
export async function proveYear(
  database: Database,
  options: YearOptions,
  tell: (sentence: string) => void,
): Promise<YearFigures> {
  const skyward = await startSandbox({
    port: 0,
    students: options.students,
    seed: options.seed,
    today: options.from,
    yearEnd: options.yearEnd,
    access: { expirationDate: null },
  });
  const figures: YearFigures = {
    nights: 0,
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
        figures.events[kind] = (figures.events[kind] ?? 0) + 1;
      const night = () => runSandboxImport(database.pool, skyward, districtId, { today: date });
      let outcome = await night();
      if (outcome.state === 'held') {
        figures.held += 1;
        outcome = await runSandboxImport(database.pool, skyward, districtId, {
          today: date,
          allowsMassChange: true,
        });
      }
      if (outcome.state !== 'published' && outcome.state !== 'unchanged')
        figures.differences.push(
          `${date}: the night is ${outcome.state}: ${outcome.failure?.message}`,
        );
      figures.nights += 1;
      expected.receive(skyward.sandbox.facts());
      figures.differences.push(
        ...(await differences(database, districtId, expected, date, figures)),
      );
      if (figures.nights % 30 === 0)
        tell(`${date}: ${figures.nights} nights, ${figures.compared} statuses compared`);
    }
    figures.statusChanges = await countStatusChanges(database, districtId);
    return figures;
  } finally {
    await skyward.close();
  }
}

/** Where what is published is not what a person expects, in words. */
async function differences(
  database: Database,
  districtId: number,
  expected: ExpectedRecords,
  today: string,
  figures: YearFigures,
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
  const tell = (id: number, words: string) => found.push(`${today}: student ${id} ${words}`);
  const seen = new Set<number>();
  for (const { record, id, status, number, isMissing } of rows) {
    const should = expected.records.get(id);
    if (seen.has(id)) tell(id, 'is there twice');
    seen.add(id);
    figures.compared += 1;
    if (should === undefined) {
      tell(id, 'should not have been brought in');
      continue;
    }
    if ((should.publishedId ??= record) !== record)
      tell(id, 'should go on in the record of before');
    if (should.status !== status) tell(id, `is ${status} and should be ${should.status}`);
    if (should.student.studentNumber !== number) tell(id, 'has another number than in Skyward');
    if (isMissing !== (should.receivedOn !== today))
      tell(id, `is ${isMissing ? '' : 'not '}said to be missing from Skyward`);
  }
  for (const id of expected.records.keys()) if (!seen.has(id)) tell(id, 'is lost');
  figures.students = seen.size;
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

/** Every date of so many nights after a day. */
export function nightsAfter(from: string, nights: number): string[] {
  const first = Temporal.PlainDate.from(from);
  return Array.from({ length: nights }, (_, index) => first.add({ days: index + 1 }).toString());
}
