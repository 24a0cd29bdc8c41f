/** Plays a district's summer through the pure rules, with the limits on date changes and on imports. */
import { toDate, type Day } from '../../sandbox/day.ts';
import { dayNumber } from '../../src/enrollment/day-number.ts';
import { isLeavingCode } from '../../src/enrollment/enrollment-span.ts';
import {
  decideStatusInDays,
  retainedDecision,
  type DecisionInDays,
  type RetainedDecision,
} from '../../src/enrollment/status-decision.ts';
import type { Enrollment } from '../../src/enrollment/enrollment.ts';
import type { StatusRules } from '../../src/enrollment/status-settings.ts';
import type { ImportedStatus } from '../../src/enrollment/enrollment-status.ts';
import {
  dateWindowDays,
  findDateHold,
  isHeldChange,
  type DateChangeCount,
} from '../../src/import/plan/date-limits.ts';
import { currentYearOn, type Practice } from './practice.ts';
import { firstWatchedDay, lastWatchedDay, present, schoolDays } from './school-year.ts';
import { changeDays, rowsOn, type RowHistory, type SkywardRow } from './skyward-rows.ts';

/** The limits of a new district. */
const limits = { share: 0.1, minimum: 25 };

/** What Daybreak has of a student. */
export interface PlayedStudent {
  readonly histories: readonly RowHistory[];
  /** Skyward's rows of the day. */
  rows: readonly SkywardRow[];
  enrollments: readonly Enrollment[];
  /** The rows of the last import that was not held; undefined before the first. */
  imported: readonly Enrollment[] | undefined;
  published: RetainedDecision | undefined;
  /** The decision of the rules, which on a hold is not the published one. */
  decided: Decided | undefined;
  isOnHold: boolean;
}

interface Decided extends RetainedDecision {
  readonly changesOn: number;
  readonly until: number;
  readonly enrollments: readonly Enrollment[];
  readonly schoolYear: number;
}

export interface PlayedDay {
  readonly day: Day;
  readonly isImportHeld: boolean;
  readonly students: readonly PlayedStudent[];
}

/** Plays every watched day: an import of the day's rows, or, where that is held, a recalculation. */
export function* playDays(
  practice: Practice,
  all: readonly (readonly RowHistory[])[],
  rules: StatusRules,
): Generator<PlayedDay> {
  const students = all.map((histories): PlayedStudent & { readonly changing: Set<Day> } => ({
    histories,
    changing: changeDays(histories),
    rows: [],
    enrollments: [],
    imported: undefined,
    published: undefined,
    decided: undefined,
    isOnHold: false,
  }));
  const recent: { readonly day: Day; readonly change: DateChangeCount }[] = [];
  let importedYear = present;
  for (let day = firstWatchedDay; day <= lastWatchedDay; day += 1) {
    for (const student of students) {
      if (day > firstWatchedDay && !student.changing.has(day)) continue;
      student.rows = rowsOn(student.histories, day);
      student.enrollments = student.rows.map((row) => toEnrollment(row, practice));
    }
    const schoolYear = currentYearOn(practice, day, present);
    const isImport = publish(students, day, { schoolYear, rules, recent, isImport: true });
    if (isImport) importedYear = schoolYear;
    else publish(students, day, { schoolYear: importedYear, rules, recent, isImport: false });
    yield { day, isImportHeld: !isImport, students };
  }
}

interface Run {
  readonly schoolYear: number;
  readonly rules: StatusRules;
  readonly recent: { readonly day: Day; readonly change: DateChangeCount }[];
  readonly isImport: boolean;
}

/** Publishes the statuses of a day, and returns true; false if the import is held. */
function publish(students: readonly PlayedStudent[], day: Day, run: Run): boolean {
  const { schoolYear, rules, isImport } = run;
  const planned = students.map((student) => {
    const rows = isImport ? student.enrollments : (student.imported ?? []);
    const decided = decide(student, rows, day, schoolYear, rules);
    return { student, rows, decided };
  });
  const moves = planned.filter(({ student, decided }) =>
    isDateMove(student, decided, day, schoolYear, rules),
  );
  const changeOf = ({ student, decided }: (typeof planned)[number]): DateChangeCount => ({
    from: student.published?.status ?? 'INACTIVE',
    to: decided?.status ?? 'INACTIVE',
    entityId: entityOf(student),
    isLeaving: isLeavingCode(codeOf(decided), rules),
    students: 1,
  });
  const limited = moves.filter((move) => isLimited(move.student, move.decided));
  const scope = findDateHold(
    {
      pending: limited.map(changeOf),
      recent: run.recent
        .filter((one) => one.day > day - dateWindowDays)
        .map(({ change }) => change),
      active: students.flatMap((student) =>
        isActive(student.published?.status) ? [{ entityId: entityOf(student), students: 1 }] : [],
      ),
    },
    limits,
  );
  const held = new Set(
    limited.filter((move) => isHeldChange(scope, changeOf(move))).map(({ student }) => student),
  );
  if (isImport && isMassChange(planned.filter(({ student }) => !held.has(student)))) return false;
  for (const move of limited) {
    if (!held.has(move.student)) run.recent.push({ day, change: changeOf(move) });
  }
  for (const { student, rows, decided } of planned) {
    if (isImport) student.imported = rows;
    student.decided = decided;
    student.isOnHold = held.has(student);
    if (!student.isOnHold) student.published = decided;
  }
  return true;
}

