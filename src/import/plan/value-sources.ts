/** The staged columns behind every published column, from the catalog of fields: what is unknown when one is missing. */
import type { Field } from '../../roster/fields/catalog.ts';
import { everyEntry } from '../../roster/fields/contact.ts';
import { fieldsByTable } from '../../roster/fields/staged.ts';
import type { StagedPlace } from '../../roster/qmlativ-sources.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';

interface ValueSource {
  /** If any of these is unknown, so is the column. */
  readonly needs: readonly StagedPlace[];
  /** The column it falls back to; the published value is retained only where it differs from it. */
  readonly fallback: string | undefined;
  /**
   * For a list: staged columns of a part of each entry, with a JSON path to the part in the published list. The list
   * is retained only while it would lose such a part.
   */
  readonly parts: readonly (readonly [place: StagedPlace, path: string])[];
}

export type RetainedTable = keyof typeof fieldsByTable;

/** The columns that belong to one table's field, or to its entries. */
const placesOf = ({ staged, column, needs = [] }: Field): StagedPlace[] =>
  [...needs, ...(staged === undefined ? [] : [`${staged}.${column}`])] as StagedPlace[];

const partsOf = ({ parts }: Field): [StagedPlace, string][] =>
  [
    ...Object.entries(parts?.links ?? {}),
    ...Object.values(parts?.fields ?? {}).map(({ staged, column, held }) => [
      `${staged}.${column}`,
      held,
    ]),
  ] as [StagedPlace, string][];

/** Columns that can be retained. Of a placement these are only the ones staged with the student. */
const sourcesByColumn = (
  fields: Readonly<Record<string, Field>>,
): ReadonlyMap<string, ValueSource> =>
  new Map(
    Object.values(fields)
      .filter((field) => field.whenMissing === undefined && placesOf(field).length > 0)
      .map((field) => [
        field.column,
        { needs: placesOf(field), fallback: field.fallback, parts: partsOf(field) },
      ]),
  );

/** Published columns that can be retained, by table, without those required for every import. */
export const valueSources: Readonly<Record<RetainedTable, ReadonlyMap<string, ValueSource>>> = {
  students: sourcesByColumn(fieldsByTable.students),
  guardians: sourcesByColumn(fieldsByTable.guardians),
  enrollments: sourcesByColumn(fieldsByTable.enrollments),
};

/** Columns of enrollments whose loss is visible in the next state; it holds the import instead of being retained. */
export const holdingColumns: ReadonlyMap<string, StagedPlace> = new Map(
  Object.values<Field>(fieldsByTable.enrollments)
    .filter(({ whenMissing }) => whenMissing === 'hold')
    .flatMap((field) => placesOf(field).map((place) => [field.column, place])),
);

/** Places whose loss holds the import. */
export const holdingPlaces: ReadonlySet<StagedPlace> = new Set(holdingColumns.values());

const hiddenPlaces = (field: Field): string[] => [
  ...(field.hidesLoss ? placesOf(field) : []),
  ...Object.keys(field.parts?.links ?? {}),
  ...Object.values(field.parts?.fields ?? {})
    .filter(({ hidesLoss }) => hidesLoss)
    .map(({ staged, column }) => `${staged}.${column}`),
];

const hidden: ReadonlySet<string> = new Set(
  Object.values(fieldsByTable).flatMap((fields) =>
    Object.values<Field>(fields).flatMap(hiddenPlaces),
  ),
);

/**
 * Returns whether the loss of this place is not visible in a column, because an empty value becomes another one or
 * removes an entry from a list.
 */
export const isHidden = (place: StagedPlace): boolean => hidden.has(place);

/** Returns whether the number of entries of a list is unknown. */
export const isListUnknown = (
  table: StagedTable,
  unknownPlaces: ReadonlySet<StagedPlace>,
): boolean =>
  unknownPlaces.has(table) ||
  Object.values(valueSources)
    .flatMap((columns) => [...columns.values()])
    .flatMap(({ parts }) => parts)
    .some(
      ([place, path]) =>
        path === everyEntry && place.split('.')[0] === table && unknownPlaces.has(place),
    );
