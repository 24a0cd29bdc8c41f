/** Values that are stored as Skyward has them, from the catalog of fields. Pure. */
import { isPlaceholderDay } from '../../enrollment/plausible-day.ts';
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
  const fields = copiedFields(table).map(({ column, copies, type }) => ({
    column,
    copies,
    isDay: type === 'date',
  }));
  return <Row extends object>(source: object, row: Row): Row & CopiedValues<Table> => {
    const values = source as Readonly<Record<string, unknown>>;
    const copy = row as Record<string, unknown>;
    for (const { column, copies, isDay } of fields) {
      const value = values[copies] ?? null;
      copy[column] = isDay && typeof value === 'string' && isPlaceholderDay(value) ? null : value;
    }
    return row as Row & CopiedValues<Table>;
  };
}
