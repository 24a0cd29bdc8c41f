/** `npm run proof -- summers`: every day of a summer, in every way of closing a year, against the oracle. */
import type { Day } from '../../sandbox/day.ts';
import { dayNumber } from '../../src/enrollment/day-number.ts';
import { findStatusHorizon } from '../../src/enrollment/status-horizon.ts';
import { defaultStatusRules, type StatusRules } from '../../src/enrollment/status-settings.ts';
import { describeYearEnd } from '../../src/enrollment/year-end.ts';
import { evidences, showsKeptRow, weighEvidence, type Evidence, type Setting } from './evidence.ts';
import { listPractices, type Practice } from './practice.ts';
import { firstWatchedDay, present } from './school-year.ts';
import { rowsOn, writeRows, type RowHistory } from './skyward-rows.ts';
import { expectStatus, type ExpectedStatus } from './story.ts';
import { inventStudents, type StudentStory } from './student-story.ts';
import { playDays, toEnrollment, toPlainDate, type PlayedStudent } from './summer-play.ts';

export interface SummersOptions {
  readonly students: number;
  readonly seed: number;
  /** Every how many-th district-year is played. */
  readonly step: number;
}

/** Student-days by what Skyward's rows of the day could tell, and those with another status than the oracle's. */
export interface SummerCounts {
  districts: number;
  days: Record<Evidence, number>;
  exceptions: Record<Evidence, number>;
  /** Days on which the rows could tell, and the status is another because its change is on hold, or the import is. */
  toldOnHold: number;
  /** Days on which a status is right only because its change is on hold, or the import is. */
  rightOnHold: number;
  /** Of the exceptions for want of next year's rows: Inactive since a day that was forecast, or shown as not known yet. */
  forecast: number;
  /** Of them: Inactive since a day on which the office entered something about the student. */
  entered: number;
  /** The most students of a district who were wrongly not Enrolled on a day, without forecast or hold. */
  maxSilent: number;
}

export interface SummersResult {
  readonly proposals: Record<string, number>;
  /** With the setting that Daybreak proposes on the first day. */
  readonly proposed: SummerCounts;
  /** With no setting touched. */
  readonly untouched: SummerCounts;
  /** Exceptions with the proposed setting where the rows could tell, and silent mass changes; must stay empty. */
  readonly differences: string[];
}

/** As many students wrongly and silently not Enrolled are a mass change: fewer never hold an import. */
const massOfStudents = 25;

/** Plays the summers of all practices. */
export function proveSummers(
  options: SummersOptions,
  onProgress: (sentence: string) => void,
): SummersResult {
  const result: SummersResult = {
    proposals: {},
    proposed: countNothing(),
    untouched: countNothing(),
    differences: [],
  };
  const practices = listPractices().filter((_, index) => index % options.step === 0);
  for (const [index, practice] of practices.entries()) {
    const district = createDistrict(practice, options.seed + index, options.students);
    const rules = proposeRules(district);
    const proposal = rules.nextSchoolYear;
    result.proposals[proposal] = (result.proposals[proposal] ?? 0) + 1;
    const add = (difference: string) =>
      result.differences.push(`${describePractice(practice)}, ${difference}`);
    playSummer(district, rules, result.proposed, add);
    const silent = playSummer(district, defaultStatusRules, result.untouched, undefined);
    if (silent >= massOfStudents) add(`untouched: ${silent} students silently not Enrolled`);
    if ((index + 1) % 50 === 0) onProgress(`${index + 1} of ${practices.length} district-years`);
  }
  return result;
}

/** A district whose summer is played. */
export interface SummerDistrict extends Setting {
  readonly students: readonly {
    readonly story: StudentStory;
    readonly histories: readonly RowHistory[];
  }[];
}

/** Creates a district; the same for the same seed. */
export function createDistrict(practice: Practice, seed: number, count: number): SummerDistrict {
  const students = inventStudents(seed, practice.region, count).map((story, index) => ({
    story,
    histories: writeRows(story, practice, index * 10 + 1),
  }));
  const showsKeptRows = students.some(({ histories }) =>
    showsKeptRow(rowsOn(histories, firstWatchedDay), firstWatchedDay),
  );
  return { practice, students, showsKeptRows };
}

