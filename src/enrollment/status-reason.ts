/** Explains a status, and why an enrollment is not counted, in sentences for screens and reports. */
import type { UncountedReason, StatusRule } from './status-decision.ts';

const ruleSentences: Readonly<Record<StatusRule, string>> = {
  'current-enrollment': 'Enrolled: an enrollment is in effect today.',
  'future-without-past': 'Pre-Enrolled: an enrollment starts at a later date.',
  'future-with-past': 'Enrolled: between two enrollments.',
  graduated: 'Graduated: the last enrollment ended with the graduation code.',
  withdrawn: 'Inactive: the last enrollment ended. No current or upcoming enrollment.',
  'no-enrollment': 'Inactive: no enrollment is counted.',
};

const uncountedSentences: Readonly<Record<UncountedReason, string>> = {
  'not-retrieved':
    'Not counted: it ended more than a year ago, or it starts in a school year that is not counted yet.',
  cecs: 'Not counted: it is only for courses at another campus.',
  'never-effective':
    'Not counted: it was never in effect. It ended before it started, or the student never attended.',
  'unreadable-date': 'Not counted: it has no readable start date.',
};

/** Returns the reason of a rule's status as text that a registrar understands. */
export const ruleReason = (rule: StatusRule): string => ruleSentences[rule];

/** Returns why an enrollment is not counted, as a sentence. */
export const uncountedSentence = (reason: UncountedReason): string => uncountedSentences[reason];
