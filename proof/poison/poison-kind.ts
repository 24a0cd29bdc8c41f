/** What a kind of poison is: wrong but plausible data that a user could save in Skyward. */
import type { Random } from '../../sandbox/random.ts';

/** A value of a row in Skyward. */
export type Value = string | number | boolean | null;

/** A row of Skyward. New rows have no id. */
export interface Row {
  readonly id: number | null;
  readonly values: Readonly<Record<string, Value>>;
}

/** The lists that a kind can change, with their objects. All but the code tables contain only the chosen students' rows. */
export const listObjects = {
  students: 'Student/Student',
  studentNames: 'Demographics/Name',
  guardianNames: 'Demographics/Name',
  guardianLinks: 'Family/StudentGuardian',
  familyLinks: 'Family/StudentFamily',
  families: 'Family/Family',
  homes: 'Demographics/NameAddress',
  addresses: 'Demographics/Address',
  guardianPhones: 'Demographics/NamePhone',
  guardianEmails: 'Demographics/NameEmail',
  /** Open enrollments of the current school year at the main school. */
  currentEnrollments: 'Enrollment/EntryWithdrawal',
  enrollments: 'Enrollment/EntryWithdrawal',
  /** The latest enrollment of each of as many former students of the district. */
  formerEnrollments: 'Enrollment/EntryWithdrawal',
  entityYears: 'Enrollment/StudentEntityYear',
  calendars: 'Attendance/Calendar',
  entities: 'District/Entity',
  schools: 'Enrollment/School',
  withdrawalCodes: 'Enrollment/WithdrawalCode',
  relationships: 'Demographics/Relationship',
  languages: 'Demographics/Language',
  phoneTypes: 'Demographics/PhoneType',
  zips: 'Demographics/Zip',
} as const;

export type ListName = keyof typeof listObjects;

export type Backup = 'yesterday' | 'last month';

/** What a kind can know of the district besides the rows of one list. */
export interface Surroundings {
  readonly random: Random;
  /** The district's date, `YYYY-MM-DD`. */
  readonly today: string;
  /** The chosen students, ascending. */
  readonly studentIds: readonly number[];
  /** Key of the next new student. */
  readonly nextStudentId: number;
  /** The current and the next SchoolYearID. */
  readonly schoolYearId: number;
  readonly nextSchoolYearId: number;
  /** EntityIDs of the chosen school, and of another one. */
  readonly entityId: number;
  readonly otherEntityId: number;
  /** Returns the key of a withdrawal code in the current school year. */
  readonly withdrawalCode: (code: string) => number | null;
  /** Returns a row as it was in a backup; undefined if it did not exist. */
  readonly earlier: (backup: Backup, list: ListName, row: Row) => Row | undefined;
}

/** Returns the rows after the change: removed rows are absent, new ones have no id. */
export type RowChange = (rows: readonly Row[], surroundings: Surroundings) => readonly Row[];

export interface PoisonKind {
  readonly name: string;
  /** What happened in Skyward. */
  readonly story: string;
  readonly changes: { readonly [List in ListName]?: RowChange };
}

type Values = Row['values'];

/** Changes each row alone. */
export function eachRow(
  change: (values: Values, surroundings: Surroundings, index: number) => Values,
): RowChange {
  return (rows, surroundings) =>
    rows.map(({ id, values }, index) => ({
      id,
      values: { ...values, ...change(values, surroundings, index) },
    }));
}

/** Empties fields. */
export const emptied = (...fields: readonly string[]): RowChange =>
  eachRow(() => Object.fromEntries(fields.map((field) => [field, null])));

/** Sets fields to the same value in all rows. */
export const allSet = (values: Values): RowChange => eachRow(() => values);

/** Gives all rows the fields of the first one. */
export const allAsFirst =
  (...fields: readonly string[]): RowChange =>
  (rows) =>
    rows.map(({ id, values }) => ({ id, values: { ...values, ...pick(rows[0], fields) } }));

/** Gives each row the fields of the row before it, as a column pasted one row too low does. */
export const shifted =
  (...fields: readonly string[]): RowChange =>
  (rows) =>
    rows.map(({ id, values }, index) => ({
      id,
      values: { ...values, ...pick(rows.at(index - 1), fields) },
    }));

function pick(row: Row | undefined, fields: readonly string[]): Values {
  return Object.fromEntries(fields.map((field) => [field, row?.values[field] ?? null]));
}

/** Rewrites texts. */
export const rewritten = (
  fields: readonly string[],
  rewrite: (text: string, index: number) => string,
): RowChange =>
  eachRow((values, _, index) =>
    Object.fromEntries(
      fields.flatMap((field) => {
        const value = values[field];
        return typeof value === 'string' ? [[field, rewrite(value, index)]] : [];
      }),
    ),
  );

/** Moves dates. */
export const moved = (
  fields: readonly string[],
  by: { readonly days?: number; readonly months?: number; readonly years?: number },
): RowChange => rewritten(fields, (text) => formatDate(parseDate(text).add(by)));

/** Reads a date in the form of Skyward's API. */
export function parseDate(text: string): Temporal.PlainDate {
  return Temporal.PlainDate.from(text.slice(0, 10));
}

/** Writes a date in the form of Skyward's API. */
export function formatDate(date: Temporal.PlainDate): string {
  return `${date.toString()}T00:00:00`;
}

export const removed: RowChange = () => [];

/** Adds a copy of each row, with other values. */
export const doubled =
  (values: Values = {}): RowChange =>
  (rows) => [...rows, ...rows.map((row) => ({ id: null, values: { ...row.values, ...values } }))];

/** Restores rows from a backup. */
export const restored =
  (backup: Backup, list: ListName): RowChange =>
  (rows, { earlier }) =>
    rows.flatMap((row) => earlier(backup, list, row) ?? []);
