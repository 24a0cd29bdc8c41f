/** Lists the columns of students, guardians and enrollments, defines the types of their rows, and reads rows by key. */
import type { ColumnTypes, Field, ListType } from './catalog.ts';
import { enrollmentFields } from './enrollment.ts';
import { guardianFields } from './guardian.ts';
import { combinedFields, studentFields } from './student.ts';

type Fields = Readonly<Record<string, Field>>;

type Student = typeof studentFields;
type PlacementKey = {
  [Key in keyof Student]: Student[Key] extends { isPlacement: true } ? Key : never;
}[keyof Student];

const only = (isPlacement: boolean) =>
  Object.fromEntries(
    Object.entries<Field>(studentFields).filter(
      ([, field]) => (field.isPlacement === true) === isPlacement,
    ),
  );

/** Fields of a student that are copied from the enrollment that determines the status. */
export const placementFields = only(true) as Pick<Student, PlacementKey>;

/** A student's other fields. */
const personalFields = only(false) as Personal;

type Personal = Omit<Student, PlacementKey>;
type NameKey = (typeof combinedFields)['name' | 'legalName']['of'][number];

/** Fields with a single value of their own: neither a part of a name nor a list. */
type PlainFields<Catalog> = {
  [
    Key in keyof Catalog as Key extends NameKey
      ? never
      : Catalog[Key] extends { type: ListType }
        ? never
        : Key
  ]: Catalog[Key];
};

const nameKeys: ReadonlySet<string> = new Set([
  ...combinedFields.name.of,
  ...combinedFields.legalName.of,
]);
const lists: ReadonlySet<string> = new Set<ListType>(['addresses', 'phones', 'emails', 'names']);

const plain = <Catalog extends Fields>(fields: Catalog) =>
  Object.fromEntries(
    Object.entries(fields).filter(([key, { type }]) => !nameKeys.has(key) && !lists.has(type)),
  ) as PlainFields<Catalog>;

export const plainStudentFields = plain<Personal>(personalFields);
export const plainGuardianFields = plain(guardianFields);
export const plainEnrollmentFields = plain(enrollmentFields);

const columnsOf = (fields: Fields): string[] => Object.values(fields).map(({ column }) => column);

export const placementColumns: readonly string[] = columnsOf(placementFields);
export const studentColumns: readonly string[] = columnsOf(personalFields);

/** Columns of `guardians` that an import writes, without the ids. */
export const guardianColumns: readonly string[] = columnsOf(guardianFields);

/** Columns of `enrollments` that an import writes, without the ids. */
export const enrollmentColumns: readonly string[] = columnsOf(enrollmentFields);

/** The value of a field, which can be null unless its column is always filled. `Lists` has the types of lists. */
type ValueOf<F, Lists> = F extends { type: infer Type }
  ? | (Type extends keyof ColumnTypes
        ? ColumnTypes[Type]
        : Type extends keyof Lists
          ? Lists[Type]
          : never)
    | (F extends { filled: true } ? never : null)
  : never;

/** A row of a table with these fields, by column. */
export type ColumnValues<Catalog, Lists> = {
  readonly [F in Catalog[keyof Catalog] as ColumnOf<F>]: ValueOf<F, Lists>;
};

type ColumnOf<F> = F extends { column: infer Column extends string } ? Column : never;

export type FieldValues<Catalog, Row> = {
  [Key in keyof Catalog]: Row[ColumnOf<Catalog[Key]> & keyof Row];
};

/** Returns the values of a row by key. */
export const fieldValues = <
  Catalog extends Fields,
  Row extends Readonly<Record<ColumnOf<Catalog[keyof Catalog]>, unknown>>,
>(
  fields: Catalog,
  row: Row,
): FieldValues<Catalog, Row> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, { column }]) => [key, row[column as keyof Row]]),
  ) as FieldValues<Catalog, Row>;
