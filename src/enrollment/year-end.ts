/** How a district closes and prepares a school year, read from its enrollments, and the setting that fits. Pure. */
import { dayNumber, neverDay } from './day-number.ts';
import { hasLeft, isPastBefore, spanOf, type Span } from './enrollment-span.ts';
import type { Enrollment } from './enrollment.ts';
import type { LeavingCodes, NextSchoolYear, StatusRules } from './status-settings.ts';

/**
 * When the enrollments of a school year end: on a date entered weeks ahead, about the last day of school, when Skyward's
 * current year turns, or never. `unknown` if too few students tell.
 */
export type YearClosing = 'ahead' | 'last-day' | 'turn' | 'never' | 'unknown';

export interface YearEnd {
  readonly closing: YearClosing;
  /** The school year that tells it. */
  readonly schoolYear: number;
  /** Students of that year who went on to the next one, by how their enrollment ended. */
  readonly students: Readonly<Record<Exclude<YearClosing, 'unknown' | 'ahead'>, number>>;
  /** Students who left in or after a year, and how many of them still have an enrollment of the next one. */
  readonly leavers: number;
  readonly leaversWithNextYear: number;
  readonly proposal: NextSchoolYear;
  /** Withdrawal codes after which most students stayed: to count as codes of students who have not left. */
  readonly stayingCodes: readonly string[];
}

/** Fewer students than this tell nothing. */
const minStudents = 5;

/**
 * From this share on, leavers with an enrollment of the next year are a practice, and not students who come back: of
 * those who left since the first of them, since nobody has one who left before the next year was prepared.
 */
const staleShare = 0.5;

/** An end from June 28 on is that of the school year, and not that of school. */
const turnMonthAndDay = 628;

/**
 * Describes the end of the last school year from the rows of all students, or that of the current one if it is entered
 * ahead, and proposes how enrollments of the next school year count before they start: `returning` if those of leavers
 * are kept, or if nothing tells; `all` if they are removed, since one that is there then belongs to a student who comes
 * back.
 */
export function describeYearEnd(
  students: Iterable<readonly Enrollment[]>,
  today: Temporal.PlainDate,
  schoolYear: number,
  rules: StatusRules,
): YearEnd {
  const reader = createYearEndReader(today, schoolYear, rules);
  for (const rows of students) reader.add(rows);
  return reader.describe();
}

/** `describeYearEnd` for rosters that are read student by student. */
export function createYearEndReader(
  today: Temporal.PlainDate,
  schoolYear: number,
  rules: StatusRules,
): { add(rows: readonly Enrollment[]): void; describe(): YearEnd } {
  const day = dayNumber(today);
  const ignoredCode = rules.ignoredCode.trim().toUpperCase();
  const ended = { 'last-day': 0, turn: 0, never: 0 };
  const departures: { readonly last: Departure[]; readonly now: Departure[] } = {
    last: [],
    now: [],
  };
  const current = { all: 0, endsLater: 0 };
  const codes = new Map<string, { all: number; stayed: number }>();
  const add = (rows: readonly Enrollment[]): void => {
    const spans: Span[] = [];
    for (const row of rows) {
      const span = spanOf(row, schoolYear, ignoredCode, day);
      if (span.neverCounts !== 'unreadable-date' && !span.isIgnored) spans.push(span);
    }
    countCodes(spans, day, schoolYear, codes);
    const last = finalOf(spans, schoolYear - 1);
    const now = finalOf(spans, schoolYear);
    const next = spans.some((span) => span.schoolYear === schoolYear + 1);
    if (last !== undefined) {
      const wentOn = now !== undefined;
      // A row of this year that was never in effect was prepared before the student left.
      const isKept = spans.some((span) => span.schoolYear === schoolYear);
      if (wentOn) ended[closingOf(last, rows)] += 1;
      else departures.last.push({ span: last, isKept });
    }
    if (now === undefined) return;
    if (now.last < day) departures.now.push({ span: now, isKept: next });
    current.all += 1;
    if (now.last !== neverDay && isWeeksAhead(now.last, today)) current.endsLater += 1;
  };
  const describe = (): YearEnd => {
    const closing = isMost(current.endsLater, current.all) ? 'ahead' : commonClosing(ended);
    const graduationCode = rules.graduationCode.trim();
    const stayingCodes = [...codes]
      .filter(([code, count]) => code !== graduationCode && isMost(count.stayed, count.all))
      .map(([code]) => code)
      .toSorted();
    const leavingCodes = { graduationCode, stayingCodes };
    const before = countKept(departures.last, leavingCodes);
    const now = countKept(departures.now, leavingCodes);
    const kept = before.withNext > 0 || now.all === 0 ? before : now;
    return {
      closing,
      schoolYear: closing === 'ahead' ? schoolYear : schoolYear - 1,
      students: ended,
      leavers: kept.all,
      leaversWithNextYear: kept.withNext,
      proposal: closing === 'unknown' || kept.all === 0 || kept.isPractice ? 'returning' : 'all',
      stayingCodes,
    };
  };
  return { add, describe };
}

