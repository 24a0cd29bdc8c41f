/** Bulk loading: rows pushed one by one, sent as COPY in text format in large chunks. */
import type pg from 'pg';
import { escapeIdentifier } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { CopyText, type CopyValue } from './copy-text.ts';
import { toDatabaseError } from './database-error.ts';

export type { CopyValue } from './copy-text.ts';

/** A table by its name alone (temporary, or found by search_path) or by schema and name. */
export type TableName = string | readonly [schema: string, table: string];

/** A COPY under way. The connection can do nothing else until `end` or `abort`. */
export interface Copy {
  /** Takes one row, values in the order of the columns. Never blocks: call `flush` now and then. */
  write(row: readonly CopyValue[]): void;
  /** Where the row last written lies, until the next one is. */
  readonly text: CopyText;
  /** Takes whole rows that `CopyText` wrote for the same columns: `rows` from `start` up to `end`. */
  writeEncoded(rows: Buffer, start: number, end: number): void;
  /** Resolves once the server keeps up (memory stays flat when awaited every few hundred rows). */
  flush(): Promise<void>;
  /** Sends the rest and gives the number of rows stored, as the server counted them. */
  end(): Promise<number>;
  /** Throws away what this COPY sent. The connection stays usable; an open transaction is to be rolled back. */
  abort(reason: Error): Promise<void>;
  /** How many U+0000 were left out so far: PostgreSQL text cannot hold that character. */
  readonly strippedNulls: number;
}

/** Large enough that the price per message vanishes, small enough to stay in the processor's cache. */
const chunkLength = 64 * 1024;

/**
 * Starts `COPY table (columns) FROM STDIN` on a lent client. A client can only fill one table at a time.
 * A refused value (wrong type, missing table, constraint) rejects the next `flush` or `end`.
 */
export function openCopy(
  client: pg.ClientBase,
  table: TableName,
  columns: readonly string[],
): Copy {
  const target = (typeof table === 'string' ? [table] : table).map(escapeIdentifier).join('.');
  const names = columns.map(escapeIdentifier).join(', ');
  return new CopyStream(client, `COPY ${target} (${names}) FROM STDIN`, columns.length);
}

/** Copies all `rows` (batches of rows) and gives the number stored; ends the COPY whatever happens. */
export async function copyRows(
  client: pg.ClientBase,
  table: TableName,
  columns: readonly string[],
  batches:
    AsyncIterable<readonly (readonly CopyValue[])[]> | Iterable<readonly (readonly CopyValue[])[]>,
): Promise<number> {
  const copy = openCopy(client, table, columns);
  try {
    for await (const batch of batches) {
      for (const row of batch) copy.write(row);
      await copy.flush();
    }
    return await copy.end();
  } catch (error) {
    await copy.abort(error instanceof Error ? error : new Error('The rows ended in an error'));
    throw error;
  }
}

class CopyStream implements Copy {
  readonly text = new CopyText(chunkLength);
  readonly #stream: ReturnType<typeof copyFrom>;
  readonly #columnCount: number;
  readonly #failed = Promise.withResolvers<never>();
  #failure: { readonly error: unknown } | undefined;
  #ended = false;
  #drained: Promise<void> | undefined;

  constructor(client: pg.ClientBase, sql: string, columnCount: number) {
    this.#columnCount = columnCount;
    this.#stream = client.query(copyFrom(sql, { highWaterMark: 4 * chunkLength }));
    // Awaited only inside flush and end; without this a failure in between would end the process.
    this.#failed.promise.catch(() => undefined);
    this.#stream.on('error', (error) => {
      this.#failure ??= { error: toDatabaseError(error) };
      this.#failed.reject(this.#failure.error);
    });
  }

  write(row: readonly CopyValue[]): void {
    if (row.length !== this.#columnCount) {
      throw new RangeError(`A row of ${row.length} values for ${this.#columnCount} columns`);
    }
    if (this.text.length >= chunkLength) this.#send();
    this.text.addRow(row);
  }

  writeEncoded(rows: Buffer, start: number, end: number): void {
    if (this.text.length >= chunkLength) this.#send();
    this.text.addEncoded(rows, start, end);
  }

  get strippedNulls(): number {
    return this.text.strippedNulls;
  }

  async flush(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#drained === undefined) return;
    await Promise.race([this.#drained, this.#failed.promise]);
  }

  async end(): Promise<number> {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#send();
    this.#ended = true;
    const finished = Promise.withResolvers<void>();
    this.#stream.end(() => finished.resolve());
    await Promise.race([finished.promise, this.#failed.promise]);
    return this.#stream.rowCount;
  }

  async abort(reason: Error): Promise<void> {
    this.text.take();
    if (this.#ended || this.#failure !== undefined) return;
    this.#ended = true;
    const closed = Promise.withResolvers<void>();
    this.#stream.once('close', () => closed.resolve());
    // The text of `reason` may name a person and would reach the server's log: it is kept here.
    this.#stream.destroy(new Error('stopped by the program', { cause: reason }));
    await closed.promise;
  }

  #send(): void {
    if (this.text.length === 0) return;
    const chunk = this.text.take();
    if (this.#failure !== undefined || this.#ended) return;
    if (this.#stream.write(chunk)) return;
    this.#drained ??= new Promise((resolve) => {
      this.#stream.once('drain', () => {
        this.#drained = undefined;
        resolve();
      });
    });
  }
}
