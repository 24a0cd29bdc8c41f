/** Simulated years of healthy imports, in which wrong but plausible data are hidden: what is held or named before publishing? */
import { createRandom } from '../../sandbox/random.ts';
import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import type { Database } from '../../src/database/database.ts';
import { districtRules, getDistrict } from '../../src/districts/district.ts';
import { addDistrict, runSandboxImport } from '../../tests/skyward/sandbox-district.ts';
import { backUp, type BackupRows } from './backup-rows.ts';
import { enrollmentKinds } from './enrollment-kinds.ts';
import { changeHealthily } from './healthy-days.ts';
import { peopleKinds } from './people-kinds.ts';
import type { PoisonKind } from './poison-kind.ts';
import { poison } from './poisoned-school.ts';
import { secondKinds } from './second-kinds.ts';
import { judge, summarize, type Attempt, type KindCounts } from './verdict.ts';

export const firstKinds: readonly PoisonKind[] = [...peopleKinds, ...enrollmentKinds];

/** Percent of a school. */
const strengths = [5, 25, 100] as const;

export interface PoisonDistrict {
  readonly students: number;
  readonly schools: number;
  readonly seed: number;
  /** Date of the first import, `YYYY-MM-DD`. */
  readonly from: string;
  /** Daily imports after the first. */
  readonly imports: number;
  /** Numbers of the imports after which poison is tried. */
  readonly poisonAfter: readonly number[];
  readonly yearEnd: 'at-roll-over' | 'on-last-day';
}

export interface PoisonResult {
  healthyImports: number;
  /** Healthy imports that were held; the district approves them. */
  falseHolds: string[];
  /** The largest share of each measure in a healthy import, where its count reached the minimum of its limit. */
  maxShares: Record<string, number>;
  /** Counts of the kinds, and of those written after the limits were set. */
  first: KindCounts;
  second: KindCounts;
  differences: string[];
}

/** The kinds to try; those written afterwards are counted separately. */
interface Kinds {
  readonly first: readonly PoisonKind[];
  readonly second: readonly PoisonKind[];
}

/** Lives the districts' years and reports progress on each day with poison. */
export async function provePoison(
  database: Database,
  districts: readonly PoisonDistrict[],
  onProgress: (sentence: string) => void,
  kinds: Kinds = { first: firstKinds, second: secondKinds },
): Promise<PoisonResult> {
  const falseHolds: string[] = [];
  const differences: string[] = [];
  const maxShares: Record<string, number> = {};
  const first: Attempt[] = [];
  const second: Attempt[] = [];
  let healthyImports = 0;
  for (const [place, options] of districts.entries()) {
    const skyward = await startSandbox({
      port: 0,
      students: options.students,
      schools: options.schools,
      seed: options.seed,
      today: options.from,
      yearEnd: options.yearEnd,
      // Everything that an import can read is at stake.
      permissions: 'all',
      cacheResponses: true,
      access: { expirationDate: null },
    });
    try {
      const year = await startYear(database, skyward, options);
      for (let day = 0; day <= options.imports; day += 1) {
        const { date, outcome } = await year.liveDay(day);
        if (day > 0) healthyImports += 1;
        for (const { measure, share } of day > 0 ? await year.readShares() : [])
          maxShares[measure] = Math.max(maxShares[measure] ?? 0, share);
        const label = `${options.students} students, ${date}`;
        if (outcome.held !== undefined && day > 0) falseHolds.push(`${label}: ${outcome.held}`);
        if (!outcome.isComplete) differences.push(`${label}: the import did not complete`);
        const turn = options.poisonAfter.indexOf(day);
        if (turn < 0) continue;
        const isDue = (_: PoisonKind, index: number) =>
          (index + place) % options.poisonAfter.length === turn;
        first.push(...(await year.tryKinds(kinds.first.filter(isDue))));
        second.push(...(await year.tryKinds(kinds.second.filter(isDue))));
        onProgress(
          `${label}: ${healthyImports} imports, ${falseHolds.length} held; ${first.length + second.length} attempts`,
        );
      }
    } finally {
      await skyward.close();
    }
  }
  const result = {
    healthyImports,
    falseHolds,
    maxShares,
    first: summarize(first),
    second: summarize(second),
    differences,
  };
  if (falseHolds.length * 400 > healthyImports)
    differences.push(`${falseHolds.length} of ${healthyImports} healthy imports were held.`);
  if (result.first.caughtShare < 0.95)
    differences.push('Less than 95 % of the kinds at 25 % and more were held or named.');
  if (result.second.caughtShare < 0.9)
    differences.push('Less than 90 % of the second kinds at 25 % and more were held or named.');
  return result;
}

