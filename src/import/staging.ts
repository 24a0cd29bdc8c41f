/**
 * Brings a night's rows into temporary tables of the run, page by page, memory flat. On a first night everybody is
 * new, and all rows go there by COPY at once. On any other only the students' own rows do: the rest waits in a
 * spool until it is known who is new or changed, which on most nights is one in a hundred.
 */
import type pg from 'pg';
import type { CopyText, CopyValue } from '../database/copy-text.ts';
import { copyRows, openCopy } from '../database/copy.ts';
import type { UnusableRow } from '../roster/row-problem.ts';
import { stagedTables, type StagedTable } from '../roster/staged-rows.ts';
import {
  foldingOrder,
  RosterFingerprints,
  type StudentFingerprint,
  type TableFolding,
} from './fingerprints.ts';
import { copyAllRows, copyNeededRows, idColumnsOf } from './needed-rows.ts';
import type { RosterList, RosterSource } from './roster-source.ts';
import { RowSpool } from './row-spool.ts';
import type { TableKind } from './night-tables.ts';

/**
 * Goes into every fingerprint. Raise it when the mapping or the assembly changes what is kept, so that
 * the next night looks at everybody again.
 */
const mappingVersion = 3;

type StagedValue = string | number | boolean | null;

/** How often one list is read from its start again before the night gives up. */
const readingsPerList = 3;

/** Rows that cannot be used are held in memory until their list ends; more than this is no list of students. */
const unusableLimit = 20_000;

const unusableColumns = {
  kind: 'text',
  staged_table: 'text',
  object: 'text',
  page: 'integer',
  row_number: 'integer',
  record_key: 'text',
  field: 'text',
  message: 'text',
  student_skyward_id: 'bigint',
  person_id: 'bigint',
  address_id: 'bigint',
  family_id: 'bigint',
} as const;

/** Told after every page: which list, and how many rows of it are staged so far. */
export type StagingProgress = (object: string, rows: number) => void;

/** Makes the empty staging tables, `staged_…`. */
export async function createStagingTables(
  client: pg.ClientBase,
  kind: TableKind = 'temporary',
): Promise<void> {
  const tables = Object.entries({ ...stagedTables, unusable_rows: unusableColumns });
  const statements = tables.map(([table, columns]) => {
    const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    return `create ${kind} table staged_${table} (${definitions.join(', ')})`;
  });
  await client.query(statements.join('; '));
}

const placeOf = ({ table }: RosterList) => foldingOrder.indexOf(table);

/** Where the rows of a list go: a COPY or the spool. */
interface RowSink {
  write(row: readonly CopyValue[]): void;
  readonly text: CopyText;
  flush(): Promise<void>;
}

interface ReadList {
  readonly rows: number;
  readonly unusable: readonly UnusableRow[];
}

/** The rows of one night and the fingerprints of its students. To be closed once no more rows are brought in. */
export class StagedRoster {
  /** Rows read, by object. */
  readonly rowsRead: Record<string, number> = {};
  /** Whether anybody at all has a birth date. */
  hasBirthDates = false;
  /** Whether there are rows of which it is not known whose they are, or what they say. */
  hasUnusableRows = false;
  readonly #client: pg.ClientBase;
  readonly #spool: RowSpool | undefined;
  readonly #fingerprints = new RosterFingerprints();

  private constructor(client: pg.ClientBase, spool: RowSpool | undefined) {
    this.#client = client;
    this.#spool = spool;
  }

  /** On a first night everybody is new: every row is needed at once. */
  static async open(client: pg.ClientBase, isFirstNight: boolean): Promise<StagedRoster> {
    return new StagedRoster(client, isFirstNight ? undefined : await RowSpool.open());
  }

  /** How many students' own rows were delivered and could be read. */
  get delivered(): number {
    return this.#fingerprints.delivered;
  }

  isDelivered(studentId: number): boolean {
    return this.#fingerprints.isDelivered(studentId);
  }

  /** All delivered students; once everything is read. */
  fingerprints(): Generator<StudentFingerprint> {
    return this.#fingerprints.results(mappingVersion);
  }

  /**
   * Reads all lists one after the other. A list that turns out unstable is read again from its start; any other
   * failure ends the reading.
   */
  async read(
    source: RosterSource,
    lists: readonly RosterList[],
    onProgress: StagingProgress,
  ): Promise<void> {
    for (const list of lists.toSorted((a, b) => placeOf(a) - placeOf(b))) {
      const rows = await this.#readWithRepeats(source, list, onProgress);
      this.rowsRead[list.object] = (this.rowsRead[list.object] ?? 0) + rows;
    }
  }

