/** Safety limits: decides whether an import must be held for review instead of being published. Pure. */
import { objectLabel, sourceFieldLabel } from '../../roster/source-labels.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';
import type { ImportPlan } from './comparison.ts';

/** A district's limits. */
export interface SafetyLimits {
  /** Share of active students, 0 to 1, that one import may make inactive or find missing. */
  readonly share: number;
  /** Fewer students than this never hold an import, whatever their share. */
  readonly minimum: number;
}

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

/** Lists shrink when a school year ends. A list that loses more than this share is probably incomplete. */
const maxShrinkShare = 0.4;

/** Returns the lists that lost more rows than normal. */
export function findShrunkLists(
  lists: readonly ShrunkList[],
  limits: SafetyLimits,
): readonly ShrunkList[] {
  const share = Math.max(limits.share, maxShrinkShare);
  return lists.filter(
    ({ before, now }) =>
      now > 0 && before - now >= Math.max(1, limits.minimum) && before - now > before * share,
  );
}

/** Why an import is held, for the reviewer. */
export interface HoldReason {
  readonly code:
    'empty-list' | 'shrunken-list' | 'mass-change' | 'emptied-fields' | 'unusable-rows';
  readonly message: string;
  readonly advice: string;
  /** The objects and fields in Skyward's API, for support. */
  readonly details?: string;
}

/**
 * Returns why the import must be held; `undefined` if it may be published. An import is held when it received no
 * students or no enrollments, when a list is suddenly empty or lost many of its rows, and when more active students
 * than the limit would become inactive or missing.
 */
export function findHoldReason(
  plan: Pick<ImportPlan, 'received' | 'activeBefore' | 'turningInactive' | 'newlyMissingActive'>,
  lists: ListCounts,
  limits: SafetyLimits,
): HoldReason | undefined {
  const unusable = lists.unusable.filter((list) => explainsLoss(list, plan, lists));
  if (unusable.length > 0) return unusableRowsReason(unusable);
  if (plan.received === 0 || lists.enrollments === 0 || lists.emptied.length > 0) {
    const subject =
      plan.received === 0
        ? 'students'
        : lists.enrollments === 0
          ? 'enrollments'
          : `records in lists that had some in the last completed import: ${lists.emptied.map(objectLabel).join(', ')}`;
    return {
      code: 'empty-list',
      message: `Skyward responded, but sent no ${subject}.`,
      ...(lists.emptied.length > 0 && { details: lists.emptied.join(', ') }),
      advice: `Check in the Integration Access record that the District entity and every school are among its Custom API Entities. No data was changed.`,
    };
  }
  const lost = plan.turningInactive + plan.newlyMissingActive;
  // Slightly more than the product: 0.29 * 100 is less than 29 in floating point.
  const allowed = plan.activeBefore * limits.share + 1e-6;
  if (lost === 0 || lost < limits.minimum || lost <= allowed)
    return shrunkListsReason(lists.shrunk);
  const share = Math.round((lost / Math.max(plan.activeBefore, 1)) * 1000) / 10;
  return {
    code: 'mass-change',
    message: `${lost.toLocaleString('en-US')} of ${plan.activeBefore.toLocaleString('en-US')} active students (${share}%) would become inactive or are no longer in Skyward; the limit is ${Math.round(limits.share * 1000) / 10}%.`,
    advice:
      'Check whether this is intended (end of a school year, a closed school) or a problem in Skyward (an entity removed from the integration access, a year-end rollover in progress). If it is intended, choose "Import anyway" under Import history. No data is changed until then.',
  };
}

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

function shrunkListsReason(lists: readonly ShrunkList[]): HoldReason | undefined {
  if (lists.length === 0) return undefined;
  const subject = lists.map(
    ({ object, before, now }) => `${objectLabel(object)} (${now} instead of ${before})`,
  );
  return {
    code: 'shrunken-list',
    message: `Skyward sent far fewer records than in the last completed import: ${subject.join(', ')}.`,
    details: lists.map(({ object }) => object).join(', '),
    advice:
      'Check in Skyward whether these records were really deleted, and in the Integration Access record whether an entity was removed. If it is intended, choose "Import anyway" under Import history. No data is changed until then.',
  };
}
