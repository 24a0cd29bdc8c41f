/** Reads the rows of a large result one by one as they arrive, so that they are never all in memory. */
import { Query, type ClientBase, type QueryArrayConfig } from 'pg';

/** One row: its values in the order of the columns. */
export type RowValues = readonly unknown[];

/**
 * Runs one statement, calls `onRow` for each row while the server sends more, and returns the number of rows. After an
 * error of `onRow` no more calls follow, and the error is thrown once the server has finished.
 */
export async function readRows(
  client: ClientBase,
  sql: string,
  onRow: (values: RowValues) => void,
): Promise<number> {
  const config: QueryArrayConfig = { text: sql, rowMode: 'array' };
  const finished = Promise.withResolvers<void>();
  let rows = 0;
  let failure: { readonly error: unknown } | undefined;
  client
    .query(new Query<unknown[]>(config))
    .on('row', (values) => {
      if (failure !== undefined) return;
      try {
        onRow(values);
        rows += 1;
      } catch (error) {
        failure = { error };
      }
    })
    .on('error', (error) => finished.reject(error))
    .on('end', () => finished.resolve());
  await finished.promise;
  if (failure !== undefined) throw failure.error;
  return rows;
}