/** A district that lives day by day. */
async function startYear(database: Database, skyward: RunningSandbox, options: PoisonDistrict) {
  const { sandbox } = skyward;
  const domain = `poison-${options.students}-${options.seed}.example`;
  const districtId = await addDistrict(database, domain);
  const district = await getDistrict(database.pool, domain);
  const random = createRandom(options.seed ^ 0x9015);
  const importOn = (overrides: { isDryRun?: boolean; allowsMassChange?: boolean }) =>
    runSandboxImport(database.pool, skyward, districtId, {
      today: sandbox.today,
      rules: districtRules(district),
      limits: district.ownLimits,
      ...overrides,
    });
  const backups = new Map<number, BackupRows>();
  const isNeeded = (day: number) =>
    options.poisonAfter.some((after) => day === after - 1 || day === Math.max(0, after - 30));
  let today = 0;

  return {
    /** Moves to a day and imports it; a held import is approved. */
    liveDay: async (day: number) => {
      today = day;
      const date = Temporal.PlainDate.from(options.from).add({ days: day }).toString();
      sandbox.advanceTo(date);
      random.restart(day);
      changeHealthily(sandbox, random);
      const outcome = await importOn({});
      const held = outcome.state === 'held' ? (outcome.failure?.message ?? '') : undefined;
      const final = held === undefined ? outcome : await importOn({ allowsMassChange: true });
      if (isNeeded(day)) backups.set(day, backUp(sandbox));
      const isComplete = final.state === 'published' || final.state === 'unchanged';
      return { date, outcome: { held, isComplete } };
    },
    /** Returns the shares of the last import. */
    readShares: async () => {
      const { rows } = await database.pool.query<{ measure: string; share: number }>(
        `select measure, share from import_shares where district_id = $1 and run_id = (
           select max(id) from import_runs where district_id = $1 and not is_dry_run)`,
        [districtId],
      );
      return rows;
    },
    /** Tries each kind in each strength with a dry run, and restores the rows. */
    tryKinds: async (kinds: readonly PoisonKind[]): Promise<Attempt[]> => {
      if (kinds.length === 0) return [];
      const healthy = await importOn({ isDryRun: true });
      const yesterday = backups.get(today - 1);
      const lastMonth = backups.get(Math.max(0, today - 30));
      if (yesterday === undefined || lastMonth === undefined)
        throw new Error(`There is no backup for day ${today}.`);
      const attempts: Attempt[] = [];
      for (const [index, kind] of kinds.entries())
        for (const strength of strengths) {
          // The same school in every strength.
          random.restart(today * 100 + index);
          const restore = sandbox.remember();
          const students = poison(kind, {
            sandbox,
            random,
            strength,
            backups: { yesterday, 'last month': lastMonth },
          });
          const outcome = await importOn({ isDryRun: true });
          restore();
          attempts.push({
            kind: kind.name,
            strength,
            district: `${options.students} students`,
            date: sandbox.today,
            students,
            verdict: judge(healthy, outcome, students),
            changed: outcome.report?.changed ?? 0,
          });
        }
      return attempts;
    },
  };
}
