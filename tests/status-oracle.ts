/**
 * Determines a student's enrollment status directly from the rules in docs/status-rules.md, as a careful person would
 * with a calendar. Dates are compared as ISO texts and counted day by day. Shares no code with `src`.
 */

/** An enrollment with its resolved withdrawal code. */
export interface OracleEnrollment {
  readonly id: number;
  /** The year in which the school year ends. */
  readonly schoolYear: number;
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly withdrawalDate: string | null;
  readonly withdrawalCode: string | null;
  readonly isDefaultEntity: boolean;
  readonly calendarEndDate: string | null;
  readonly isNoShow?: boolean | null;
  readonly enrolledAtLeastOneDay?: boolean | null;
}

/** Which enrollments of the next school year are retrieved before they start. */
export type NextYear = 'current' | 'returning' | 'all';

export interface OracleQuestion {
  readonly today: string;
  /** The current school year, by the year in which it ends. */
  readonly schoolYear: number;
  readonly nextYear: NextYear;
}

export type ExpectedStatus = 'ENROLLED' | 'PRE_ENROLLED' | 'GRADUATED' | 'INACTIVE';

export type OracleReason = 'unreadable-date' | 'never-effective' | 'not-retrieved' | 'cecs';

/** Data that does not change from day to day until the next reading. */
interface Circumstances {
  readonly readOn: string;
  readonly schoolYear: number;
  readonly nextYear: NextYear;
}

/** The result of the rules on one day. */
interface DayDecision {
  readonly status: ExpectedStatus;
  readonly rule:
    | 'current-enrollment'
    | 'future-without-past'
    | 'future-with-past'
    | 'graduated'
    | 'withdrawn'
    | 'no-enrollment';
  readonly decidedBy: number | null;
  readonly leftOut: readonly { readonly id: number; readonly reason: OracleReason }[];
}

/** The output of `daybreak status` for a student. */
export interface OracleDecision extends DayDecision {
  readonly changesOn: string | null;
}

/** A district's students and its date; the facts of the sandbox have this form. */
export interface OracleDistrict {
  readonly today: string;
  readonly schoolYear: number;
  readonly students: readonly {
    readonly studentId: number;
    readonly enrollments: readonly OracleEnrollment[];
    /** The day on which the enrollments were read, if it was not today. */
    readonly readOn?: string;
  }[];
}

export interface Expectation {
  readonly status: ExpectedStatus;
  /** Whether an enrollment counts today; without one, a new student is not created. */
  readonly counts: boolean;
}

/** An enrollment with the days that it covers; `lastDay` and `withdrawal` are null while it is open. */
interface Span {
  readonly enrollment: OracleEnrollment;
  readonly start: string;
  readonly lastDay: string | null;
  readonly withdrawal: string | null;
}

/** How many days ahead to search for the next change. */
const forecastDays = 4 * 366;

/** Returns the decision on `today`, and the next day on which the same enrollments have another status. */
export function expectedDecision(
  enrollments: readonly OracleEnrollment[],
  question: OracleQuestion,
): OracleDecision {
  const { today, schoolYear, nextYear } = question;
  const circumstances = { readOn: today, schoolYear, nextYear };
  const decision = decisionOn(today, enrollments, circumstances);
  let day = today;
  for (let ahead = 1; ahead <= forecastDays; ahead += 1) {
    day = dayAfter(day);
    const later = decisionOn(day, enrollments, circumstances);
    // A day without any counted enrollment is not a change.
    if (later.rule === 'no-enrollment') continue;
    if (later.status !== decision.status) return { ...decision, changesOn: day };
  }
  return { ...decision, changesOn: null };
}

/**
 * Returns what an import on the district's date must have published, by student. `published` has the statuses published
 * before it; other students are new.
 */
export function expectedStatuses(
  district: OracleDistrict,
  published: ReadonlyMap<number, ExpectedStatus>,
  nextYear: NextYear = 'current',
): Map<number, Expectation> {
  const { today, schoolYear } = district;
  const expected = new Map<number, Expectation>();
  for (const { studentId, enrollments, readOn = today } of district.students) {
    const circumstances = { readOn, schoolYear, nextYear };
    const decision = decisionOn(today, enrollments, circumstances);
    const before = published.get(studentId);
    // Past enrollments result in one of these two; another status changed for a reason other than age.
    const canAge = before === 'GRADUATED' || before === 'INACTIVE';
    const isKept =
      decision.rule === 'no-enrollment' &&
      canAge &&
      enrollments.some((enrollment) => hasAged(enrollment, today, circumstances));
    expected.set(studentId, {
      status: isKept ? before : decision.status,
      counts: decision.decidedBy !== null,
    });
  }
  return expected;
}

