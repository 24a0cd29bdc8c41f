/** The school year and settings that a status was determined with, as stored in `students.status_decided_under`. */
import { nextSchoolYears, type StatusRules } from './status-settings.ts';

/** What an import uses in addition to the enrollments and the date. */
export interface DecisionSettings {
  readonly schoolYear: number;
  readonly rules: StatusRules;
}

/** Returns the settings as text: decisions with the same text were made with the same settings. */
export const formatDecisionSettings = ({ schoolYear, rules }: DecisionSettings): string =>
  JSON.stringify([
    schoolYear,
    rules.graduationCode,
    rules.ignoredCode,
    rules.nextSchoolYear,
    // Most districts have none; so their decisions of before there were any stay the same.
    ...(rules.stayingCodes.length === 0 ? [] : [rules.stayingCodes]),
  ]);

/** Parses the text; returns `undefined` if no import determined the status. */
export function parseDecisionSettings(stored: string | null): DecisionSettings | undefined {
  const values: unknown = stored === null ? undefined : JSON.parse(stored);
  if (!Array.isArray(values)) return undefined;
  const [schoolYear, graduationCode, ignoredCode, storedNext, stayingCodes = []] =
    values as unknown[];
  // Older values are booleans: whether the next school year was read.
  const next = storedNext === true ? 'all' : storedNext === false ? 'current' : storedNext;
  const nextSchoolYear = nextSchoolYears.find((one) => one === next);
  if (
    typeof schoolYear !== 'number' ||
    typeof graduationCode !== 'string' ||
    typeof ignoredCode !== 'string' ||
    nextSchoolYear === undefined ||
    !isListOfTexts(stayingCodes)
  ) {
    return undefined;
  }
  return { schoolYear, rules: { graduationCode, ignoredCode, nextSchoolYear, stayingCodes } };
}

const isListOfTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
