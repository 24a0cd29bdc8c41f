/** Reads the rows of a large answer one by one as they arrive: they are never in memory together. */
import { Query, type ClientBase, type QueryArrayConfig } from 'pg';

/** One row: its values in the order of the columns. */
export type RowValues = readonly unknown[];

/**
 * Runs one statement, gives each row to `onRow` while the server still works on the next ones, and returns
 * their number. A fault of `onRow` ends the giving and is thrown once the server has finished.
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