/** Returns whether an enrollment would count today if its withdrawal date were within a year. */
function hasAged(
  enrollment: OracleEnrollment,
  today: string,
  { schoolYear, readOn }: Circumstances,
): boolean {
  const span = toSpan(enrollment, schoolYear);
  if (span === null || isNeverEffective(span, readOn) || isCecs(enrollment)) return false;
  return isOver(span, today) && !isWithinYear(span, today);
}

/** Applies the rules on one day. Values that Skyward computed on the day of reading do not apply to later days. */
function decisionOn(
  day: string,
  enrollments: readonly OracleEnrollment[],
  circumstances: Circumstances,
): DayDecision {
  const leftOut: { id: number; reason: OracleReason }[] = [];

  const effective: Span[] = [];
  for (const enrollment of enrollments) {
    const span = toSpan(enrollment, circumstances.schoolYear);
    if (span === null) leftOut.push({ id: enrollment.id, reason: 'unreadable-date' });
    else if (isNeverEffective(span, circumstances.readOn))
      leftOut.push({ id: enrollment.id, reason: 'never-effective' });
    else effective.push(span);
  }

  const isReturning = !hasLeft(effective, day);
  const counted: Span[] = [];
  for (const span of effective) {
    const { id } = span.enrollment;
    if (!isRetrieved(span, day, circumstances, isReturning))
      leftOut.push({ id, reason: 'not-retrieved' });
    else if (isCecs(span.enrollment)) leftOut.push({ id, reason: 'cecs' });
    else counted.push(span);
  }
  leftOut.sort((one, other) => one.id - other.id);

  const past = counted.filter((span) => isOver(span, day));
  const future = counted.filter((span) => isToCome(span, day));
  const current = counted.filter((span) => !isOver(span, day) && !isToCome(span, day));

  const nowBy = current.toSorted(
    (one, other) =>
      defaultFirst(one, other) || latestFirst(one.start, other.start) || highestId(one, other),
  )[0];
  if (nowBy !== undefined)
    return {
      status: 'ENROLLED',
      rule: 'current-enrollment',
      decidedBy: nowBy.enrollment.id,
      leftOut,
    };

  const soonBy = future.toSorted(
    (one, other) =>
      latestFirst(other.start, one.start) || defaultFirst(one, other) || highestId(one, other),
  )[0];
  if (soonBy !== undefined) {
    const decidedBy = soonBy.enrollment.id;
    return past.length === 0
      ? { status: 'PRE_ENROLLED', rule: 'future-without-past', decidedBy, leftOut }
      : { status: 'ENROLLED', rule: 'future-with-past', decidedBy, leftOut };
  }

  const lastBy = mostRecent(past);
  if (lastBy === undefined)
    return { status: 'INACTIVE', rule: 'no-enrollment', decidedBy: null, leftOut };
  const decidedBy = lastBy.enrollment.id;
  return isGraduation(lastBy.enrollment)
    ? { status: 'GRADUATED', rule: 'graduated', decidedBy, leftOut }
    : { status: 'INACTIVE', rule: 'withdrawn', decidedBy, leftOut };
}

/** Returns the days of an enrollment, or null if its start date is implausible. */
function toSpan(enrollment: OracleEnrollment, schoolYear: number): Span | null {
  const start = findStart(enrollment.startDate);
  if (start === null) return null;
  const end = findEnd(enrollment, 'endDate');
  const withdrawal = findEnd(enrollment, 'withdrawalDate');

  if (end === null && withdrawal === null) {
    if (enrollment.schoolYear >= schoolYear)
      return { enrollment, start, lastDay: null, withdrawal: null };
    const closed = closingDay(enrollment, start);
    return { enrollment, start, lastDay: closed, withdrawal: closed };
  }
  if (withdrawal === null) return { enrollment, start, lastDay: end, withdrawal: end };
  const isCut = end === null || withdrawal < end;
  return { enrollment, start, lastDay: isCut ? dayBefore(withdrawal) : end, withdrawal };
}

/** Returns the day on which the school year ended for an open enrollment. */
function closingDay(enrollment: OracleEnrollment, start: string): string {
  const calendarEnd = findEnd(enrollment, 'calendarEndDate');
  if (calendarEnd !== null && start <= calendarEnd) return calendarEnd;
  const endOfJune = `${fourDigits(enrollment.schoolYear)}-06-30`;
  return start <= endOfJune ? endOfJune : start;
}

function isNeverEffective(span: Span, readOn: string): boolean {
  const { isNoShow, enrolledAtLeastOneDay } = span.enrollment;
  if (span.lastDay !== null && span.lastDay < span.start) return true;
  if (isNoShow === true) return true;
  return enrolledAtLeastOneDay === false && isOver(span, readOn);
}

