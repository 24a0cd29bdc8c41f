/** Determines which fields had no value in any row (masked, empty, or without permission), and reports them. */
import type pg from 'pg';
import {
  listPlaces,
  sourceObject,
  findMissingPlaces,
  type StagedPlace,
} from '../../roster/qmlativ-sources.ts';
import { stagedTables, type StagedTable } from '../../roster/staged-rows.ts';
import {
  toFieldName,
  listSourceFields,
  isNeverEmpty,
  unchangedRows,
  type EmptiedValues,
  type SourceField,
} from './emptied-values.ts';
import { retainedTables, lossesIn } from './retained-values.ts';
import { isHidden } from './value-sources.ts';
import type { EmptyField, MissingPermissions } from '../reading/roster-source.ts';

/** The fields of the last completed import. */
export interface PreviousFields {
  /** Names of fields without a value in any row. */
  readonly empty: ReadonlySet<string>;
  /** Names of fields whose published values were retained. */
  readonly retained: ReadonlySet<string>;
  /** Objects and fields that were not available, retained fields included. */
  readonly missing: readonly MissingPermissions[];
  readonly rowsRead: Readonly<Record<string, number>>;
}

/** The fields of this import. */
export interface FieldStatus {
  /** Places that are unknown in all rows. */
  readonly missing: ReadonlySet<StagedPlace>;
  /** Names of fields absent from all rows. */
  readonly absent: ReadonlySet<string>;
  readonly empty: readonly EmptyField[];
  /** Places without a value in any row, which the next import regards as missing if their values are retained. */
  readonly emptyPlaces: ReadonlySet<StagedPlace>;
  /** Names of fields whose empty values a user has accepted, and the places behind them. */
  readonly accepted: ReadonlySet<string>;
  readonly acceptedPlaces: ReadonlySet<StagedPlace>;
}

/** With fewer rows, a field may legitimately lose all values. */
const minRows = 5;

const allPlaces: readonly StagedPlace[] = (Object.keys(stagedTables) as StagedTable[]).flatMap(
  listPlaces,
);

const comesFrom = (place: StagedPlace, fields: ReadonlySet<string>): boolean =>
  listSourceFields(place).some((field) => fields.has(toFieldName(field)));

/** Determines the status of fields once all lists are read. `previous` is undefined before the first import. */
export function determineFieldStatus({
  missingPermissions,
  empty,
  accepted,
  previous,
}: {
  readonly missingPermissions: readonly MissingPermissions[];
  readonly empty: readonly EmptyField[];
  readonly accepted: ReadonlySet<string>;
  readonly previous: PreviousFields | undefined;
}): FieldStatus {
  const absent = empty.filter(({ isAbsent }) => isAbsent);
  const masked = previous === undefined ? [] : findMaskedFields(empty, previous);
  const stillEmpty = previous === undefined ? [] : findStillEmptyFields(empty, previous);
  const unknown = [...absent, ...masked, ...stillEmpty].map(({ object, field }) => ({
    object,
    fields: [field],
  }));
  const acceptedPlaces = new Set(allPlaces.filter((place) => comesFrom(place, accepted)));
  return {
    emptyPlaces: findMissingPlaces(
      groupByObject(empty.map(({ object, field }) => ({ object, fields: [field] }))),
    ),
    missing: findMissingPlaces(groupByObject([...missingPermissions, ...unknown])).difference(
      acceptedPlaces,
    ),
    absent: new Set(absent.map(toFieldName)),
    empty,
    accepted,
    acceptedPlaces,
  };
}

const hiddenBehind = (field: EmptyField): StagedPlace[] =>
  allPlaces.filter((place) => isHidden(place) && comesFrom(place, new Set([toFieldName(field)])));

/**
 * Returns fields that had values before and have none in any row now, if their loss is not visible in the next state,
 * together with empty fields that could supply the same value.
 */
function findMaskedFields(
  fields: readonly EmptyField[],
  { empty, rowsRead }: PreviousFields,
): EmptyField[] {
  const lost = fields.filter(
    (field) => !empty.has(toFieldName(field)) && (rowsRead[field.object] ?? 0) >= minRows,
  );
  const places = new Set(lost.flatMap(hiddenBehind));
  return fields.filter((field) => hiddenBehind(field).some((place) => places.has(place)));
}

/**
 * Returns fields that were missing in the last completed import and have no value in any row now either, together with
 * empty fields that could supply the same value. A row with null equals one without the field, so it is not compared
 * again.
 */
function findStillEmptyFields(
  fields: readonly EmptyField[],
  { missing }: PreviousFields,
): EmptyField[] {
  const before = new Set(missing.flatMap(listNames));
  const still = new Set(fields.map(toFieldName).filter((name) => before.has(name)));
  const places = allPlaces.filter((place) => comesFrom(place, still));
  return fields.filter((field) => {
    const name = new Set([toFieldName(field)]);
    return places.some((place) => comesFrom(place, name));
  });
}

/**
 * Returns whether a field or object that the last completed import could not read is available again. All students are
 * checked then: a value that was deleted meanwhile looks like one that was not available.
 */
export function isAvailableAgain(
  previous: PreviousFields | undefined,
  missingPermissions: readonly MissingPermissions[],
  empty: readonly EmptyField[],
): boolean {
  if (previous === undefined) return false;
  const unavailable = new Set([
    ...missingPermissions.flatMap(listNames),
    ...empty.map(toFieldName),
  ]);
  return previous.missing.some(
    (one) => !unavailable.has(one.object) && listNames(one).some((name) => !unavailable.has(name)),
  );
}

