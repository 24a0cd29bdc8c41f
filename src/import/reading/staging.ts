/**
 * Loads the rows of an import into temporary tables of the run, page by page, with constant memory. An initial import
 * copies all rows into the tables. Later imports copy only the students' own rows; the rest is kept in a temporary file
 * until the new and changed students are known, usually one in a hundred.
 */
import type pg from 'pg';
import { copyRows, openCopy } from '../../database/copy.ts';
import type { StagedPlace } from '../../roster/qmlativ-sources.ts';
import { remarkKinds, type UnusableRow } from '../../roster/row-problem.ts';
import { stagedTables, type StagedTable } from '../../roster/staged-rows.ts';
import {
  RosterFingerprints,
  type StudentFingerprint,
  type TableHasher,
} from '../change-detection/fingerprints.ts';
import { copyAllRows, copyNeededRows } from '../change-detection/needed-rows.ts';
import {
  addRowCounts,
  type RosterList,
  type RosterPage,
  type RosterSource,
  type RowCounts,
} from './roster-source.ts';
import { readSideBySide } from './list-schedule.ts';
import { RowChunks, type RowSink } from '../change-detection/row-chunks.ts';
import { RowEncoder, RowMemory } from '../change-detection/row-encoding.ts';
import { idColumnsOf } from '../change-detection/row-ownership.ts';
import { RowTempFile } from '../change-detection/row-temp-file.ts';

/**
 * Part of every fingerprint. Increase it when the mapping or the assembly changes what is stored, so that the next
 * import updates all students.
 */
const mappingVersion = 4;

/** How often a list is read from its start before the import fails. */
const maxReadsPerList = 3;

/**
 * Unusable rows are held in memory until the list ends; with more, the list itself is wrong. With more unreadable
 * values, the whole column counts as unknown.
 */
const maxUnusableRows = 20_000;

const unusableColumns = {
  kind: 'text',
  staged_table: 'text',
  object: 'text',
  page: 'integer',
  row_number: 'integer',
  record_key: 'text',
  field: 'text',
  message: 'text',
  unknown_columns: 'text[]',
  student_skyward_id: 'bigint',
  person_id: 'bigint',
  address_id: 'bigint',
  family_id: 'bigint',
} as const;

/** COPY gets text in pieces of this size, the one in which it sends them. */
const copyChunkBytes = 64 * 1024;

/** Called after every page with the list, its rows so far, and the rows of all lists. */
export type StagingProgress = (object: string, objectRows: number, rows: number) => void;

/** Creates the staging tables, `staged_…`. */
export async function createStagingTables(client: pg.ClientBase): Promise<void> {
  const tables = Object.entries({ ...stagedTables, unusable_rows: unusableColumns });
  const statements = tables.map(([table, columns]) => {
    const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    return `create temporary table staged_${table} (${definitions.join(', ')})`;
  });
  await client.query(statements.join('; '));
}

interface ListReading {
  readonly openPages: () => AsyncIterable<RosterPage>;
  readonly isRepeated: boolean;
  /** Called after every page with the number of rows read. */
  readonly onPage: (rows: number) => void;
}

interface ReadList {
  readonly rows: number;
  readonly unusable: readonly UnusableRow[];
  readonly unresolved: RowCounts;
  readonly unusableRows: UnusableRows | undefined;
}

/** The number of unusable rows of a list, and why the first of them is unusable. */
export interface UnusableRows {
  readonly rows: number;
  readonly field: string;
  readonly message: string;
}

/** The rows of one import and the fingerprints of its students. Close it when no more rows are loaded. */
export class StagedRoster {
  /** Rows read, by object. */
  readonly rowsRead: Record<string, number> = {};
  /** Unusable rows by table. */
  readonly unusable = new Map<StagedTable, UnusableRows>();
  /** Rows with a dangling id, by table and field. */
  readonly unresolved = new Map<StagedTable, RowCounts>();
  /** Columns with too many unreadable values, which count as unknown. */
  readonly unreadable = new Set<StagedPlace>();
  /** Whether anyone has a birth date. */
  hasBirthDates = false;
  /** Whether there are unusable rows. */
  hasUnusableRows = false;
  readonly #client: pg.ClientBase;
  readonly #tempFile: RowTempFile | undefined;
  /** What COPY takes. */
  readonly #chunks = new RowChunks();
  /** The statement that runs on the connection, and those that wait for it. */
  #statements: Promise<unknown> = Promise.resolve();
  readonly #memory = new RowMemory();
  readonly #fingerprints = new RosterFingerprints();
  /** The most rows read of each list, so that progress neither counts a repeated list twice nor goes back. */
  readonly #maxRowsRead = new Map<RosterList, number>();
  #allRead = 0;

