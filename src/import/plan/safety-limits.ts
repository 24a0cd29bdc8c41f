/** The brakes: what must not be published without a person's word (design, "The nightly run"). Pure. */
import type { StagedTable } from '../../roster/staged-rows.ts';
import type { ImportPlan } from './comparison.ts';

/** A district's limits. */
export interface SafetyLimits {
  /** Share of the active students, 0 to 1, that may turn inactive or vanish in one night. */
  readonly share: number;
  /** Fewer students than this never hold a night, whatever their share. */
  readonly minimum: number;
}

/** What of the lists themselves looks wrong. */
export interface ListCounts {
  readonly enrollments: number;
  /** Objects that had rows on the last good night (at least the minimum) and have none tonight. */
  readonly emptied: readonly string[];
  /** Objects with clearly fewer rows than on the last good night, see `shrunkLists`. */
  readonly shrunk: readonly ShrunkList[];
  /** Lists with rows that came and could not be used; the numbers above count usable rows alone. */
  readonly unusable: readonly UnusableList[];
}

/** A list with rows that could not be used, and why the first of them could not. */
export interface UnusableList {
  readonly table: StagedTable;
  readonly object: string;
  /** Rows that could be used. */
  readonly usable: number;
  readonly unusable: number;
  readonly field: string;
  readonly message: string;
}

/** A list that delivered clearly less than on the last good night. */
export interface ShrunkList {
  readonly object: string;
  readonly before: number;
  readonly now: number;
}

/** Lists shrink by themselves when a school year ends; a list that loses more than this share is not whole. */
const maxShrinkShare = 0.4;

/** The lists, named with their rows then and now, that lost more than a list loses by itself. */
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

/** Why a night is held, in words for the person who decides. */
export interface HoldReason {
  readonly code:
    'empty-answer' | 'shrinking-answer' | 'mass-change' | 'emptied-fields' | 'unusable-rows';
  readonly message: string;
  readonly advice: string;
}

/**
 * Says whether the plan may be published by itself.
 * Held: an answer without students or without enrollments, a list that is empty all at once, and more
 * active students turning inactive or vanishing than the share allows, if they are at least the minimum, and a
 * list that lost much of its rows.
 */
export function findHoldReason(
  plan: Pick<ImportPlan, 'delivered' | 'activeBefore' | 'turningInactive' | 'newlyMissingActive'>,
  lists: ListCounts,
  limits: SafetyLimits,
): HoldReason | undefined {
  const unusable = lists.unusable.filter((list) => explainsLoss(list, plan, lists));
  if (unusable.length > 0) return unusableRowsReason(unusable);
  if (plan.delivered === 0 || lists.enrollments === 0 || lists.emptied.length > 0) {
    const subject =
      plan.delivered === 0
        ? 'students'
        : lists.enrollments === 0
          ? 'enrollments'
          : `rows of ${lists.emptied.join(', ')}, which had some on the last good night`;
    return {
      code: 'empty-answer',
      message: `Skyward answered, but delivered no ${subject}.`,
      advice: `Check in the Integration Access record that the District entity and every school are among its Custom API Entities. Yesterday's data stays as it is.`,
    };
  }
  const lost = plan.turningInactive + plan.newlyMissingActive;
  // A hair more than the product: 0.29 x 100 is a little less than 29 in floating point.
  const allowed = plan.activeBefore * limits.share + 1e-6;
  if (lost === 0 || lost < limits.minimum || lost <= allowed)
    return shrunkListsReason(lists.shrunk);
  const share = Math.round((lost / Math.max(plan.activeBefore, 1)) * 1000) / 10;
  return {
    code: 'mass-change',
    message: `${lost} of ${plan.activeBefore} active students (${share} %) would become inactive or are no longer delivered; ${Math.round(limits.share * 1000) / 10} % is the limit.`,
    advice:
      "Look whether this is meant (end of a school year, a school that closed) or a fault in Skyward (an entity taken out of the access, a roll-over under way). If it is meant, release it under Imports, or run the import again and allow it; yesterday's data stays as it is until then.",
  };
}

/** Whether a list looks empty or short because its rows could not be used. */
function explainsLoss(
  { table, object, unusable }: UnusableList,
  { delivered }: Pick<ImportPlan, 'delivered'>,
  { enrollments, emptied, shrunk }: ListCounts,
): boolean {
  if (table === 'students' && delivered === 0) return true;
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
        ? `${all} rows of ${object} came, and none could be used`
        : `${rows} of ${all} rows of ${object} could not be used`;
    return `${summary} (field ${field}: ${message})`;
  });
  return {
    code: 'unusable-rows',
    message: `${subject.join('; ')}.`,
    advice:
      "The problems list has the place of each row. Correct the values in Skyward; if nearly all rows are alike, Skyward writes them in a form that Daybreak does not know: send this message to support. Yesterday's data stays as it is.",
  };
}

function shrunkListsReason(lists: readonly ShrunkList[]): HoldReason | undefined {
  if (lists.length === 0) return undefined;
  const subject = lists.map(
    ({ object, before, now }) => `${now} rows of ${object} instead of ${before}`,
  );
  return {
    code: 'shrinking-answer',
    message: `Skyward delivered much less than on the last good night: ${subject.join(', ')}.`,
    advice:
      "Look in Skyward whether these rows are really gone, and in the Integration Access record whether an entity was taken out. If it is meant, release it under Imports, or run the import again and allow it; yesterday's data stays as it is until then.",
  };
}
