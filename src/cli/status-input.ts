/** One line of `daybreak status`: JSON text in, a student with enrollments or what is wrong with it out. */
import * as z from 'zod';
import { createDateReader } from '../enrollment/date-reader.ts';
import type { Enrollment } from '../enrollment/enrollment.ts';

export interface StudentLine {
  readonly studentId: string;
  readonly enrollments: readonly Enrollment[];
}

export type ParsedLine =
  | { readonly student: StudentLine }
  | { /** A sentence that names the field and never its value. */ readonly problem: string };

const shownProblems = 3;

/**
 * A parser with its own memory of dates. Every field is required, `null` where the SIS has nothing; fields
 * it does not know are ignored; ids are whole numbers that JSON can carry exactly, each once per student.
 */
export function createStudentLineParser(): (text: string) => ParsedLine {
  const StudentLine = studentLineSchema();
  return (text) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return { problem: jsonProblem(error) };
    }
    const parsed = StudentLine.safeParse(value);
    if (!parsed.success) return { problem: fieldProblem(parsed.error.issues) };
    const repeated = repeatedId(parsed.data.enrollments);
    return repeated === undefined
      ? { student: parsed.data }
      : {
          problem: `enrollments[${repeated}].id is the same as an earlier one's. Give every enrollment an id of its own.`,
        };
  };
}

function studentLineSchema() {
  const { plainDate } = createDateReader();
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

  return z.object(
    {
      studentId: z.string(expected('a text of at least one character')).min(1, 'is empty'),
      enrollments: z.array(
        z.object(
          {
            id: wholeNumber,
            entityId: wholeNumber,
            schoolYear: z.int(year).min(1, year).max(9998, year),
            startDate: day(dayExpected),
            endDate: dayOrNull,
            withdrawalDate: dayOrNull,
            withdrawalCode: z.string(expected('a text or null')).nullable(),
            isDefaultEntity: z.boolean(expected('true or false')),
            calendarEndDate: dayOrNull,
          },
          expected('an object'),
        ),
        expected('a list'),
      ),
    },
    expected('an object with studentId and enrollments'),
  );
}

const expected = (what: string) => ({
  error: ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? `is missing; it must be ${what}` : `is not ${what}`,
});

/** Where V8 names the place, so do we; its own words quote the line, which may hold a student's data. */
function jsonProblem(error: unknown): string {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  return position === undefined
    ? 'The line is not valid JSON. Write one JSON object a line.'
    : `The line is not valid JSON at character ${Number(position) + 1}. Write one JSON object a line.`;
}

function fieldProblem(issues: readonly z.core.$ZodIssue[]): string {
  const shown = issues
    .slice(0, shownProblems)
    .map(({ path, message }) => `${place(path)} ${message}`);
  const more = issues.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
}

const place = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? 'The line'
    : path
        .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
        .join('')
        .slice(1);

/** The place of the first row whose id an earlier row has. */
function repeatedId(enrollments: readonly Enrollment[]): number | undefined {
  // A student has three or four rows, and looking back over those is quicker than a set.
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
