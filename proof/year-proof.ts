/** A year of nights: the district lives on, and after every night each status is held against the oracle. */
import { startSandbox, type RunningSandbox } from '../sandbox/sandbox.ts';
import type { Database } from '../src/database/database.ts';
import { addDistrict, practiceNight } from '../tests/practice-night.ts';
import { expectedStatuses } from './oracle.ts';

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
    const known = new Set<number>();
    for (const date of [options.from, ...options.dates]) {
      for (const { kind } of skyward.sandbox.advanceTo(date))
        figures.events[kind] = (figures.events[kind] ?? 0) + 1;
      const night = () => practiceNight(database.pool, skyward, districtId, { today: date });
      let outcome = await night();
      if (outcome.state === 'held') {
        figures.held += 1;
        outcome = await practiceNight(database.pool, skyward, districtId, {
          today: date,
          allowsMassChange: true,
        });
      }
      if (outcome.state !== 'published' && outcome.state !== 'unchanged')
        figures.differences.push(
          `${date}: the night is ${outcome.state}: ${outcome.failure?.message}`,
        );
      figures.nights += 1;
      figures.differences.push(
        ...(await differences(database, districtId, skyward, known, figures)),
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

async function differences(
  database: Database,
  districtId: number,
  skyward: RunningSandbox,
  known: Set<number>,
  figures: YearFigures,
): Promise<string[]> {
  const facts = skyward.sandbox.facts();
  const expected = expectedStatuses(facts);
  for (const [id, { counts }] of expected) if (counts) known.add(id);
  const { rows } = await database.pool.query<{ id: number; status: string }>(
    'select skyward_id as id, status from students where district_id = $1',
    [districtId],
  );
  const found: string[] = [];
  const seen = new Set<number>();
  for (const { id, status } of rows) {
    if (seen.has(id)) found.push(`${facts.today}: student ${id} is there twice`);
    seen.add(id);
    if (!known.has(id)) found.push(`${facts.today}: student ${id} should not have been brought in`);
    const should = expected.get(id)?.status;
    figures.compared += 1;
    if (should !== status)
      found.push(`${facts.today}: student ${id} is ${status} and should be ${should}`);
  }
  for (const id of known) if (!seen.has(id)) found.push(`${facts.today}: student ${id} is lost`);
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
