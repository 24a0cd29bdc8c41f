/**
 * The catalog of fields is this folder: every field of a student, a guardian and an enrollment, once, with its column,
 * type and label, where Skyward has it, and what happens while that is missing. Columns, row types, staged rows,
 * requests, retained values, history, the preview of changes, comparisons and document fields are derived from it.
 * This file says what an entry consists of.
 *
 * To add a field that Skyward delivers as it is: one entry (`copies`), and a migration for the column.
 */

/** Types of columns; of a list, what each entry is. */
export type FieldType =
  'text' | 'integer' | 'bigint' | 'boolean' | 'date' | 'addresses' | 'phones' | 'emails' | 'names';

/** Under what a change of the field is listed in a student's history; without one, the record's own group. */
export type FieldGroup = 'status' | 'contact' | 'school' | 'guardians';

/** A field of Skyward, `Module/Object.Field` of another object, or an object as a whole; any one of an inner list. */
export type Source = string | readonly string[];

interface Skyward {
  /** The table of staged rows in which it has a column of the same name. */
  readonly staged?: string;
  /** The field of Skyward that is stored as it is. */
  readonly copies?: string;
  /** The same where the value is mapped (`people.ts`, `students.ts in src/qmlativ/mapping`): everything it needs. */
  readonly sources?: readonly Source[];
  /** How the copied field is read (`src/qmlativ/qmlativ-object.ts`), where its type does not say it. */
  readonly reads?: 'code' | 'year' | 'rank';
}

/** A column of `students`, `guardians` or `enrollments`. */
export interface Field extends Skyward {
  readonly column: string;
  readonly type: FieldType;
  readonly label: string;
  /** True when the column is never null. */
  readonly filled?: true;
  readonly group?: FieldGroup;
  /** Staged tables and columns without which it is unknown, besides its own staged column. */
  readonly needs?: readonly string[];
  /** What is stored while Skyward has none: the published value is retained only where it differs from that. */
  readonly fallback?: string;
  /** Entries of a list, by what each consists of. */
  readonly parts?: FieldParts;
  /** While the source is missing: `retain` the published value (default), `hold` the import, or `ignore`. */
  readonly whenMissing?: 'retain' | 'hold' | 'ignore';
  /** True when a loss does not show in the column, since an empty value is stored as another one. */
  readonly hidesLoss?: true;
  /** Of a student: copied from the enrollment that decided the status. */
  readonly isPlacement?: true;
  /** Path and example of the document field, where it is the plain value. */
  readonly document?: {
    readonly path: string;
    readonly meaning?: string;
    readonly example: string;
  };
}

/** A part of each entry of a list. */
export interface Part extends Skyward {
  readonly column: string;
  readonly type: 'text' | 'integer' | 'boolean';
  /** JSON path that finds the part in the published list; the list is retained while it would lose such a part. */
  readonly held: string;
  readonly hidesLoss?: true;
}

/** The parts of a list's entries, and staged columns besides them of which the list consists. */
export interface FieldParts {
  readonly fields: Readonly<Record<string, Part>>;
  readonly links?: Readonly<Record<string, string>>;
}
