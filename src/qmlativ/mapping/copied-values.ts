/** Values that are stored as Skyward has them, from the catalog of fields. Pure. */
import { type CopiedColumns, copiedFields } from '../../roster/fields/staged.ts';
import type { StagedRow, StagedTable } from '../../roster/staged-rows.ts';

type CopiedValues<Table extends StagedTable> = Pick<
  StagedRow<Table>,
  keyof CopiedColumns<Table> & keyof StagedRow<Table>
>;

/**
 * Returns a function that adds the copied values to a staged row. It changes the row, which is faster than a new one,
 * and this is done for every row of an import.
 */
export function createCopy<Table extends StagedTable>(table: Table) {
  const fields = copiedFields(table).map(({ column, copies }) => ({ column, copies }));
  return <Row extends object>(source: object, row: Row): Row & CopiedValues<Table> => {
    const values = source as Readonly<Record<string, unknown>>;
    const copy = row as Record<string, unknown>;
    for (const { column, copies } of fields) copy[column] = values[copies] ?? null;
    return row as Row & CopiedValues<Table>;
  };
}
