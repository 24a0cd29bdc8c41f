/** Parses one input line of `daybreak status` into a student with enrollments, or says what is wrong with it. */
import * as z from 'zod';
import { createDateReader, type DateReader } from '../../enrollment/date-reader.ts';
import type { Enrollment } from '../../enrollment/enrollment.ts';

export interface StudentLine {
  readonly studentId: string;
  readonly enrollments: readonly Enrollment[];
}

export type ParsedLine =
  | { readonly student: StudentLine }
  | { /** Names the field, never its value. */ readonly problem: string };

const maxShownProblems = 3;
const firstSchoolYear = 1;
const lastSchoolYear = 9998;

/**
 * Returns a parser with its own cache of dates. Every field except `isNoShow` and `enrolledAtLeastOneDay` is
 * required (`null` if the SIS has no value); unknown fields are ignored; ids are safe integers, unique per student.
 * An enrollment with a missing or unreadable start date is accepted; the status rules do not count it.
 */
export function createStudentLineParser(): (text: string) => ParsedLine {
  const dates = createDateReader();
  const StudentLine = studentLineSchema(dates);
  return (text) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return { problem: describeJsonError(error) };
    }
    const student = parseStudentLineFast(value, dates) ?? StudentLine.safeParse(value);
    if ('success' in student) {
      return student.success
        ? checkIds(student.data)
        : { problem: describeFieldErrors(student.error.issues) };
    }
    return checkIds(student);
  };
}

function checkIds(student: StudentLine): ParsedLine {
  const repeated = findRepeatedId(student.enrollments);
  return repeated === undefined
    ? { student }
    : {
        problem: `enrollments[${repeated}].id is the same as an earlier one's. Give every enrollment its own id.`,
      };
}

/** The schema of a line, and the source of all messages about fields. */
export function studentLineSchema({ plainDate }: DateReader) {
  const wholeNumber = z.int(expected('a whole number of at most 9007199254740991'));
  const year = expected('a school year such as 2027');
  const dayExpected = 'a day written YYYY-MM-DD';

  const day = (what: string) =>
    z.string(expected(what)).transform((text, context) => {
      const date = plainDate(text);
      if (date !== undefined) return date;
      context.issues.push({ code: 'custom', input: text, message: `is not ${what}` });
      return z.NEVER;
    });
  const dayOrNull = day(`${dayExpected} or null`).nullable();
  const dayOrNullIfUnreadable = z
    .unknown()
    .transform((value) => (typeof value === 'string' ? (plainDate(value) ?? null) : null));
  const optionalFlag = z.boolean(expected('true, false or null')).nullish().default(null);

  return z.object(
    {
      studentId: z.string(expected('a text of at least one character')).min(1, 'is empty'),
      enrollments: z.array(
        z.object(
          {
            id: wholeNumber,
            entityId: wholeNumber,
            schoolYear: z.int(year).min(firstSchoolYear, year).max(lastSchoolYear, year),
            startDate: dayOrNullIfUnreadable,
            endDate: dayOrNull,
            withdrawalDate: dayOrNull,
            withdrawalCode: z.string(expected('a text or null')).nullable(),
            isDefaultEntity: z.boolean(expected('true or false')),
            calendarEndDate: dayOrNull,
            isNoShow: optionalFlag,
            enrolledAtLeastOneDay: optionalFlag,
          },
          expected('an object'),
        ),
        expected('a list'),
      ),
    },
    expected('an object with studentId and enrollments'),
  );
}

/** An object whose fields have unknown values, so that each must be checked. */
type Unchecked<Field extends string> = { readonly [Key in Field]?: unknown };

/**
 * Parses a valid line like the schema does, in a fraction of the time. Returns `undefined` for all other lines,
 * which are left to the schema. A test compares the two.
 */