/** Returns the rules with what Daybreak proposes on the first watched day. */
export function proposeRules({ practice, students }: SummerDistrict): StatusRules {
  const rows = students.map(({ histories }) =>
    rowsOn(histories, firstWatchedDay).map((row) => toEnrollment(row, practice)),
  );
  const today = toPlainDate(firstWatchedDay);
  const { proposal, stayingCodes } = describeYearEnd(rows, today, present, defaultStatusRules);
  return { ...defaultStatusRules, nextSchoolYear: proposal, stayingCodes };
}

/** Plays one summer, adds to the counts, and returns the most students who were silently wrong on a day. */
function playSummer(
  district: SummerDistrict,
  rules: StatusRules,
  counts: SummerCounts,
  onDifference: ((difference: string) => void) | undefined,
): number {
  counts.districts += 1;
  const histories = district.students.map((student) => student.histories);
  const announced = new Set<PlayedStudent>();
  const rowsBefore = new Map<PlayedStudent, PlayedStudent['rows']>();
  const causes = new Map<PlayedStudent, 'forecast' | 'entered' | 'none'>();
  const differences = new Set<string>();
  let max = 0;
  for (const { day, isImportHeld, students } of playDays(district.practice, histories, rules)) {
    let silent = 0;
    for (const [index, student] of students.entries()) {
      const story = district.students[index]?.story;
      const expected = story && expectStatus(story.stays, day);
      if (story === undefined || expected === undefined) continue;
      const evidence = weighEvidence(expected, story, district, student.rows, day);
      counts.days[evidence] += 1;
      const status = student.published?.status;
      if (status === expected) {
        announced.delete(student);
        causes.delete(student);
        if (isImportHeld || student.isOnHold) counts.rightOnHold += 1;
      } else if (status !== undefined || evidence !== 'no rows') {
        const isOnHold = isImportHeld || student.isOnHold;
        if (evidence === 'told' && isOnHold) counts.toldOnHold += 1;
        else counts.exceptions[evidence] += 1;
        if (isWronglyGone(status, expected)) {
          const cause =
            causes.get(student) ??
            (announced.has(student)
              ? 'forecast'
              : rowsBefore.get(student) === student.rows
                ? 'none'
                : 'entered');
          causes.set(student, cause);
          if (cause !== 'forecast') silent += 1;
          if (cause !== 'none' && evidence === 'next year missing') counts[cause] += 1;
        }
        if (evidence === 'told' && !isOnHold) {
          differences.add(`${story.kind}: ${expected} expected, is ${status ?? 'not there'}`);
        }
      }
      if (isForecast(student, day, rules)) announced.add(student);
      rowsBefore.set(student, student.rows);
    }
    max = Math.max(max, silent);
  }
  for (const difference of differences) onDifference?.(difference);
  counts.maxSilent = Math.max(counts.maxSilent, max);
  return max;
}

const isWronglyGone = (status: string | undefined, expected: ExpectedStatus): boolean =>
  status === 'INACTIVE' && expected === 'ENROLLED';

/** Whether the student's next day has another status by forecast, or is shown as not known yet. */
function isForecast({ decided, published }: PlayedStudent, day: Day, rules: StatusRules): boolean {
  if (decided === undefined || published?.status !== 'ENROLLED') return false;
  const tomorrow = dayNumber(toPlainDate(day + 1));
  if (decided.changesOn <= tomorrow) return true;
  if (decided.until > tomorrow && decided.rule !== 'current-enrollment') return false;
  const { unknownFrom } = findStatusHorizon(
    decided.enrollments,
    toPlainDate(day),
    decided.schoolYear,
    rules,
  );
  return unknownFrom !== null && dayNumber(unknownFrom) <= tomorrow;
}

const describePractice = (practice: Practice): string => Object.values(practice).join(', ');

const countNothing = (): SummerCounts => ({
  districts: 0,
  days: countEvidence(),
  exceptions: countEvidence(),
  toldOnHold: 0,
  rightOnHold: 0,
  forecast: 0,
  entered: 0,
  maxSilent: 0,
});

const countEvidence = (): Record<Evidence, number> =>
  Object.fromEntries(evidences.map((name) => [name, 0])) as Record<Evidence, number>;
