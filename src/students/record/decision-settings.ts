/** The school year and the settings under which the import decided a student's status. */
import { z } from 'zod';

import { nextSchoolYears, type StatusRules } from '../../enrollment/status-rules.ts';

/** What the import used beside the enrollments and the day. */
export interface DecisionSettings {
  readonly schoolYear: number;
  readonly rules: StatusRules;
}

/** As `decidedUnder` of the import writes it. */
const StoredSettings = z.tuple([
  z.int(),
  z.string(),
  z.string(),
  z.union([
    z.enum(nextSchoolYears),
    // As it was written while the next school year was read or not.
    z.boolean().transform((isRead) => (isRead ? 'all' : 'current')),
  ]),
]);

/** Reads `students.status_decided_under`; `undefined` when the import never decided the status. */
export function parseDecisionSettings(stored: string | null): DecisionSettings | undefined {
  if (stored === null) return undefined;
  const parsed = StoredSettings.safeParse(JSON.parse(stored));
  if (!parsed.success) return undefined;
  const [schoolYear, graduationCode, ignoredCode, nextSchoolYear] = parsed.data;
  return { schoolYear, rules: { graduationCode, ignoredCode, nextSchoolYear } };
}
