/** The school year and settings with which an import determined a student's status. */
import { z } from 'zod';

import { nextSchoolYears, type StatusRules } from '../../enrollment/status-rules.ts';

/** What the import used in addition to the enrollments and the date. */
export interface DecisionSettings {
  readonly schoolYear: number;
  readonly rules: StatusRules;
}

/** The format written by `decidedUnder` of the import. */
const StoredSettings = z.tuple([
  z.int(),
  z.string(),
  z.string(),
  z.union([
    z.enum(nextSchoolYears),
    // Older values are booleans: whether the next school year was read.
    z.boolean().transform((isRead) => (isRead ? 'all' : 'current')),
  ]),
]);

/** Parses `students.status_decided_under`; returns `undefined` if no import determined the status. */
export function parseDecisionSettings(stored: string | null): DecisionSettings | undefined {
  if (stored === null) return undefined;
  const parsed = StoredSettings.safeParse(JSON.parse(stored));
  if (!parsed.success) return undefined;
  const [schoolYear, graduationCode, ignoredCode, nextSchoolYear] = parsed.data;
  return { schoolYear, rules: { graduationCode, ignoredCode, nextSchoolYear } };
}
