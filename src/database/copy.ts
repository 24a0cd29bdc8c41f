/** Bulk loading with COPY in text format: rows are added one by one and sent in large chunks. */
import type pg from 'pg';
import { escapeIdentifier } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { CopyText, type CopyValue } from './copy-text.ts';
import { toDatabaseError } from './database-error.ts';

export type { CopyValue } from './copy-text.ts';

/** A table by name (temporary, or found by search_path) or by schema and name. */
export type TableName = string | readonly [schema: string, table: string];

/** A COPY in progress. The connection can do nothing else until `end` or `abort`. */
export interface Copy {
  /** Adds one row, with values in the order of the columns. Never blocks; call `flush` regularly. */
  write(row: readonly CopyValue[]): void;
  /** The bytes of the last row; valid until the next row is added. */
  readonly text: CopyText;
  /** Adds complete rows that `CopyText` wrote for the same columns: the bytes from `start` to `end`. */
  writeEncoded(rows: Buffer, start: number, end: number): void;
  /** Resolves once the server keeps up; awaited every few hundred rows, it keeps memory constant. */
  flush(): Promise<void>;
  /** Sends the rest and returns the number of stored rows, as counted by the server. */
  end(): Promise<number>;
  /** Discards the rows of this COPY. The connection stays usable; roll back an open transaction. */
  abort(reason: Error): Promise<void>;
  /** How many U+0000 were dropped so far: PostgreSQL text cannot contain that character. */
  readonly strippedNulls: number;
}

/** Large enough to make the cost per message negligible, small enough for the processor's cache. */
const chunkLength = 64 * 1024;

/**
 * Starts `COPY table (columns) FROM STDIN` on the client, which can fill only one table at a time.
 * An error of the server (wrong type, missing table, constraint) rejects the next `flush` or `end`.
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

/** Copies all `rows` (batches of rows) and returns the number stored. Ends the COPY in every case. */
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
    // Awaited only in flush and end; an earlier rejection would end the process.
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
    // The text of `reason` may name a person, so it must not reach the server's log.
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
