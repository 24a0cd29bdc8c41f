/**
 * Reads the district's code tables into memory. They are small, and mapping any row needs them.
 *
 * This folder reads whole lists: paging, search, rows, code tables.
 */
import type { CodeLabel } from '../mapping/code-labels.ts';
import type { QmlativCodes } from '../mapping/source-rows.ts';
import { qmlativObjects } from '../objects/objects.ts';
import type { QmlativClient } from '../qmlativ-client.ts';
import { QmlativError } from '../http/qmlativ-error.ts';
import { objectPath, type QmlativObject, type RowOf } from '../objects/qmlativ-object.ts';
import type { UnreadableRow } from './row-reading.ts';

/** Which rows to read: the district's entity and the school years of the import. */
export interface CodeScope {
  readonly entityId: number;
  readonly schoolYearIds: readonly number[];
}

/** Reads the school years by id, each as the calendar year it ends in, and the current one. */
export async function readSchoolYears(
  reader: CodeTableReader,
  entityId: number,
): Promise<{ years: ReadonlyMap<number, number>; current: number | undefined }> {
  const rows = await reader.readWhole(qmlativObjects.SchoolYear, { entityId, schoolYearIds: [] });
  return {
    years: new Map(rows.map((row) => [row.SchoolYearID, row.NumericYear])),
    current: rows.find((row) => row.IsCurrentYearForProvidedEntity === true)?.NumericYear,
  };
}

/** Reads all code tables. An optional one without permission is empty, and ids into it are dangling. */
export async function readCodeTables(
  reader: CodeTableReader,
  scope: CodeScope,
  schoolYears: ReadonlyMap<number, number>,
): Promise<QmlativCodes> {
  const o = qmlativObjects;
  const read = <Object extends QmlativObject>(object: Object) => reader.readWhole(object, scope);
  const labels = async (object: QmlativObject, description = 'Description') =>
    labelsById(object, await read(object), description);
  const [
    states,
    zips,
    directions,
    entities,
    schools,
    calendars,
    homerooms,
    staff,
    suffixes,
    languages,
    relationships,
    phoneTypes,
    emailTypes,
    entryCodes,
    withdrawalCodes,
    counties,
    streets,
  ] = await Promise.all([
    read(o.State),
    read(o.Zip),
    labels(o.Directional),
    read(o.Entity),
    read(o.School),
    read(o.Calendar),
    read(o.Homeroom),
    read(o.Staff),
    labels(o.NameSuffix),
    labels(o.Language),
    labels(o.Relationship),
    labels(o.PhoneType),
    labels(o.EmailType),
    labels(o.EntryCode),
    labels(o.WithdrawalCode),
    labels(o.County, 'Name'),
    read(o.Street),
  ]);
  const stateCodes = new Map(states.map((row) => [row.StateID, row.Code]));
  return {
    suffixes,
    languages,
    relationships,
    phoneTypes,
    emailTypes,
    entryCodes,
    withdrawalCodes,
    counties,
    streets: new Map(
      streets.flatMap((row): [number, string | null][] => {
        const name = row.StreetNameWithDirectionCode ?? streetName(row, directions);
        return name === undefined ? [] : [[row.StreetID, name]];
      }),
    ),
    zips: new Map(
      zips.map((row) => [
        row.ZipID,
        {
          zip: row.ZipCode,
          city: row.City,
          state: findState(row, stateCodes),
          country: row.FreeFormCountry ?? foreignCountry(row.CountryCode),
        },
      ]),
    ),
    entities: new Map(entities.map((row) => [row.EntityID, { name: row.Name ?? row.Code }])),
    schools: new Map(
      schools.map((row) => [row.SchoolID, { name: row.Name, stateId: row.StateAssignedID }]),
    ),
    schoolYears,
    calendarEndDates: new Map(calendars.map((row) => [row.CalendarID, row.EndDate])),
    homerooms: new Map(
      homerooms.map((row) => [row.HomeroomID, { code: row.Code, staffId: row.StaffID }]),
    ),
    staffPersonIds: new Map(staff.map((row) => [row.StaffID, row.NameID])),
  };
}

