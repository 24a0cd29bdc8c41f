/** The fields that cannot be updated because of missing permissions, and whether records have values of them. */
import type { ImportRunDetail } from '../../contract/imports/import-report.ts';
import type { Queryable } from '../../database/queryable.ts';
import { findMissingFields, type MissingField } from '../../roster/source-labels.ts';
import type { MissingSource } from '../../roster/qmlativ-sources.ts';

type ShownField = NonNullable<ImportRunDetail['report']>['missingFields'][number];

const listTypes: ReadonlySet<string> = new Set(['addresses', 'phones', 'emails', 'names']);

/** SQL for whether any record of the district has a value. Table and column are from the catalog of fields. */
const hasValue = ({ table, field: { column, type } }: MissingField): string =>
  `exists (select from ${table} where district_id = $1 and ${
    listTypes.has(type) ? `${column} <> '[]'` : `${column} is not null`
  })`;

/** Returns the missing fields with labels. A field without any value is not used: Skyward never had one to send. */
export async function describeMissingFields(
  db: Queryable,
  districtId: number,
  missingPermissions: readonly MissingSource[],
): Promise<ShownField[]> {
  const fields = findMissingFields(missingPermissions);
  if (fields.length === 0) return [];
  const { rows } = await db.query<{ used: boolean[] }>(
    `select array[${fields.map(hasValue).join(', ')}] as used where $1::bigint is not null`,
    [districtId],
  );
  return fields.map(({ label, isSafety }, index) => ({
    label,
    isSafety,
    isUsed: rows[0]?.used[index] ?? false,
  }));
}
