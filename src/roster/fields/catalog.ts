/**
 * This folder is the catalog of fields: each field of a student, a guardian and an enrollment once, with its column,
 * type, label and source in Skyward. Columns, row types, requests to Skyward, staged rows, retained values, labels and
 * document fields are derived from it. This file defines what an entry consists of.
 *
 * To add a field that is stored as Skyward has it, add an entry with `copies`, and a migration for the column.
 */

/** The values of columns by type. */
export interface ColumnTypes {
  text: string;
  integer: number;
  bigint: number;
  boolean: boolean;
  /** `YYYY-MM-DD` */
  date: string;
}

/** Lists are stored as JSON. */
export type ListType = 'addresses' | 'phones' | 'emails' | 'names';

/** The kind of change under which History lists a field. */
export type FieldGroup = 'status' | 'contact' | 'school' | 'guardians';

/**
 * What a value needs of Skyward: a field of the table's own object, `Module/Object.Field` of another object, or an
 * object as a whole. In an inner list any one is enough.
 */
export type Source = string | readonly string[];

interface StagedField {
  /** The staged table that has a column of the same name. */
  readonly staged?: string;
  /** The field of Skyward that is stored as it is. */
  readonly copies?: string;
  /** How a copied field is read (`src/qmlativ/objects/qmlativ-object.ts`) if not by its type. */
  readonly reads?: 'code' | 'year' | 'rank';
  /** Everything that a mapped value needs (`src/qmlativ/mapping`). */
  readonly sources?: readonly Source[];
}

/** A column of `students`, `guardians` or `enrollments`. */
export interface Field extends StagedField {
  readonly column: string;
  readonly type: keyof ColumnTypes | ListType;
  readonly label: string;
  /** True if the column is never null. */
  readonly filled?: true;
  readonly group?: FieldGroup;
  /** Staged tables and columns without which the value is unknown, besides its own staged column. */
  readonly needs?: readonly string[];
  /** The column whose value is stored if Skyward has none. */
  readonly fallback?: string;
  /** What the entries of a list consist of. */
  readonly parts?: FieldParts;
  /** While the source is missing: retain the published value (default), hold the import, or ignore it. */
  readonly whenMissing?: 'hold' | 'ignore';
  /** True if a lost value does not show as null, because an empty one is stored as another value. */
  readonly hidesLoss?: true;
  /** True if a student's value is that of the enrollment that determines the status. */
  readonly isPlacement?: true;
  /** The document field that is filled with the value as it is. */
  readonly document?: {
    readonly path: string;
    /** The label is used if this is missing. */
    readonly meaning?: string;
    readonly example: string;
  };
}

/** A part of each entry of a list. */
export interface Part extends StagedField {
  readonly column: string;
  readonly type: 'text' | 'integer' | 'boolean';
  /** JSON path to the part in the published list, which is retained while it would lose such a part. */
  readonly held: string;
  readonly hidesLoss?: true;
}

/** The parts of a list's entries by key, and the staged columns that link entries to people. */
export interface FieldParts {
  readonly fields: Readonly<Record<string, Part>>;
  /** Places with a JSON path, as `held`. */
  readonly links?: Readonly<Record<string, string>>;
}