function isRetrieved(
  span: Span,
  day: string,
  circumstances: Circumstances,
  isReturning: boolean,
): boolean {
  const { schoolYear } = span.enrollment;
  if (isOver(span, day)) return isWithinYear(span, day);
  if (!isToCome(span, day)) return true;
  if (schoolYear === circumstances.schoolYear) return true;
  if (schoolYear !== circumstances.schoolYear + 1) return false;
  return (
    circumstances.nextYear === 'all' || (circumstances.nextYear === 'returning' && isReturning)
  );
}

/**
 * Returns whether the most recent enrollment ended because the student left: with a withdrawal code, or long before the
 * end of the school year.
 */
function hasLeft(effective: readonly Span[], day: string): boolean {
  const last = mostRecent(
    effective.filter(
      (span) => isOver(span, day) && isWithinYear(span, day) && !isCecs(span.enrollment),
    ),
  );
  if (last === undefined || last.lastDay === null) return false;
  if ((last.enrollment.withdrawalCode ?? '').trim() !== '') return true;
  let earliest =
    findEnd(last.enrollment, 'calendarEndDate') ??
    `${fourDigits(last.enrollment.schoolYear)}-05-31`;
  for (let back = 0; back < 45; back += 1) earliest = dayBefore(earliest);
  return last.lastDay < earliest;
}

function isOver({ lastDay }: Span, day: string): boolean {
  return lastDay !== null && lastDay < day;
}

function isToCome({ start }: Span, day: string): boolean {
  return start > day;
}

/** Returns whether the withdrawal date is at most a year ago, or in the future. */
function isWithinYear({ withdrawal }: Span, day: string): boolean {
  return withdrawal !== null && withdrawal >= yearBefore(day);
}

function isCecs({ withdrawalCode }: OracleEnrollment): boolean {
  return withdrawalCode?.trim().toUpperCase() === 'CECS';
}

function isGraduation({ withdrawalCode }: OracleEnrollment): boolean {
  return withdrawalCode?.trim() === '01';
}

function mostRecent(past: readonly Span[]): Span | undefined {
  return past.toSorted(
    (one, other) =>
      latestFirst(one.lastDay ?? '', other.lastDay ?? '') ||
      latestFirst(one.start, other.start) ||
      defaultFirst(one, other) ||
      highestId(one, other),
  )[0];
}

function latestFirst(one: string, other: string): number {
  if (one === other) return 0;
  return one > other ? -1 : 1;
}

function defaultFirst(one: Span, other: Span): number {
  return Number(other.enrollment.isDefaultEntity) - Number(one.enrollment.isDefaultEntity);
}

function highestId(one: Span, other: Span): number {
  return other.enrollment.id - one.enrollment.id;
}

function findStart(text: string | null): string | null {
  const day = text === null ? null : dayIn(text);
  return day === null || isPlaceholder(day) || !isInCalendar(day) ? null : day;
}

/** Returns an end date, or null if there is none. Throws for an invalid date, which the rules do not cover. */
function findEnd(
  enrollment: OracleEnrollment,
  field: 'endDate' | 'withdrawalDate' | 'calendarEndDate',
): string | null {
  const text = enrollment[field];
  if (text === null) return null;
  const day = dayIn(text);
  if (day !== null && isPlaceholder(day)) return null;
  if (day === null || !isInCalendar(day))
    throw new Error(
      `Enrollment ${enrollment.id}, ${field}: not a date; the rules do not cover it.`,
    );
  return day;
}

/** Returns the date at the start of a text, without time and zone. */
function dayIn(text: string): string | null {
  return /^\d{4}-\d{2}-\d{2}(?!\d)/.exec(text)?.[0] ?? null;
}

function isPlaceholder(day: string): boolean {
  return day < '1980-01-01' || day > '2900-12-31';
}

function isInCalendar(text: string): boolean {
  const { year, month, day } = toParts(text);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function dayAfter(text: string): string {
  const { year, month, day } = toParts(text);
  if (day < daysIn(year, month)) return toText(year, month, day + 1);
  return month < 12 ? toText(year, month + 1, 1) : toText(year + 1, 1, 1);
}

function dayBefore(text: string): string {
  const { year, month, day } = toParts(text);
  if (day > 1) return toText(year, month, day - 1);
  return month > 1 ? toText(year, month - 1, daysIn(year, month - 1)) : toText(year - 1, 12, 31);
}

/** Returns the same day a year earlier; 28 February for 29 February. */
function yearBefore(text: string): string {
  const { year, month, day } = toParts(text);
  return toText(year - 1, month, month === 2 && day === 29 ? 28 : day);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function toParts(text: string): { year: number; month: number; day: number } {
  const [year, month, day] = text.split('-').map(Number);
  return { year: year ?? 0, month: month ?? 0, day: day ?? 0 };
}

function toText(year: number, month: number, day: number): string {
  return `${fourDigits(year)}-${twoDigits(month)}-${twoDigits(day)}`;
}

function fourDigits(year: number): string {
  return String(year).padStart(4, '0');
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
