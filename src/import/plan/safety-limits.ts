/** Safety limits: decides whether an import must be held for review instead of being published. Pure. */
import { objectLabel, sourceFieldLabel } from '../../roster/source-labels.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';
import { exceeds, thresholdOf, type LimitOverrides } from '../../contract/safety-limits.ts';
import type { ImportPlan } from './comparison.ts';
import { countOf, toMassChangeReason } from './exceeded-limits.ts';
import type { ExceededLimit, HeldFailure, HoldReason, Measurement } from './hold-reason.ts';

/** Row counts of the lists, and lists that look incomplete. */
export interface ListCounts {
  readonly enrollments: number;
  /** Objects without rows that had some (at least the minimum) in the last completed import. */
  readonly emptied: readonly string[];
  /** Objects with far fewer rows than in the last completed import; see `findShrunkLists`. */
  readonly shrunk: readonly ShrunkList[];
  /** Lists with unusable rows; the numbers above count only usable rows. */
  readonly unusable: readonly UnusableList[];
}

/** A list with unusable rows, and why the first of them is unusable. */
export interface UnusableList {
  readonly table: StagedTable;
  readonly object: string;
  readonly usable: number;
  readonly unusable: number;
  readonly field: string;
  readonly message: string;
}

/** A list with far fewer rows than in the last completed import. */
export interface ShrunkList {
  readonly object: string;
  readonly before: number;
  readonly now: number;
}

/** Returns the lists that lost more rows than normal, but not all. Lists shrink when a school year ends. */
export const findShrunkLists = (
  lists: readonly ShrunkList[],
  own: LimitOverrides,
): readonly ShrunkList[] =>
  lists.filter(({ before, now }) => now > 0 && lostTooMuch(before - now, before, own));

/** Returns whether a list that had so many rows and has none now is probably incomplete. */
export const isSuspiciouslyEmpty = (before: number): boolean => lostTooMuch(before, before, {});

const lostTooMuch = (lost: number, before: number, own: LimitOverrides): boolean => {
  const threshold = thresholdOf('lists', 'district', own);
  return threshold !== null && exceeds(lost, before, threshold);
};

/**
 * Returns why the import must be held, the worst first; empty if it may be published. An import is held when it
 * received no students or no enrollments, when a list is suddenly empty or lost many of its rows, when an initial
 * import would import nobody, and when a limit is exceeded.
 */
export function findHoldReasons(
  plan: Pick<ImportPlan, 'received' | 'added'> & { readonly isInitial: boolean },
  lists: ListCounts,
  exceeded: readonly ExceededLimit[],
): readonly HoldReason[] {
  const unusable = lists.unusable.filter((list) => explainsLoss(list, plan, lists));
  return [
    ...(unusable.length > 0
      ? [unusableRowsReason(unusable)]
      : (emptyListReason(plan, lists) ?? [])),
    ...exceeded.map(toMassChangeReason),
    ...shrunkListsReason(
      lists.shrunk.filter(({ object }) => !unusable.some((list) => list.object === object)),
    ),
    ...(plan.isInitial && plan.received > 0 && plan.added === 0 && lists.enrollments > 0
      ? [nobodyReason(plan)]
      : []),
  ];
}

function emptyListReason(
  { received }: Pick<ImportPlan, 'received'>,
  lists: ListCounts,
): HoldReason[] {
  if (received > 0 && lists.enrollments > 0 && lists.emptied.length === 0) return [];
  const subject =
    received === 0
      ? 'students'
      : lists.enrollments === 0
        ? 'enrollments'
        : `records in lists that had some in the last completed import: ${lists.emptied.map(objectLabel).join(', ')}`;
  return [
    {
      code: 'empty-list',
      message: `Skyward responded, but sent no ${subject}.`,
      ...(lists.emptied.length > 0 && { details: lists.emptied.join(', ') }),
      advice: `Check in the Integration Access record that the District entity and every school are among its Custom API Entities. No data was changed.`,
    },
  ];
}

