/** Finds enrollments that contradict each other about a student's default entity. Pure. */
import { spanOf } from './enrollment-span.ts';
import type { Enrollment } from './enrollment.ts';
import type { StatusRules } from './status-settings.ts';

/**
 * Returns the counted enrollments in effect on `today` (a day number) at a default entity, if there are several such
 * entities; else none. The status does not depend on which one is right, but the student's school does.
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
