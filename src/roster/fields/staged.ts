/** Lists the fields of each staged table: columns, their sources in Skyward, and those that are copied as they are. */
import type { Field, Part, Source } from './catalog.ts';
import { enrollmentFields } from './enrollment.ts';
import { guardianFields } from './guardian.ts';
import { studentFields } from './student.ts';

/** The fields of each published table. */
export const fieldsByTable = {
  students: studentFields,
  guardians: guardianFields,
  enrollments: enrollmentFields,
} as const;

type Values<T> = T[keyof T];
type AnyField = { [Table in keyof Catalogs]: Values<Catalogs[Table]> }[keyof Catalogs];
type Catalogs = typeof fieldsByTable;
type PartOf<F> = F extends { parts: { fields: infer Parts } } ? Values<Parts> : never;
type StagedIn<Table extends string> = Extract<AnyField | PartOf<AnyField>, { staged: Table }>;

/** Types of the columns of a staged table that hold fields. */
export type StagedColumns<Table extends string> = {
  readonly [F in StagedIn<Table> as F['column']]: F['type'];
};

type CopiedIn<Table extends string> = Extract<StagedIn<Table>, { copies: string }>;

/** The field of Skyward of each copied column of a staged table. */
export type CopiedColumns<Table extends string> = {
  readonly [F in CopiedIn<Table> as F['column']]: F['copies'];
};

/** The type of each copied field of Skyward. */
export type CopiedFields<Table extends string> = {
  readonly [F in CopiedIn<Table> as F['copies']]: F['type'];
};

const staged: readonly (Field | Part)[] = Object.values(fieldsByTable)
  .flatMap((fields) => Object.values<Field>(fields))
  .flatMap((field) => [field, ...Object.values(field.parts?.fields ?? {})]);

/** The fields of a staged table by column, so that shared ones (names) are there once. */
const fieldsIn = (table: string): ReadonlyMap<string, Field | Part> =>
  new Map(staged.filter((field) => field.staged === table).map((field) => [field.column, field]));

/** Returns the types of the columns of a staged table that hold fields, in the order of the catalog. */
export const stagedColumns = <Table extends string>(table: Table) =>
  Object.fromEntries(
    [...fieldsIn(table)].map(([column, { type }]) => [column, type]),
  ) as StagedColumns<Table>;

/** Returns the sources of the same columns. */
export const stagedSources = <Table extends string>(table: Table) =>
  Object.fromEntries(
    [...fieldsIn(table)].map(([column, { copies, sources }]) => [
      column,
      copies === undefined ? sources : [copies],
    ]),
  ) as Readonly<Record<keyof StagedColumns<Table>, readonly Source[]>>;

/** Returns the fields of a staged table that are copied as Skyward has them. */
export const copiedFields = (
  table: string,
): (Pick<Field, 'column' | 'type' | 'reads'> & { readonly copies: string })[] =>
  [...fieldsIn(table).values()].flatMap((field) =>
    field.copies === undefined ? [] : [{ ...field, copies: field.copies }],
  );
