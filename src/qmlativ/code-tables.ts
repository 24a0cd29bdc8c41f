/** Reads the district's code tables into memory: small, and needed for every row that follows. */
import type { CodeLabel, QmlativCodes } from '../roster/qmlativ-objects.ts';
import { qmlativObjects } from './objects.ts';
import type { QmlativClient } from './qmlativ-client.ts';
import { QmlativError } from './qmlativ-error.ts';
import type { QmlativObject, RowOf } from './qmlativ-object.ts';

/** Which rows are read: the district's entity, and the school years that the night looks at. */
export interface CodeScope {
  readonly entityId: number;
  readonly schoolYearIds: readonly number[];
}

/** The school years of the tenant: id to the calendar year each ends in. */
export async function readSchoolYears(
  client: QmlativClient,
  entityId: number,
): Promise<{ years: ReadonlyMap<number, number>; current: number | undefined }> {
  const rows = await readWhole(client, qmlativObjects.SchoolYear, { entityId, schoolYearIds: [] });
  return {
    years: new Map(rows.map((row) => [row.SchoolYearID, row.NumericYear])),
    current: rows.find((row) => row.IsCurrentYearForProvidedEntity === true)?.NumericYear,
  };
}

/** Reads all code tables. An optional one that is not granted is empty, and its codes stay without words. */
export async function readCodeTables(
  client: QmlativClient,
  scope: CodeScope,
  schoolYears: ReadonlyMap<number, number>,
): Promise<QmlativCodes> {
  const o = qmlativObjects;
  const labels = async (object: QmlativObject, description = 'Description') =>
    labelsById(object, await readWhole(client, object, scope), description);
  const states = new Map(
    (await readWhole(client, o.State, scope)).map((row) => [row.StateID, row.Code]),
  );
  const zips = await readWhole(client, o.Zip, scope);
  const directions = await labels(o.Directional);
  const entities = await readWhole(client, o.Entity, scope);
  const schools = await readWhole(client, o.School, scope);
  const calendars = await readWhole(client, o.Calendar, scope);
  const homerooms = await readWhole(client, o.Homeroom, scope);
  const staff = await readWhole(client, o.Staff, scope);
  return {
    suffixes: await labels(o.NameSuffix),
    languages: await labels(o.Language),
    relationships: await labels(o.Relationship),
    phoneTypes: await labels(o.PhoneType),
    emailTypes: await labels(o.EmailType),
    entryCodes: await labels(o.EntryCode),
    withdrawalCodes: await labels(o.WithdrawalCode),
    counties: await labels(o.County, 'Name'),
    streets: new Map(
      (await readWhole(client, o.Street, scope)).flatMap((row) => {
        const street = row.StreetNameWithDirectionCode ?? streetName(row, directions);
        return street === null ? [] : [[row.StreetID, street]];
      }),
    ),
    zips: new Map(
      zips.map((row) => [
        row.ZipID,
        {
          zip: row.ZipCode,
          city: row.City,
          state: (row.StateID === null ? null : states.get(row.StateID)) ?? row.FreeFormState,
          country: row.FreeFormCountry ?? foreignCountry(row.CountryCode),
        },
      ]),
    ),
    entities: new Map(entities.map((row) => [row.EntityID, { name: row.Name ?? row.Code }])),
    schools: new Map(
      schools.map((row) => [row.SchoolID, { name: row.Name, stateId: row.StateAssignedID }]),
    ),
    schoolYears,
    calendarEndDates: new Map(
      calendars.flatMap((row) => (row.EndDate === null ? [] : [[row.CalendarID, row.EndDate]])),
    ),
    homerooms: new Map(
      homerooms.map((row) => [row.HomeroomID, { code: row.Code, staffId: row.StaffID }]),
    ),
    staffPersonIds: new Map(staff.map((row) => [row.StaffID, row.NameID])),
  };
}

/** The direction stands before the name, as Skyward writes it. */
function streetName(
  street: RowOf<typeof qmlativObjects.Street>,
  directions: ReadonlyMap<number, CodeLabel>,
): string | null {
  const direction = directions.get(street.DirectionalID ?? 0);
  if (direction === undefined && street.DirectionalID !== null) return null;
  const words = [direction?.code ?? direction?.description, street.Name];
  return words.filter(Boolean).join(' ') || null;
}

/** The own country goes without saying on an address. */
function foreignCountry(code: string | null): string | null {
  return code === null || /^(US|USA|UnitedStates|United States)$/i.test(code) ? null : code;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : null);

function labelsById<Object extends QmlativObject>(
  object: Object,
  rows: readonly RowOf<Object>[],
  description: string,
): ReadonlyMap<number, CodeLabel> {
  return new Map(
    rows.map((row) => {
      const fields: Readonly<Record<string, unknown>> = row;
      const label = { code: textOf(fields['Code']), description: textOf(fields[description]) };
      return [Number(fields[object.key]), label];
    }),
  );
}

/** A code table with a row that cannot be read cannot be trusted: any student could depend on it. */
async function readWhole<Object extends QmlativObject>(
  client: QmlativClient,
  object: Object,
  scope: CodeScope,
): Promise<RowOf<Object>[]> {
  const { rows, unreadable, unreadableValues } = await client.readAll(object, {
    entityId: scope.entityId,
    ...(object.yearBound ? { schoolYearIds: scope.schoolYearIds } : {}),
  });
  // A row under zero is the one for "none": nothing can point to it.
  const fault = [...unreadable, ...unreadableValues].find(({ key }) => key !== 0);
  if (fault !== undefined) {
    throw new QmlativError('unreadable-row', `the value is ${fault.message}`, {
      place: { object: fault.object, page: fault.page, row: fault.row, field: fault.field },
      advice:
        'A code table holds a value that cannot be read. Correct it in Skyward; nothing was published.',
    });
  }
  return rows;
}