/** Returns the names of the fields; for an object as a whole, its own name. */
const listNames = ({ object, fields }: MissingPermissions): string[] =>
  fields.length === 0 ? [object] : fields.map((field) => toFieldName({ object, field }));

function groupByObject(missingPermissions: readonly MissingPermissions[]): MissingPermissions[] {
  const objects = new Map<string, Set<string>>();
  const whole = missingPermissions.filter(({ fields }) => fields.length === 0);
  for (const { object, fields } of missingPermissions)
    if (fields.length > 0)
      objects.set(object, new Set([...(objects.get(object) ?? []), ...fields]));
  return [
    ...whole,
    ...[...objects].map(([object, fields]) => ({ object, fields: [...fields].toSorted() })),
  ];
}

/** The fields in a report. */
export interface FieldReport {
  /** Objects and fields without permission, and fields that were suddenly empty. */
  readonly missingPermissions: readonly MissingPermissions[];
  /** Those of them whose values are retained and whose empty values can be accepted. */
  readonly retainedFields: readonly SourceField[];
  /** Fields that never had a value: empty in Skyward, or without permission. */
  readonly neverFilled: readonly MissingPermissions[];
  /** Objects without rows in an initial import. */
  readonly emptyLists: readonly string[];
  /** Names of all fields without a value in any row, for comparison in the next import. */
  readonly emptyFields: readonly string[];
}

/** Determines the fields of the report. Runs after everything is assembled. */
export async function reportFields(
  client: pg.ClientBase,
  districtId: number,
  {
    fieldStatus,
    missingPermissions,
    emptied,
    rowsRead,
    unusable,
    isFirst,
    previous,
  }: {
    readonly fieldStatus: FieldStatus;
    readonly missingPermissions: readonly MissingPermissions[];
    readonly emptied: EmptiedValues;
    readonly rowsRead: Readonly<Record<string, number>>;
    /** Tables of which rows came that could not be used; `rowsRead` does not count these. */
    readonly unusable: ReadonlySet<StagedTable>;
    readonly isFirst: boolean;
    readonly previous: PreviousFields | undefined;
  },
): Promise<FieldReport> {
  const { absent, missing } = fieldStatus;
  const empty = new Set(fieldStatus.empty.map(toFieldName));
  const absentPlaces = allPlaces.filter((place) => missing.has(place) && comesFrom(place, empty));
  const shown = isFirst
    ? new Set<StagedPlace>()
    : await findShown(client, districtId, absentPlaces);
  for (const place of absentPlaces)
    if (
      isHidden(place) &&
      listSourceFields(place).some(
        (field) => empty.has(toFieldName(field)) && hadValueBefore(field, previous),
      )
    )
      shown.add(place);
  const retained = new Map<string, SourceField>();
  for (const place of [...emptied.retained, ...shown]) {
    const fields = listSourceFields(place);
    const named = fields.filter((field) => empty.has(toFieldName(field)));
    // Of several that can give a value, those that held one before.
    const lost = named.filter((field) => hadValueBefore(field, previous));
    const masked = [lost, named, fields.slice(0, 1)].find((some) => some.length > 0) ?? [];
    for (const field of masked) retained.set(toFieldName(field), field);
  }
  const wanted = new Set(allPlaces.flatMap(listSourceFields).map(toFieldName));
  const neverFilled = fieldStatus.empty.filter((field) => {
    const name = toFieldName(field);
    return wanted.has(name) && !retained.has(name) && (isFirst || absent.has(name));
  });
  const retainedFields = [...retained.values()];
  const named = (fields: readonly SourceField[]) =>
    groupByObject(fields.map(({ object, field }) => ({ object, fields: [field] })));
  const notEmpty = new Set([
    ...missingPermissions.filter(({ fields }) => fields.length === 0).map(({ object }) => object),
    ...[...unusable].map(sourceObject),
  ]);
  return {
    missingPermissions: groupByObject([...missingPermissions, ...named(retainedFields)]),
    retainedFields: retainedFields.filter((field) => !isNeverEmpty(field)),
    neverFilled: named(neverFilled),
    emptyLists: isFirst
      ? Object.keys(rowsRead).filter((object) => rowsRead[object] === 0 && !notEmpty.has(object))
      : [],
    emptyFields: [...empty].toSorted(),
  };
}

const hadValueBefore = (field: SourceField, previous: PreviousFields | undefined): boolean =>
  previous !== undefined &&
  (previous.retained.has(toFieldName(field)) || !previous.empty.has(toFieldName(field)));

/** Returns the places for which a received student has a published value. */
async function findShown(
  client: pg.ClientBase,
  districtId: number,
  places: readonly StagedPlace[],
): Promise<Set<StagedPlace>> {
  const shown = new Set<StagedPlace>();
  for (const table of retainedTables) {
    const losses = lossesIn(table).filter(({ place }) => places.includes(place));
    if (losses.length === 0) continue;
    const columns = losses.map(
      ({ held }, nth) => `coalesce(bool_or(${held}), false) as shown${nth}`,
    );
    const { rows } = await client.query<Record<string, boolean>>(
      `select ${columns.join(', ')} from ${unchangedRows(table, 'received')}`,
      [districtId],
    );
    for (const [nth, { place }] of losses.entries()) if (rows[0]?.[`shown${nth}`]) shown.add(place);
  }
  return shown;
}