  /** Brings the rows of these students alone into the staging tables. */
  async bringIn(students: Iterable<StudentFingerprint>): Promise<void> {
    if (this.#spool === undefined) return;
    await copyNeededRows(this.#client, this.#spool, {
      students,
      isDelivered: (id) => this.isDelivered(id),
    });
  }

  /** Brings everybody's rows into the staging tables. */
  async bringInAll(): Promise<void> {
    if (this.#spool !== undefined) await copyAllRows(this.#client, this.#spool);
  }

  async close(): Promise<void> {
    await this.#spool?.close();
  }

  async #readWithRepeats(source: RosterSource, list: RosterList, onProgress: StagingProgress) {
    for (let reading = 1; ; reading++) {
      try {
        return await this.#readList(list, onProgress);
      } catch (error) {
        if (reading === readingsPerList || !source.isWorthReadingAgain(error)) throw error;
      }
    }
  }

  /** A list that is read again leaves nothing of its first reading. */
  async #readList(list: RosterList, onProgress: StagingProgress): Promise<number> {
    const columns = Object.keys(stagedTables[list.table]);
    const folding = this.#fingerprints.open(list.table, columns);
    const take = (sink: RowSink) => this.#takePages(list, columns, { folding, sink, onProgress });
    try {
      const { rows, unusable } =
        this.#spool === undefined || list.table === 'students'
          ? await copyList(this.#client, list, columns, take)
          : await spoolList(this.#spool, list.table, columns, take);
      if (unusable.length > 0) {
        await stageUnusable(this.#client, unusable);
        this.hasUnusableRows = true;
      }
      return rows;
    } catch (error) {
      folding.undo();
      throw error;
    }
  }

  async #takePages(
    list: RosterList,
    columns: readonly string[],
    to: { folding: TableFolding; sink: RowSink; onProgress: StagingProgress },
  ): Promise<ReadList> {
    const values: StagedValue[] = columns.map(() => null);
    const birthDate = list.table === 'people' ? columns.indexOf('birth_date') : -1;
    const unusable: UnusableRow[] = [];
    let rows = 0;
    for await (const page of list.pages()) {
      for (const row of page.rows) {
        const named = row as Readonly<Record<string, StagedValue>>;
        for (let index = 0; index < columns.length; index++)
          values[index] = named[columns[index] ?? ''] ?? null;
        if (birthDate >= 0 && values[birthDate] !== null) this.hasBirthDates = true;
        to.sink.write(values);
        to.folding.add(values, to.sink.text);
      }
      unusable.push(...page.unusable);
      if (unusable.length > unusableLimit) throw new TooManyUnusableRows(list.object, unusable);
      rows += page.rows.length;
      await to.sink.flush();
      to.onProgress(list.object, rows);
    }
    return { rows, unusable };
  }
}

type TakePages = (sink: RowSink) => Promise<ReadList>;

const reasonOf = (error: unknown) =>
  error instanceof Error ? error : new Error('Reading ended', { cause: error });

/** COPY undoes what it has taken when it is not ended. */
async function copyList(
  client: pg.ClientBase,
  list: RosterList,
  columns: readonly string[],
  take: TakePages,
): Promise<ReadList> {
  const copy = openCopy(client, `staged_${list.table}`, columns);
  try {
    const read = await take(copy);
    await copy.end();
    return read;
  } catch (error) {
    await copy.abort(reasonOf(error));
    throw error;
  }
}

async function spoolList(
  spool: RowSpool,
  table: Exclude<StagedTable, 'students'>,
  columns: readonly string[],
  take: TakePages,
): Promise<ReadList> {
  const spooled = spool.list(
    table,
    idColumnsOf(table).map((column) => columns.indexOf(column)),
  );
  const read = await take(spooled);
  await spooled.end();
  return read;
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
    row.studentSkywardId,
    row.personId,
    row.addressId,
    row.familyId,
  ]);
  await copyRows(client, 'staged_unusable_rows', Object.keys(unusableColumns), [rows]);
}

/** So much of a list cannot be used that the list is not what it should be. */
class TooManyUnusableRows extends Error {
  override readonly name = 'TooManyUnusableRows';
  readonly code = 'too-many-unusable-rows';
  readonly advice =
    'The data in Skyward or the version of its API has changed in a way that Daybreak does not know. Nothing was published; send this message to support.';
  constructor(object: string, rows: readonly UnusableRow[]) {
    const first = rows[0];
    super(
      `${object}: more than ${unusableLimit} rows cannot be used, the first on page ${first?.page}, row ${first?.row}: ${first?.field} is ${first?.message}`,
    );
  }
}