const nobodyReason = ({ received }: Pick<ImportPlan, 'received'>): HoldReason => ({
  code: 'nobody-imported',
  message: `Skyward sent ${countOf(received, 'student')}, but none of them would be imported.`,
  advice:
    'No student has an enrollment that counts: each one is missing, over for more than a year, marked as a no-show, or has no day on which it is in effect. Check in Skyward that the current school year and the enrollments are right, and that the integration may read their dates. No data was changed.',
});

/** Returns whether a list looks empty or shrunk because its rows are unusable. */
function explainsLoss(
  { table, object, unusable }: UnusableList,
  { received }: Pick<ImportPlan, 'received'>,
  { enrollments, emptied, shrunk }: ListCounts,
): boolean {
  if (table === 'students' && received === 0) return true;
  if (table === 'enrollments' && enrollments === 0) return true;
  return (
    emptied.includes(object) ||
    shrunk.some((list) => list.object === object && unusable * 2 >= list.before - list.now)
  );
}

function unusableRowsReason(lists: readonly UnusableList[]): HoldReason {
  const subject = lists.map(({ object, usable, unusable, field, message }) => {
    const rows = unusable.toLocaleString('en-US');
    const all = (usable + unusable).toLocaleString('en-US');
    const summary =
      usable === 0
        ? `${objectLabel(object)}: none of ${all} records can be used`
        : `${objectLabel(object)}: ${rows} of ${all} records cannot be used`;
    return `${summary} (${sourceFieldLabel({ object, field })}: ${message})`;
  });
  return {
    code: 'unusable-rows',
    message: `${subject.join('; ')}.`,
    details: lists.map(({ object, field }) => `${object}, field ${field}`).join('; '),
    advice:
      'The import issues list each record. Correct the values in Skyward. If nearly all records have the same problem, Skyward sends them in a format that is not supported: send this message to support. No data was changed.',
  };
}

function shrunkListsReason(lists: readonly ShrunkList[]): HoldReason[] {
  if (lists.length === 0) return [];
  const subject = lists.map(
    ({ object, before, now }) => `${objectLabel(object)} (${now} instead of ${before})`,
  );
  return [
    {
      code: 'shrunken-list',
      message: `Skyward sent far fewer records than in the last completed import: ${subject.join(', ')}.`,
      details: lists.map(({ object }) => object).join(', '),
      advice:
        'Check in Skyward whether these records were really deleted, and in the Integration Access record whether an entity was removed. If it is intended, choose "Import anyway" under Import history. No data is changed until then.',
    },
  ];
}

/** Reasons that a message names; the others are counted. */
const reasonsNamed = 3;

/** Returns one failure from all reasons, the worst first; undefined without any. */
export function joinReasons(reasons: readonly HoldReason[]): HeldFailure | undefined {
  const [worst] = reasons;
  if (worst === undefined) return undefined;
  // What is true of the whole district is not repeated for its schools.
  const shown = reasons.filter(({ exceeded }) => !isCovered(exceeded, reasons));
  const more = shown.length - reasonsNamed;
  return {
    code: worst.code,
    message: [
      ...shown.slice(0, reasonsNamed).map(({ message }) => message),
      ...(more > 0 ? [`${countOf(more, 'other limit')} would be exceeded.`] : []),
    ].join(' '),
    advice: worst.advice,
    ...(worst.details !== undefined && { details: worst.details }),
    reasons: [...shown, ...reasons.filter((reason) => !shown.includes(reason))],
  };
}

const isCovered = (exceeded: Measurement | undefined, reasons: readonly HoldReason[]): boolean =>
  exceeded !== undefined &&
  exceeded.school !== null &&
  reasons.some(
    ({ exceeded: other }) =>
      other?.school === null &&
      other.limit === exceeded.limit &&
      other.field === exceeded.field &&
      other.population === exceeded.population,
  );