  private constructor(client: pg.ClientBase, tempFile: RowTempFile | undefined) {
    this.#client = client;
    this.#tempFile = tempFile;
  }

  /** In an initial import all students are new, so all rows are needed immediately. */
  static async open(client: pg.ClientBase, isInitial: boolean): Promise<StagedRoster> {
    return new StagedRoster(client, isInitial ? undefined : await RowTempFile.open());
  }

  /** The number of students whose own row was received and readable. */
  get received(): number {
    return this.#fingerprints.received;
  }

  wasReceived(sisStudentId: number): boolean {
    return this.#fingerprints.wasReceived(sisStudentId);
  }

  /** Returns all received students, after everything is read. */
  fingerprints(): Generator<StudentFingerprint> {
    return this.#fingerprints.results(mappingVersion);
  }

  /**
   * Reads these lists side by side. One that turns out unstable is read again from its start; any other failure ends
   * the reading by `stop`.
   */
  async read(
    source: Pick<RosterSource, 'isRetryable'>,
    lists: readonly RosterList[],
    { onProgress, stop }: { onProgress: StagingProgress; stop?: () => Promise<void> },
  ): Promise<void> {
    const readList = async (list: RosterList, openPages: ListReading['openPages']) => {
      const onPage = (rows: number) => {
        const before = this.#maxRowsRead.get(list) ?? 0;
        const max = Math.max(before, rows);
        this.#maxRowsRead.set(list, max);
        this.#allRead += max - before;
        onProgress(list.object, max, this.#allRead);
      };
      const rows = await this.#readWithRepeats(source, list, { openPages, onPage });
      this.rowsRead[list.object] = (this.rowsRead[list.object] ?? 0) + rows;
    };
    // In the order of the lists, whichever ends first.
    for (const { object } of lists) this.rowsRead[object] ??= 0;
    try {
      await readSideBySide(lists, readList, stop);
    } finally {
      await this.#statements;
    }
  }

  /** Loads the rows of these students into the staging tables. */
  async loadRows(students: Iterable<StudentFingerprint>): Promise<void> {
    if (this.#tempFile === undefined) return;
    await copyNeededRows(this.#client, this.#tempFile, {
      students,
      wasReceived: (id) => this.wasReceived(id),
    });
  }

  /** Loads all rows into the staging tables. */
  async loadAllRows(): Promise<void> {
    if (this.#tempFile !== undefined) await copyAllRows(this.#client, this.#tempFile);
  }

  async close(): Promise<void> {
    await this.#tempFile?.close();
  }

  async #readWithRepeats(
    source: Pick<RosterSource, 'isRetryable'>,
    list: RosterList,
    by: Omit<ListReading, 'isRepeated'>,
  ) {
    for (let reading = 1; ; reading++) {
      try {
        return await this.#readList(list, { ...by, isRepeated: reading > 1 });
      } catch (error) {
        if (reading === maxReadsPerList || !source.isRetryable(error)) throw error;
      }
    }
  }

  /** Reads a list. A failed reading leaves nothing behind, so the list can be read again. */
  async #readList(list: RosterList, by: ListReading): Promise<number> {
    const hasher = this.#fingerprints.open(list.table);
    const sink = await this.#openSink(list.table, by.isRepeated);
    const { rows, unusable, unresolved, unusableRows } = await this.#takePages(list, {
      ...by,
      hasher,
      sink,
    });
    await sink.end();
    if (unusable.length > 0) await this.#runSerially(() => stageUnusable(this.#client, unusable));
    if (!unusable.every(isRemark)) this.hasUnusableRows = true;
    this.unresolved.set(list.table, unresolved);
    if (unusableRows !== undefined) this.unusable.set(list.table, unusableRows);
    hasher.end();
    return rows;
  }

  async #openSink(table: StagedTable, isRepeated: boolean): Promise<RowSink> {
    const width = idColumnsOf(table).length;
    if (this.#tempFile !== undefined && table !== 'students')
      return this.#tempFile.list(table, width);
    if (isRepeated) await this.#runSerially(() => this.#client.query(`truncate staged_${table}`));
    return this.#chunks.list(width, ({ text }) =>
      this.#runSerially(() => copyText(this.#client, table, text)),
    );
  }

  /** Lists come side by side, but a connection takes one statement at a time. */
  #runSerially<Result>(statement: () => Promise<Result>): Promise<Result> {
    const result = this.#statements.then(statement);
    this.#statements = result.catch(() => undefined);
    return result;
  }

  async #takePages(
    list: RosterList,
    to: ListReading & { hasher: TableHasher; sink: RowSink },
  ): Promise<ReadList> {
    const encoder = new RowEncoder(list.table);
    const unusable: UnusableRow[] = [];
    const values: UnusableRow[] = [];
    const remarks: UnusableRow[] = [];
    const unresolved: Record<string, number> = {};
    let count = 0;
    let withoutStartDate = 0;
    let first: UnusableRow | undefined;
    for await (const page of to.openPages()) {
      const encoded = encoder.encode(page.rows, this.#memory);
      to.sink.add(encoded);
      to.hasher.add(encoded);
      this.hasBirthDates ||= encoded.hasBirthDates;
      for (const problem of page.unusable) {
        const { unknownColumns } = problem;
        if (unknownColumns === null) unusable.push(problem);
        else if (isRemark(problem)) remarks.push(problem);
        else if (values.length < maxUnusableRows) values.push(problem);
        else
          for (const column of unknownColumns)
            this.unreadable.add(`${list.table}.${column}` as StagedPlace);
      }
      addRowCounts(unresolved, page.unresolved);
      if (unusable.length > maxUnusableRows) throw new TooManyUnusableRows(list.object, unusable);
      // An enrollment without a start date is stored, but cannot be counted.
      const empty = page.unusable.filter(({ kind }) => kind === 'start-date-unreadable');
      withoutStartDate += empty.length;
      first ??= unusable[0] ?? empty[0];
      count += encoded.count - empty.length;
      await to.sink.flush();
      to.onPage(count);
    }
    const rows = unusable.length + withoutStartDate;
    const unusableRows = first && {
      rows,
      field: first.field,
      message: first.kind === 'start-date-unreadable' ? 'not a real date' : first.message,
    };
    return {
      rows: count,
      unusable: [...unusable, ...values, ...remarks],
      unresolved,
      unusableRows,
    };
  }
}