export function parseStudentLineFast(value: unknown, dates: DateReader): StudentLine | undefined {
  if (!isObject(value)) return undefined;
  const { studentId, enrollments }: Unchecked<keyof StudentLine> = value;
  if (typeof studentId !== 'string' || studentId === '' || !Array.isArray(enrollments)) {
    return undefined;
  }
  const rows: Enrollment[] = [];
  for (const each of enrollments as readonly unknown[]) {
    const row = parseEnrollmentFast(each, dates);
    if (row === undefined) return undefined;
    rows.push(row);
  }
  return { studentId, enrollments: rows };
}

function parseEnrollmentFast(value: unknown, dates: DateReader): Enrollment | undefined {
  if (!isObject(value)) return undefined;
  const fields: Unchecked<keyof Enrollment> = value;
  const { id, entityId, schoolYear, withdrawalCode, isDefaultEntity } = fields;
  const startDate = parseDay(fields.startDate, dates) ?? null;
  const endDate = parseDayOrNull(fields.endDate, dates);
  const withdrawalDate = parseDayOrNull(fields.withdrawalDate, dates);
  const calendarEndDate = parseDayOrNull(fields.calendarEndDate, dates);
  const isNoShow = fields.isNoShow ?? null;
  const enrolledAtLeastOneDay = fields.enrolledAtLeastOneDay ?? null;
  if (
    !isWholeNumber(id) ||
    !isWholeNumber(entityId) ||
    !isWholeNumber(schoolYear) ||
    schoolYear < firstSchoolYear ||
    schoolYear > lastSchoolYear ||
    endDate === undefined ||
    withdrawalDate === undefined ||
    calendarEndDate === undefined ||
    (withdrawalCode !== null && typeof withdrawalCode !== 'string') ||
    typeof isDefaultEntity !== 'boolean' ||
    !isFlagOrNull(isNoShow) ||
    !isFlagOrNull(enrolledAtLeastOneDay)
  ) {
    return undefined;
  }
  return {
    id,
    entityId,
    schoolYear,
    startDate,
    endDate,
    withdrawalDate,
    withdrawalCode,
    isDefaultEntity,
    calendarEndDate,
    isNoShow,
    enrolledAtLeastOneDay,
  };
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isWholeNumber = (value: unknown): value is number => Number.isSafeInteger(value);

const isFlagOrNull = (value: unknown): value is boolean | null =>
  value === null || typeof value === 'boolean';

const parseDay = (value: unknown, dates: DateReader): Temporal.PlainDate | undefined =>
  typeof value === 'string' ? dates.plainDate(value) : undefined;

const parseDayOrNull = (
  value: unknown,
  dates: DateReader,
): Temporal.PlainDate | null | undefined => (value === null ? null : parseDay(value, dates));

const expected = (what: string) => ({
  error: ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? `is missing; it must be ${what}` : `is not ${what}`,
});

/** Takes only the position from V8's message, which quotes the line and so may contain student data. */
function describeJsonError(error: unknown): string {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  return position === undefined
    ? 'The line is not valid JSON. Write one JSON object per line.'
    : `The line is not valid JSON at character ${Number(position) + 1}. Write one JSON object per line.`;
}

function describeFieldErrors(issues: readonly z.core.$ZodIssue[]): string {
  const shown = issues
    .slice(0, maxShownProblems)
    .map(({ path, message }) => `${formatPath(path)} ${message}`);
  const more = issues.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
}

const formatPath = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? 'The line'
    : path
        .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
        .join('')
        .slice(1);

/** Returns the index of the first enrollment that repeats the id of an earlier one. */
function findRepeatedId(enrollments: readonly Enrollment[]): number | undefined {
  // Most students have three or four enrollments, for which a loop is faster than a set.
  if (enrollments.length <= 8) {
    for (let at = 1; at < enrollments.length; at += 1) {
      for (let before = 0; before < at; before += 1) {
        if (enrollments[before]?.id === enrollments[at]?.id) return at;
      }
    }
    return undefined;
  }
  const seen = new Set<number>();
  const at = enrollments.findIndex(({ id }) => seen.size === seen.add(id).size);
  return at < 0 ? undefined : at;
}
