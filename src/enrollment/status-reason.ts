/** Says in plain words why a student has the status he has, for screens and reports. */
import type { UncountedReason, StatusDecision, StatusRule } from './status-decision.ts';

const ruleSentences: Readonly<Record<StatusRule, string>> = {
  'current-enrollment': 'Enrolled, because an enrollment is in effect today.',
  'future-without-past':
    'Pre-Enrolled, because an enrollment starts at a later date and there is no past one.',
  'future-with-past':
    'Enrolled, because a past enrollment is followed by one that starts at a later date.',
  graduated: 'Graduated, because the most recent past enrollment ended with the graduation code.',
  withdrawn:
    'Inactive, because the most recent past enrollment ended without the graduation code and no other is in effect or to come.',
  'no-enrollment': 'Inactive, because there is no enrollment that counts.',
};

const uncountedSentences: Readonly<Record<UncountedReason, string>> = {
  'not-retrieved':
    'Not counted: it ended more than a year ago, or it starts later in a school year that does not count yet.',
  cecs: 'Not counted: it only stands for courses taken in another entity.',
  'never-effective':
    'Not counted: it was never in effect. It ended before it started, or Skyward says that the student never attended.',
  'unreadable-date': 'Not counted: it has no start date that can be read.',
};

/** The reason of a decision as one sentence that a registrar understands. Names no student and no row. */
export const statusReason = (decision: Pick<StatusDecision, 'rule'>): string =>
  ruleSentences[decision.rule];

/** Why a row was left out, as one sentence. */
export const uncountedSentence = (reason: UncountedReason): string => uncountedSentences[reason];