/** Whether the rows that were published before lead to the same change, so that only the date is new. */
function isDateMove(
  student: PlayedStudent,
  decided: Decided | undefined,
  day: Day,
  schoolYear: number,
  rules: StatusRules,
): boolean {
  const { published, imported } = student;
  if (published === undefined || decided === undefined || imported === undefined) return false;
  if (published.status === decided.status) return false;
  if (imported === decided.enrollments) return true;
  const before = decideStatusInDays(imported, dayNumber(toPlainDate(day)), schoolYear, rules);
  const rowIn = (rows: readonly Enrollment[]) => {
    const row = rows.find(({ id }) => id === decided.decidedBy);
    return [row?.startDate, row?.endDate, row?.withdrawalDate, row?.withdrawalCode].join();
  };
  return (
    before.status === decided.status &&
    before.decidedBy === decided.decidedBy &&
    rowIn(imported) === rowIn(decided.enrollments)
  );
}

const codeOf = (decided: Decided | undefined): string =>
  decided?.enrollments.find(({ id }) => id === decided.decidedBy)?.withdrawalCode?.trim() ?? '';

/** Whether a change counts for the limits: not those on the first day, nor the highest grade's graduation. */
function isLimited(student: PlayedStudent, decided: Decided | undefined): boolean {
  if (decided === undefined || decided.rule === 'current-enrollment') return false;
  if (student.published?.status === 'PRE_ENROLLED' && decided.status === 'ENROLLED') return false;
  return decided.status !== 'GRADUATED';
}

function isMassChange(
  planned: readonly { readonly student: PlayedStudent; readonly decided: Decided | undefined }[],
): boolean {
  const before = planned.filter(({ student }) => isActive(student.published?.status));
  const lost = before.filter(({ decided }) => decided !== undefined && !isActive(decided.status));
  return lost.length >= limits.minimum && lost.length > before.length * limits.share + 1e-6;
}

const isActive = (status: ImportedStatus | undefined): boolean =>
  status === 'ENROLLED' || status === 'PRE_ENROLLED';

const entityOf = ({ published, rows }: PlayedStudent): number | null =>
  (rows.find(({ id }) => id === published?.decidedBy) ?? rows[0])?.entity ?? null;

/** Decides as an import does: a student of whom nothing counts is not created, and keeps a status. */
function decide(
  { published, decided: before }: PlayedStudent,
  enrollments: readonly Enrollment[],
  day: Day,
  schoolYear: number,
  rules: StatusRules,
): Decided | undefined {
  const today = toPlainDate(day);
  const number = dayNumber(today);
  const isSame =
    before?.enrollments === enrollments &&
    before.schoolYear === schoolYear &&
    number <= before.until;
  if (isSame) return before;
  const decision = decideStatusInDays(enrollments, number, schoolYear, rules);
  if (decision.rule !== 'no-enrollment')
    return toDecided(decision, decision, enrollments, schoolYear);
  if (published === undefined) return undefined;
  const retained = retainedDecision(published, enrollments, today, schoolYear, rules, today);
  return toDecided(retained ?? decision, decision, enrollments, schoolYear);
}

const toDecided = (
  { status, rule, decidedBy }: RetainedDecision,
  { changesOn, sameThrough }: DecisionInDays,
  enrollments: readonly Enrollment[],
  schoolYear: number,
): Decided => ({ status, rule, decidedBy, changesOn, until: sameThrough, enrollments, schoolYear });

const plainDates = new Map<Day, Temporal.PlainDate>();

export function toPlainDate(day: Day): Temporal.PlainDate {
  let date = plainDates.get(day);
  if (date === undefined) {
    date = Temporal.PlainDate.from(toDate(day));
    plainDates.set(day, date);
  }
  return date;
}

const toOptionalDate = (day: Day | null) => (day === null ? null : toPlainDate(day));

/** Returns a row as an import stores it. */
export function toEnrollment(row: SkywardRow, { calendars, region }: Practice): Enrollment {
  return {
    id: row.id,
    entityId: row.entity,
    schoolYear: row.schoolYear,
    startDate: toOptionalDate(row.start),
    endDate: toOptionalDate(row.end),
    withdrawalDate: toOptionalDate(row.withdrawalDate),
    withdrawalCode: row.code,
    isDefaultEntity: row.isDefaultEntity,
    calendarEndDate: toOptionalDate(
      calendars === 'told' ? schoolDays(region, row.schoolYear).last : null,
    ),
    isNoShow: row.isNoShow ? true : null,
    enrolledAtLeastOneDay: null,
  };
}
