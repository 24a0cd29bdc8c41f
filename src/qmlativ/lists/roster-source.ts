/** Skyward Qmlativ as the source of an import: opens the district and returns its lists, mapped to staged rows. */
import type { MissingPermissions, RosterSource } from '../../import/reading/roster-source.ts';
import { CodeTableReader, readCodeTables, readSchoolYears } from './code-tables.ts';
import {
  createQmlativClient,
  type QmlativClient,
  type QmlativClientOptions,
} from '../qmlativ-client.ts';
import { QmlativError } from '../http/qmlativ-error.ts';
import { createLists } from './roster-lists.ts';

export interface QmlativSourceOptions extends QmlativClientOptions {
  /** The district's entity; by default the only district of the system. */
  readonly entityId?: number | undefined;
}

/** Opens Skyward for one run. Nothing is sent before `openRoster`. */
export function createQmlativSource(options: QmlativSourceOptions): RosterSource {
  const client = createQmlativClient(options);
  const tables = new CodeTableReader(client);
  /** Known after `openRoster`. */
  let { entityId } = options;
  return {
    async openRoster({ today, firstSchoolYear }) {
      const district = await openDistrict(client, tables, options.entityId);
      const { years, schoolYear } = district;
      if (schoolYear === undefined) throw createSchoolYearError();
      entityId = district.entityId;
      // Enrollments of the next school year that have started count with any setting of the district.
      const read = [...years].filter(
        ([, year]) => year >= firstSchoolYear && year <= schoolYear + 1,
      );
      const scope = { entityId, schoolYearIds: read.map(([id]) => id) };
      const codes = readCodeTables(tables, scope, years);
      // No list is of use without them: all end, and throw this error.
      codes.catch(() => client.close());
      return {
        schoolYear,
        schoolYearsRead: read.map(([, year]) => year),
        lists: createLists(client, { ...scope, codes, today, schoolYear }),
      };
    },
    async confirm(roster) {
      const { schoolYear: now } = await openDistrict(client, tables, options.entityId, entityId);
      if (now === roster.schoolYear) return;
      throw new QmlativError(
        'unstable-list',
        `the current school year changed from ${roster.schoolYear} to ${now ?? 'none'} while the import was reading`,
        {
          place: { object: 'District/SchoolYear' },
          advice:
            'Skyward was rolled over to another school year during the import. Start the import again after the roll-over; the next nightly import tries again in any case.',
        },
      );
    },
    missingPermissions: () => listMissingPermissions(client),
    emptyFields: () => client.emptyFields(),
    unreadableCodes: () => tables.unreadable,
    isRetryable: (error) => error instanceof QmlativError && error.code === 'unstable-list',
    close: async () => client.close(),
  };
}

interface OpenedDistrict {
  readonly entityId: number;
  /** Undefined if Skyward marks none as current. */
  readonly schoolYear: number | undefined;
  /** All school years by id. */
  readonly years: ReadonlyMap<number, number>;
}

/**
 * Finds the district and its school years. With a configured entity, the metadata is requested last and only if needed,
 * because its permission may be missing. With an entity found before, both are requested at once.
 */
async function openDistrict(
  client: QmlativClient,
  tables: CodeTableReader,
  known: number | undefined,
  found = known,
): Promise<OpenedDistrict> {
  const metadata = known === undefined ? findDistrict(client, known) : undefined;
  const entityId = found ?? (await metadata)?.entityId;
  if (entityId === undefined) throw createDistrictError([]);
  const [district, { years, current }] = await Promise.all([
    metadata,
    readSchoolYears(tables, entityId),
  ]);
  const schoolYear =
    district?.schoolYear ?? current ?? (await findDistrict(client, entityId)).schoolYear;
  return { entityId, years, schoolYear };
}

async function findDistrict(
  client: QmlativClient,
  entityId: number | undefined,
): Promise<Omit<OpenedDistrict, 'years'>> {
  const { districts } = await client.systemMetadata();
  const only = districts.length === 1 ? districts[0] : undefined;
  const district =
    entityId === undefined ? only : districts.find((one) => one.entityId === entityId);
  if (district !== undefined) {
    return {
      entityId: district.entityId,
      schoolYear: district.schoolYear?.numericYear ?? undefined,
    };
  }
  if (entityId !== undefined) return { entityId, schoolYear: undefined };
  throw createDistrictError(districts.map((one) => one.entityId));
}

const createDistrictError = (entityIds: readonly number[]) =>
  new QmlativError(
    'unexpected-response',
    entityIds.length === 0
      ? 'the system has no district'
      : `the system has several districts, with the entities ${entityIds.join(', ')}`,
    {
      place: { object: 'GetSystemMetadata' },
      advice: "Say which entity is the district's: daybreak district set --domain … --entity-id …",
    },
  );

const createSchoolYearError = () =>
  new QmlativError('unexpected-response', 'no school year is marked as the current one', {
    place: { object: 'District/SchoolYear' },
    advice: 'Set the current school year of the district in Skyward, then run the import again.',
  });

function listMissingPermissions(client: QmlativClient): MissingPermissions[] {
  const objects = client.missingObjects().map(({ object }) => ({ object, fields: [] }));
  return [...objects.toSorted(byObject), ...client.rejectedFields().toSorted(byObject)];
}

/** Sorts by object, because lists that are read concurrently end in any order. */
const byObject = (a: MissingPermissions, b: MissingPermissions): number =>
  a.object < b.object ? -1 : 1;
