/** Fields that are requested because the catalog of fields copies them as they are. */
import type { ColumnTypes, Field } from '../../roster/fields/catalog.ts';
import { copiedFields, type CopiedFields } from '../../roster/fields/staged.ts';
import { code, day, flag, id, type QmlativField, rank, text, year } from './qmlativ-object.ts';

const byType = { text, date: day, integer: rank, bigint: id, boolean: flag };
const byReading = { code, rank, year };

const readerOf = ({ reads, type }: Pick<Field, 'reads' | 'type'>) =>
  reads === undefined ? byType[type as keyof ColumnTypes] : byReading[reads];

/** Returns the copied fields of the object behind a staged table, all of them optional. */
export const copied = <Table extends string>(table: Table) =>
  Object.fromEntries(
    copiedFields(table).map((field) => [field.copies, readerOf(field).wanted]),
  ) as {
    readonly [Name in keyof CopiedFields<Table>]: QmlativField<
      ColumnTypes[CopiedFields<Table>[Name] & keyof ColumnTypes] | null
    >;
  };
