/** Compares measurements with the limits of a district and says in one sentence what exceeds one. Pure. */
import {
  exceeds,
  safetyLimits,
  thresholdOf,
  type LimitKey,
  type LimitOverrides,
  type Threshold,
} from '../../contract/safety-limits.ts';
import { statusLabels } from '../../enrollment/enrollment-status.ts';
import { countedField } from '../../roster/fields/labels.ts';
import type { ExceededLimit, HoldReason, Measurement, StatusMove } from './hold-reason.ts';
import { measureName, type NormalShares } from './normal-shares.ts';

/** Limits that the history of a district can raise: what hardly ever changes is not among them. */
const raisable: ReadonlySet<LimitKey> = new Set([
  'changed',
  'contacts',
  'emptied',
  'classes',
  'guardians',
]);

/** No history raises a limit above this share. */
const highestRaisedShare = 0.5;

/** Returns the measurements that exceed the district's limits, the worst first. */
export function findExceeded(
  measurements: readonly Measurement[],
  own: LimitOverrides,
  normal: NormalShares,
): readonly Omit<ExceededLimit, 'schoolName'>[] {
  const exceeded = measurements.flatMap((measurement) => {
    const threshold = effectiveThreshold(measurement, own, normal);
    return threshold !== null && exceeds(measurement.count, measurement.base, threshold)
      ? [{ ...measurement, limitShare: threshold.share }]
      : [];
  });
  return exceeded.toSorted((a, b) => b.count - a.count || severity(b) - severity(a));
}

function effectiveThreshold(
  measurement: Measurement,
  own: LimitOverrides,
  normal: NormalShares,
): Threshold | null {
  const { limit, school } = measurement;
  const threshold = thresholdOf(limit, school === null ? 'district' : 'school', own);
  if (threshold === null || !raisable.has(limit)) return threshold;
  const raised = Math.min(highestRaisedShare, 2 * (normal.get(measureName(measurement)) ?? 0));
  return { ...threshold, share: Math.max(threshold.share, raised) };
}

/** How many times the limit it is. */
const severity = ({
  count,
  base,
  limitShare,
}: Pick<ExceededLimit, 'count' | 'base' | 'limitShare'>) => count / Math.max(base, 1) / limitShare;

const number = (value: number): string => value.toLocaleString('en-US');
const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;

/** Returns `1 student` or `1,200 students`. */
export const countOf = (count: number, noun: string): string =>
  `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

/** Returns the sentence: `38 of 412 active students of Oak Elementary (9.2%) would … The limit is 5%.` */
export function describeExceeded(measurement: ExceededLimit): string {
  const { count, base, limitShare } = measurement;
  const share = base === 0 ? '' : ` (${percent(count / base)})`;
  const limit = `the limit is ${percent(limitShare)}`;
  const place = placeOf(measurement);
  const students = `${measurement.population} students${place}`;
  const arrival = arrivals[measurement.limit];
  if (arrival !== undefined) {
    const to = measurement.schoolName ?? 'the district';
    return `${countOf(count, arrival.noun)} would ${arrival.verb} to ${to}, which has ${number(base)} active${share}; ${limit}.`;
  }
  return `${number(count)} of ${number(base)} ${students}${share} ${describeChange(measurement)}; ${limit}.`;
}

/** Limits that count students who are not among those they are compared with. */
const arrivals: Partial<Readonly<Record<LimitKey, { noun: string; verb: string }>>> = {
  added: { noun: 'new student', verb: 'be added' },
  'added-in-season': { noun: 'new student', verb: 'be added' },
  doubled: {
    noun: 'new student',
    verb: 'be added with the name and date of birth of a known one',
  },
  returned: { noun: 'former student', verb: 'return' },
};

const placeOf = ({ schoolName }: Pick<ExceededLimit, 'schoolName'>) =>
  schoolName === null ? '' : ` of ${schoolName}`;

const labelOfField = ({ field }: Measurement): string =>
  field === null ? '' : countedField(field).label;
/** A part of a field has a third part in its name: `student.phones.type`. */
const isDetail = ({ field }: Measurement): boolean => field?.split('.').length === 3;
const anotherValue = (one: Measurement) => `would get another value in “${labelOfField(one)}”`;
const changeOfStatus = ({ moves }: Measurement) => `would change ${describeMoves(moves)}`;

/** The change of the students that a limit counts, except of those who arrive. */
const changes: Partial<Readonly<Record<LimitKey, (measurement: Measurement) => string>>> = {
  inactive: () => 'would become Inactive or are no longer in Skyward',
  missing: () => 'are no longer in Skyward',
  graduated: (one) => `${changeOfStatus(one)} out of season`,
  status: changeOfStatus,
  moved: () => 'would change schools during the school year',
  identity: anotherValue,
  changed: anotherValue,
  contacts: anotherValue,
  classes: anotherValue,
  uniform: (one) => `would all get the same value in “${labelOfField(one)}”`,
  emptied: (one) =>
    isDetail(one)
      ? `would lose a detail of “${labelOfField(one)}”`
      : `would lose their value in “${labelOfField(one)}”`,
  guardians: () => 'would gain or lose a guardian',
  enrollments: () => 'would lose an enrollment',
  overlapping: () => 'would have an enrollment twice',
  ending: () => 'would get an end date that is still ahead, long before the end of the school year',
  damaged: () => 'would get a text with damaged characters',
};

const describeChange = (measurement: Measurement): string =>
  changes[measurement.limit]?.(measurement) ?? safetyLimits[measurement.limit].label;

const labelOf = (status: string): string =>
  Object.entries(statusLabels).find(([key]) => key === status)?.[1] ?? status;

const describeMoves = (moves: readonly StatusMove[]): string =>
  moves.map(({ from, to }) => `from ${labelOf(from)} to ${labelOf(to)}`).join(' or ');

export const toMassChangeReason = (exceeded: ExceededLimit): HoldReason => ({
  code: 'mass-change',
  message: describeExceeded(exceeded),
  advice:
    'Check whether this is intended (end of a school year, a closed school) or a problem in Skyward (an entity removed from the integration access, a year-end rollover in progress). If it is intended, choose "Import anyway" under Import history. No data is changed until then.',
  exceeded,
});