/** The last enrollment of a student in a year, and whether there is one of the next year that was never in effect. */
interface Departure {
  readonly span: Span;
  readonly isKept: boolean;
}

/** Counts the students who left other than by graduating, and whether most keep an enrollment of the next year. */
function countKept(departures: readonly Departure[], codes: LeavingCodes) {
  const leavers = departures.filter(
    ({ span }) => hasLeft(span, codes) && (span.code === '' || span.code !== codes.graduationCode),
  );
  const kept = leavers.filter(({ isKept }) => isKept);
  const first = Math.min(...kept.map(({ span }) => span.last));
  const since = leavers.filter(({ span }) => span.last >= first);
  return {
    all: leavers.length,
    withNext: kept.length,
    isPractice: kept.length > 0 && kept.length >= since.length * staleShare,
  };
}

/** Counts whether the student stayed after each enrollment that ended with a code at least a season ago. */
function countCodes(
  spans: readonly Span[],
  day: number,
  schoolYear: number,
  codes: Map<string, { all: number; stayed: number }>,
): void {
  for (const span of spans) {
    if (span.code === '' || span.neverCounts !== undefined || span.last >= day) continue;
    const follows = (next: Span) =>
      next.neverCounts === undefined && next.start > span.last && next.start <= day;
    const isFollowed = spans.some(follows);
    // At the end of the current year nobody knows yet who stays.
    if (!isFollowed && span.schoolYear >= schoolYear) continue;
    const count = codes.get(span.code) ?? { all: 0, stayed: 0 };
    codes.set(span.code, { all: count.all + 1, stayed: count.stayed + (isFollowed ? 1 : 0) });
  }
}

/** The last enrollment of a school year that was in effect. */
function finalOf(spans: readonly Span[], schoolYear: number): Span | undefined {
  let final: Span | undefined;
  for (const span of spans) {
    if (span.schoolYear !== schoolYear || span.neverCounts !== undefined) continue;
    if (final === undefined || isPastBefore(span, final)) final = span;
  }
  return final;
}

/** When an enrollment ended that the student did not leave. */
function closingOf(span: Span, rows: readonly Enrollment[]): 'last-day' | 'turn' | 'never' {
  const row = rows.find(({ id }) => id === span.id);
  if (row?.endDate === null && row.withdrawalDate === null) return 'never';
  const isAfterSchool = span.last > span.schoolYear * 10_000 + turnMonthAndDay - 1;
  return isAfterSchool ? 'turn' : 'last-day';
}

const isWeeksAhead = (last: number, today: Temporal.PlainDate): boolean =>
  last > dayNumber(today.add({ weeks: 2 }));

const isMost = (part: number, whole: number): boolean => whole >= minStudents && part * 2 > whole;

function commonClosing(ended: YearEnd['students']): YearClosing {
  const [first] = (['last-day', 'turn', 'never'] as const).toSorted((a, b) => ended[b] - ended[a]);
  return first !== undefined && ended[first] >= minStudents ? first : 'unknown';
}
