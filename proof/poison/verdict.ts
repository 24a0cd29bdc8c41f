/** Judges the dry run of an import of poisoned data, and counts the verdicts. */
import type { ImportOutcome } from '../../src/import/import-report.ts';

/**
 * `held`: the import would wait for a person. `failed`: it would stop with the reason. `named`: it would publish, and
 * report a problem for at least half of the chosen students, or a field or list whose values it keeps.
 * `without effect`: it would publish the same as healthy data. `missed`: wrong data would be published.
 */
export type Verdict = 'held' | 'failed' | 'named' | 'without effect' | 'missed';

export interface Attempt {
  readonly kind: string;
  /** Percent of a school. */
  readonly strength: number;
  /** The district, by its size. */
  readonly district: string;
  readonly date: string;
  /** The chosen students. */
  readonly students: number;
  readonly verdict: Verdict;
  /** Published students whom the import would change. */
  readonly changed: number;
}

type Report = NonNullable<ImportOutcome['report']>;
type Judged = Pick<ImportOutcome, 'state' | 'failure' | 'report'>;

/** Compares a dry run with that of healthy data on the same day. */
export function judge(healthy: Judged, poisoned: Judged, students: number): Verdict {
  if (poisoned.state === 'failed' || poisoned.report === null) return 'failed';
  if (poisoned.failure !== null) return 'held';
  if (healthy.report === null) return 'missed';
  const named = countProblems(poisoned.report) - countProblems(healthy.report);
  if (named * 2 >= students) return 'named';
  if (countKept(poisoned.report) > countKept(healthy.report)) return 'named';
  return describePlan(poisoned.report) === describePlan(healthy.report)
    ? 'without effect'
    : 'missed';
}

const countProblems = ({ problems }: Report): number =>
  Object.values(problems).reduce((sum, count) => sum + count, 0);

const countKept = ({ retainedFields, missingPermissions }: Report): number =>
  retainedFields.length +
  missingPermissions.reduce((sum, { fields }) => sum + Math.max(1, fields.length), 0);

const describePlan = (report: Report): string =>
  JSON.stringify([
    report.added,
    report.changed,
    report.missing,
    report.newlyMissing,
    report.statusesAfter,
    report.changesByField,
  ]);

export interface KindCounts {
  readonly kinds: number;
  readonly attempts: number;
  /** Verdicts by strength. */
  readonly byStrength: Readonly<Record<string, Readonly<Partial<Record<Verdict, number>>>>>;
  /** Of the attempts with an effect at 25 % and more, the share that was held, failed or named; 1 without attempts. */
  readonly caughtShare: number;
  /** The same by district: in a small one, a quarter of a school is two or three students. */
  readonly caughtShareByDistrict: Readonly<Record<string, number>>;
  /** Missed attempts by kind, with strength, place and students. */
  readonly missed: Readonly<Record<string, readonly string[]>>;
  /** Kinds that never had an effect: what they change is not imported. */
  readonly withoutEffect: readonly string[];
}

/** Counts verdicts. */
export function summarize(attempts: readonly Attempt[]): KindCounts {
  const byKind = Map.groupBy(attempts, ({ kind }) => kind);
  const byStrength = Map.groupBy(attempts, ({ strength }) => `${strength} %`);
  const byDistrict = Map.groupBy(attempts, ({ district }) => district);
  const missed = attempts.filter(({ verdict }) => verdict === 'missed');
  return {
    kinds: byKind.size,
    attempts: attempts.length,
    byStrength: Object.fromEntries(
      Array.from(byStrength, ([strength, list]) => [strength, countVerdicts(list)]),
    ),
    caughtShare: shareCaught(attempts),
    caughtShareByDistrict: Object.fromEntries(
      Array.from(byDistrict, ([district, list]) => [district, shareCaught(list)]),
    ),
    missed: Object.fromEntries(
      Array.from(
        Map.groupBy(missed, ({ kind }) => kind),
        ([kind, list]) => [kind, list.map(describeAttempt)],
      ),
    ),
    withoutEffect: [...byKind]
      .filter(([, list]) => list.every(({ verdict }) => verdict === 'without effect'))
      .map(([kind]) => kind),
  };
}

function shareCaught(attempts: readonly Attempt[]): number {
  const counted = attempts.filter(
    ({ strength, verdict }) => strength >= 25 && verdict !== 'without effect',
  );
  const caught = counted.filter(({ verdict }) => verdict !== 'missed');
  return counted.length === 0 ? 1 : Number((caught.length / counted.length).toFixed(3));
}

function countVerdicts(attempts: readonly Attempt[]): Partial<Record<Verdict, number>> {
  const counts: Partial<Record<Verdict, number>> = {};
  for (const { verdict } of attempts) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}

const describeAttempt = ({ strength, students, changed, district, date }: Attempt) =>
  `${strength} % (${students} students; ${changed} would change) of ${district}, ${date}`;