/** Returns the street name after its direction, as Skyward writes it; undefined if the direction is unknown. */
function streetName(
  street: RowOf<typeof qmlativObjects.Street>,
  directions: ReadonlyMap<number, CodeLabel>,
): string | null | undefined {
  const direction = directions.get(street.DirectionalID ?? 0);
  if (direction === undefined && street.DirectionalID !== null) return undefined;
  const words = [direction?.code ?? direction?.description, street.Name];
  return words.filter(Boolean).join(' ') || null;
}

/** Returns the state; one that is not in the table may be free text. */
function findState(
  { StateID: id, FreeFormState: freeForm }: RowOf<typeof qmlativObjects.Zip>,
  states: ReadonlyMap<number, string | null>,
): string | null | undefined {
  if (id === null) return freeForm;
  const state = states.get(id);
  return state === undefined ? (freeForm ?? undefined) : (state ?? freeForm);
}

/** Returns null for the United States, which an address does not name. */
function foreignCountry(code: string | null): string | null {
  return code === null || /^(US|USA|UnitedStates|United States)$/i.test(code) ? null : code;
}

const toText = (value: unknown) => (typeof value === 'string' ? value : null);

function labelsById<Object extends QmlativObject>(
  object: Object,
  rows: readonly RowOf<Object>[],
  description: string,
): ReadonlyMap<number, CodeLabel> {
  return new Map(
    rows.map((row) => {
      const fields: Readonly<Record<string, unknown>> = row;
      const label = { code: toText(fields['Code']), description: toText(fields[description]) };
      return [Number(fields[object.key]), label];
    }),
  );
}

type RawCode = Readonly<Record<string, unknown>>;

/** Reads code tables. */
export class CodeTableReader {
  readonly #client: QmlativClient;
  /** By table, in the order requested. */
  readonly #unreadable: UnreadableRow[][] = [];

  constructor(client: QmlativClient) {
    this.#client = client;
  }

  /** Unreadable rows of optional tables, which are not used. */
  get unreadable(): readonly UnreadableRow[] {
    return this.#unreadable.flat();
  }

  /**
   * Returns all rows of a table. An unreadable row of an optional table is recorded, and values that reference it are
   * unknown. In a required table it throws, because any student could depend on it; so does an empty required table,
   * because that may be a missing permission.
   */
  async readWhole<Object extends QmlativObject>(
    object: Object,
    scope: CodeScope,
  ): Promise<RowOf<Object>[]> {
    const recorded: UnreadableRow[] = [];
    this.#unreadable.push(recorded);
    const { rows, unreadable, unreadableValues } = await this.#client.readAll(object, {
      entityId: scope.entityId,
      ...(object.yearBound ? { schoolYearIds: scope.schoolYearIds } : {}),
    });
    // The row with key zero means "none", and nothing references it.
    const problems = [...unreadable, ...unreadableValues].filter(({ key }) => key !== 0);
    if (!object.required) {
      recorded.push(...problems);
      const unreadableKeys = new Set(problems.map(({ key }) => key));
      return rows.filter((row) => !unreadableKeys.has(Number((row as RawCode)[object.key])));
    }
    const problem = problems[0];
    if (problem !== undefined) throw createUnreadableRowError(problem);
    if (rows.length === 0) throw createEmptyTableError(object);
    return rows;
  }
}

const createUnreadableRowError = ({ object, page, row, field, message }: UnreadableRow) =>
  new QmlativError('unreadable-row', `cannot be used: ${message}`, {
    place: { object, page, row, field },
    advice:
      'A code table has an unreadable value. Correct it in Skyward. If it is correct there, Skyward sends it in an unsupported format: send this message to support. No data was changed.',
  });

const createEmptyTableError = (object: QmlativObject) =>
  new QmlativError('empty-table', 'has no rows', { place: { object: objectPath(object) } });
