/** What the approval of a held import covers: the changes that the reviewer saw, and not more. Pure. */
import type { HoldReason, Measurement } from './hold-reason.ts';

/** Skyward goes on changing between two imports, so a few students more are covered, too. */
const tolerance = (approved: number): number => approved + Math.max(2, Math.floor(approved / 10));

/**
 * Returns the reasons that were not approved: new ones, and limits that are now exceeded by more students than the
 * reviewer saw.
 */
export const findUnapproved = (
  reasons: readonly HoldReason[],
  approved: readonly HoldReason[],
): readonly HoldReason[] =>
  reasons.filter((reason) => !approved.some((other) => covers(other, reason)));

function covers(approved: HoldReason, { code, details, exceeded }: HoldReason): boolean {
  if (approved.code !== code) return false;
  if (exceeded === undefined || approved.exceeded === undefined)
    return approved.details === details;
  return (
    isSameMeasure(approved.exceeded, exceeded) &&
    exceeded.count <= tolerance(approved.exceeded.count)
  );
}

const isSameMeasure = (a: Measurement, b: Measurement): boolean =>
  a.limit === b.limit &&
  a.field === b.field &&
  a.school === b.school &&
  a.population === b.population &&
  b.moves.every(({ from, to }) => a.moves.some((move) => move.from === from && move.to === to));
