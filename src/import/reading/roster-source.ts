/** The interface through which an import reads a student information system. `src/qmlativ` implements it for Skyward. */
import type { UnusableRow } from '../../roster/row-problem.ts';
import type { StagedRow, StagedTable } from '../../roster/staged-rows.ts';

/** One page of a list, mapped to staged rows. */
export interface RosterPage<Table extends StagedTable = StagedTable> {
  readonly page: number;
  readonly rows: readonly StagedRow<Table>[];
  readonly unusable: readonly UnusableRow[];
  /** The number of rows with a dangling id, by field. */
  readonly unresolved: RowCounts;
}

/** Numbers of rows by name. */
export type RowCounts = Readonly<Record<string, number>>;

/** Adds the counts of `more` to `to`. */
export function addRowCounts(to: Record<string, number>, more: RowCounts): void {
  for (const [name, rows] of Object.entries(more)) to[name] = (to[name] ?? 0) + rows;
}

/** An unreadable row of a code table. Values that reference it are unknown. */
export interface UnreadableCode {
  readonly object: string;
  readonly page: number;
  /** Counted from 1 within the page. */
  readonly row: number;
  readonly key: number;
  readonly field: string;
  /** What is wrong with the field; never the value itself. */
  readonly message: string;
}

/** A list to read, repeatedly if necessary, and the staging table of its rows. */
export interface RosterList<Table extends StagedTable = StagedTable> {
  readonly table: Table;
  /** The object's name in the source, for progress and problems. */
  readonly object: string;
  /**
   * Requests the first pages at once, before they are consumed. Requests of a list with a lower rank are sent first.
   * Throws if the list could not be read to its proven end, or was canceled.
   */
  pages(rank?: number): AsyncIterable<RosterPage<Table>>;
}

/** Everything that an import reads. */
export interface Roster {
  /** The current school year in the source, as the calendar year it ends in. */
  readonly schoolYear: number;
  /** The school years whose enrollments are in the lists. */
  readonly schoolYearsRead: readonly number[];
  readonly lists: readonly RosterList[];
}

/** A field without a value in any row. */
export interface EmptyField {
  readonly object: string;
  readonly field: string;
  /** Whether the field was absent from all rows. */
  readonly isAbsent: boolean;
}

/** Fields without permission, or a whole object if `fields` is empty. */
export interface MissingPermissions {
  readonly object: string;
  readonly fields: readonly string[];
}

/** A student-information system, opened for one run. */
export interface RosterSource {
  /**
   * Returns the lists to read, for the school years from the first one given through the one after the current, if the
   * system has them. Code tables are read at the same time as the lists.
   */
  openRoster(scope: {
    /** `YYYY-MM-DD` */
    readonly today: string;
    readonly firstSchoolYear: number;
  }): Promise<Roster>;
  /** Throws if the current school year changed while the lists were read. */
  confirm(roster: Roster): Promise<void>;
  /** Missing permissions; complete once all lists are read. */
  missingPermissions(): readonly MissingPermissions[];
  /** Fields without a value in any row of a list that has rows; complete once all lists are read. */
  emptyFields(): readonly EmptyField[];
  /** Unreadable rows of code tables, which are not used; complete once all lists are read. */
  unreadableCodes(): readonly UnreadableCode[];
  /** Returns whether reading the same list again may succeed after this error. */
  isRetryable(error: unknown): boolean;
  /** Closes all connections. Everything that is being read fails at once. Safe to call twice. */
  close(): Promise<void>;
}