/** Returns whether the row is used anyway, so its owner is known. */
const isRemark = ({ kind }: UnusableRow): boolean => remarkKinds.some((one) => one === kind);

async function copyText(client: pg.ClientBase, table: StagedTable, text: Buffer): Promise<void> {
  const copy = openCopy(client, `staged_${table}`, Object.keys(stagedTables[table]));
  try {
    for (let start = 0; start < text.length; start += copyChunkBytes) {
      copy.writeEncoded(text, start, Math.min(start + copyChunkBytes, text.length));
      await copy.flush();
    }
    await copy.end();
  } catch (error) {
    await copy.abort(error instanceof Error ? error : new Error('COPY ended', { cause: error }));
    throw error;
  }
}

async function stageUnusable(client: pg.ClientBase, unusable: readonly UnusableRow[]) {
  const rows = unusable.map((row) => [
    row.kind,
    row.table,
    row.object,
    row.page,
    row.row,
    row.key,
    row.field,
    row.message,
    row.unknownColumns && `{${row.unknownColumns.join(',')}}`,
    row.sisStudentId,
    row.personId,
    row.addressId,
    row.familyId,
  ]);
  await copyRows(client, 'staged_unusable_rows', Object.keys(unusableColumns), [rows]);
}

/** Thrown when so many rows are unusable that the list itself must be wrong. */
class TooManyUnusableRows extends Error {
  override readonly name = 'TooManyUnusableRows';
  readonly code = 'too-many-unusable-rows';
  readonly advice =
    'The data in Skyward or the version of its API has changed in an unsupported way. No data was changed; send this message to support.';
  constructor(object: string, rows: readonly UnusableRow[]) {
    const first = rows[0];
    super(
      `${object}: more than ${maxUnusableRows} rows cannot be used. The first is on page ${first?.page}, row ${first?.row}: ${first?.field} is ${first?.message}`,
    );
  }
}
