/**
 * What the nightly import asks of a student-information system. Skyward Qmlativ answers in
 * `src/qmlativ`; another system would be another folder that gives the same.
 */
import type { UnusableRow } from '../../roster/row-problem.ts';
import type { StagedRow, StagedTable } from '../../roster/staged-rows.ts';

/** One page of a list, already in our words. */
export interface RosterPage<Table extends StagedTable = StagedTable> {
  readonly page: number;
  readonly rows: readonly StagedRow<Table>[];
  readonly unusable: readonly UnusableRow[];
  /** How many of its rows have an id in a field that leads nowhere, by the field as `unresolved` names it. */
  readonly unresolved: RowCounts;
}

/** Rows by what they are counted by. */
export type RowCounts = Readonly<Record<string, number>>;

/** Adds to one count of rows what another has. */
export function addRowCounts(to: Record<string, number>, more: RowCounts): void {
  for (const [name, rows] of Object.entries(more)) to[name] = (to[name] ?? 0) + rows;
}

/** A row of a code table that could not be read; what points to it is unknown. */
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

/** A list that the night needs: where its rows go and how to read it, as often as it takes. */
export interface RosterList<Table extends StagedTable = StagedTable> {
  readonly table: Table;
  /** The object's name in the source, for progress and problems. */
  readonly object: string;
  /**
   * Asks for the first pages at once, before they are taken; of several lists, requests of the one with the lower rank
   * are sent first. Throws when the list could not be read to its proven end, or was stopped; never ends early in
   * silence.
   */
  pages(rank?: number): AsyncIterable<RosterPage<Table>>;
}

/** Everything that an import reads. */
export interface Roster {
  /** Number of the school year that the source calls current: the calendar year it ends in. */
  readonly schoolYear: number;
  /** The school years whose enrollments are in the lists. */
  readonly schoolYearsRead: readonly number[];
  readonly lists: readonly RosterList[];
}

/** A field that held a value in no row. */
export interface EmptyField {
  readonly object: string;
  readonly field: string;
  /** It came in no row at all, not even without a value. */
  readonly isAbsent: boolean;
}

/** Fields, or a whole object when `fields` is empty, that this access was not granted. */
export interface MissingPermissions {
  readonly object: string;
  readonly fields: readonly string[];
}

/** A student-information system, opened for one run. */
export interface RosterSource {
  /**
   * Says which lists there are: of the school years from the first one given through the one after the current, as
   * far as the system has them. Code tables are read beside the lists. `signal` ends reading either.
   */
  openRoster(scope: {
    /** `YYYY-MM-DD` */
    readonly today: string;
    readonly firstSchoolYear: number;
    readonly signal?: AbortSignal;
  }): Promise<Roster>;
  /** Throws when what the whole reading stood on, the current school year, changed while it went on. */
  confirm(roster: Roster): Promise<void>;
  /** What was left out because it was not granted; complete once all lists are read. */
  missingPermissions(): readonly MissingPermissions[];
  /** Fields that held a value in no row while rows came; complete once all lists are read. */
  emptyFields(): readonly EmptyField[];
  /** Rows of code tables that are not used because they could not be read; complete once all lists are read. */
  unreadableCodes(): readonly UnreadableCode[];
  /** True for a fault after which reading the same list again may well succeed. */
  isRetryable(error: unknown): boolean;
  close(): Promise<void>;
}
