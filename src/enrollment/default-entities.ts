/** Finds rows that contradict each other about a student's default entity. Knows no clock and no district. */
import { spanOf } from './enrollment-span.ts';
import type { Enrollment } from './enrollment.ts';
import type { StatusRules } from './status-rules.ts';

/**
 * The rows that count and are in effect on `today` (a day number) at the default entity, if these are several
 * entities; none otherwise. The status is the same whichever is right, the school of the student may not be.
 */
export function findConflictingDefaults(
  enrollments: readonly Enrollment[],
  today: number,
  schoolYear: number,
  rules: StatusRules,
): readonly number[] {
  const defaults = enrollments.filter((row) => row.isDefaultEntity);
  if (defaults.length < 2) return [];
  const ignoredCode = rules.ignoredCode.trim().toUpperCase();
  const inEffect = defaults.filter((row) => {
    const { neverCounts, isIgnored, start, last } = spanOf(row, schoolYear, ignoredCode, today);
    return neverCounts === undefined && !isIgnored && start <= today && today <= last;
  });
  return new Set(inEffect.map(({ entityId }) => entityId)).size > 1
    ? inEffect.map(({ id }) => id)
    : [];
}
