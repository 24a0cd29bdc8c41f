/** Skyward Qmlativ as the nightly import asks for it: the lists of one night, in our words. */
import { schoolYearOf } from '../enrollment/school-year.ts';
import type {
  NotGranted,
  Roster,
  RosterList,
  RosterPage,
  RosterSource,
} from '../import/roster-source.ts';
import type { QmlativCodes } from '../roster/qmlativ-objects.ts';
import {
  stagedAddress,
  stagedAlias,
  stagedEmail,
  stagedPerson,
  stagedPersonAddress,
  stagedPhone,
} from '../roster/qmlativ-people.ts';
import { stagedPlacesLeftOut } from '../roster/qmlativ-sources.ts';
import {
  stagedEnrollment,
  stagedEntityYear,
  stagedFamily,
  stagedFamilyGuardian,
  stagedFamilyStudent,
  stagedGuardianLink,
  stagedStudent,
  UnknownReference,
} from '../roster/qmlativ-students.ts';
import { problemKinds, type UnusableRow } from '../roster/row-problem.ts';
import type { StagedRow, StagedTable } from '../roster/staged-rows.ts';
import { readCodeTables, readSchoolYears } from './code-tables.ts';
import { qmlativObjects } from './objects.ts';
import {
  createQmlativClient,
  type QmlativClient,
  type QmlativClientOptions,
} from './qmlativ-client.ts';
import { QmlativError } from './qmlativ-error.ts';
import { objectPath, type QmlativObject, type RowOf } from './qmlativ-object.ts';
import type { UnreadableRow } from './row-reading.ts';

export interface QmlativSourceOptions extends QmlativClientOptions {
  /** The district's entity; undefined: the only district that the system names. */
  readonly entityId?: number | undefined;
}

/** Opens Skyward for one run. Nothing is sent before `openRoster`. */
export function createQmlativSource(options: QmlativSourceOptions): RosterSource {
  const client = createQmlativClient(options);
  return {
    async openRoster({ today, since, includeUpcomingSchoolYear }) {
      const district = await findDistrict(client, options.entityId);
      const { years, current } = await readSchoolYears(client, district.entityId);
      const schoolYear = district.schoolYear ?? current;
      if (schoolYear === undefined) throw noSchoolYear();
      const first = schoolYearOf(Temporal.PlainDate.from(since));
      const last = includeUpcomingSchoolYear ? schoolYear + 1 : schoolYear;
      const schoolYearIds = [...years]
        .filter(([, year]) => year >= first && year <= last)
        .map(([id]) => id);
      const scope = { entityId: district.entityId, schoolYearIds };
      const codes = await readCodeTables(client, scope, years);
      return { schoolYear, lists: listsOf(client, scope, codes, today) } satisfies Roster;
    },
    async confirm(roster) {
      const now = await currentSchoolYear(client, await findDistrict(client, options.entityId));
      if (now === roster.schoolYear) return;
      throw new QmlativError(
        'unstable-list',
        `the current school year changed from ${roster.schoolYear} to ${now ?? 'none'} while the night was read`,
        {
          place: { object: 'District/SchoolYear' },
          advice:
            'Skyward was rolled over to another school year in the middle of the reading. Start the import again once the roll-over is done; the next night does so by itself.',
        },
      );
    },
    notGranted: () => notGranted(client),
    leftOut: () => stagedPlacesLeftOut(notGranted(client)),
    isWorthReadingAgain: (error) => error instanceof QmlativError && error.code === 'unstable-list',
    close: async () => client.close(),
  };
}

const currentSchoolYear = async (client: QmlativClient, district: District) =>
  district.schoolYear ?? (await readSchoolYears(client, district.entityId)).current;

interface District {
  readonly entityId: number;
  readonly schoolYear: number | undefined;
}

async function findDistrict(
  client: QmlativClient,
  entityId: number | undefined,
): Promise<District> {
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
  const named = districts.map((one) => `${one.entityId}`).join(', ');
  throw new QmlativError(
    'unexpected-answer',
    districts.length === 0
      ? 'the system names no district'
      : `the system has several districts, with the entities ${named}`,
    {
      place: { object: 'GetSystemMetadata' },
      advice: "Say which entity is the district's: daybreak district set --domain … --entity-id …",
    },
  );
}

const noSchoolYear = () =>
  new QmlativError('unexpected-answer', 'no school year is marked as the current one', {
    place: { object: 'District/SchoolYear' },
    advice: 'Set the current school year of the district in Skyward, then run the import again.',
  });

/** Students first: their number tells how much is to come. */
function listsOf(
  client: QmlativClient,
  scope: { entityId: number; schoolYearIds: readonly number[] },
  codes: QmlativCodes,
  today: string,
): RosterList[] {
  const o = qmlativObjects;
  const list = <Object extends QmlativObject, Table extends StagedTable>(
    object: Object,
    table: Table,
    staged: (row: RowOf<Object>) => StagedRow<Table> | UnknownReference | undefined,
  ): RosterList<Table> => ({
    table,
    object: objectPath(object),
    pages: () => readList(client, object, table, scope, staged),
  });
  return [
    list(o.Student, 'students', (row) => stagedStudent(row, codes)),
    list(o.EntryWithdrawal, 'enrollments', (row) => stagedEnrollment(row, codes)),
    list(o.StudentEntityYear, 'entity_years', (row) => stagedEntityYear(row, codes)),
    list(o.Name, 'people', (row) => stagedPerson(row, codes, today)),
    list(o.NameAlias, 'person_aliases', (row) => stagedAlias(row, codes)),
    list(o.StudentGuardian, 'guardian_links', (row) => stagedGuardianLink(row, codes)),
    list(o.Family, 'families', (row) => stagedFamily(row, codes)),
    list(o.StudentFamily, 'family_students', stagedFamilyStudent),
    list(o.FamilyGuardian, 'family_guardians', stagedFamilyGuardian),
    list(o.Address, 'addresses', (row) => stagedAddress(row, codes)),
    list(o.NameAddress, 'person_addresses', stagedPersonAddress),
    list(o.NamePhone, 'person_phones', (row) => stagedPhone(row, codes)),
    list(o.NameEmail, 'person_emails', (row) => stagedEmail(row, codes)),
  ];
}

async function* readList<Object extends QmlativObject, Table extends StagedTable>(
  client: QmlativClient,
  object: Object,
  table: Table,
  scope: { entityId: number; schoolYearIds: readonly number[] },
  staged: (row: RowOf<Object>) => StagedRow<Table> | UnknownReference | undefined,
): AsyncGenerator<RosterPage<Table>> {
  const pages = client.readPages(object, {
    entityId: scope.entityId,
    ...(object.yearBound ? { schoolYearIds: scope.schoolYearIds } : {}),
  });
  for await (const { page, rows, unreadable } of pages) {
    const good: StagedRow<Table>[] = [];
    const unusable = unreadable.map((row) => unreadableRow(row, table));
    for (const [index, row] of rows.entries()) {
      const result = staged(row);
      if (result === undefined) continue;
      if (result instanceof UnknownReference)
        unusable.push(unknownReference(object, row, { table, page, index }, result));
      else good.push(result);
    }
    yield { page, rows: good, unusable };
  }
}

/** Whose row it is, told by the ids that could be read. */
const owners = (ids: Readonly<Record<string, unknown>>) => {
  const id = (name: string) => {
    const value = ids[name];
    return typeof value === 'number' ? value : null;
  };
  return {
    studentSkywardId: id('StudentID'),
    personId: id('NameID') ?? id('NameIDGuardian'),
    addressId: id('AddressID'),
    familyId: id('FamilyID'),
  };
};

function unreadableRow(row: UnreadableRow, table: StagedTable): UnusableRow {
  const keyName = row.object.split('/')[1] + 'ID';
  return {
    kind: 'field-unreadable',
    table,
    object: row.object,
    page: row.page,
    row: row.row,
    key: String(row.key),
    field: row.field,
    message: row.message,
    ...owners({ ...row.ids, [keyName]: row.key }),
  };
}

function unknownReference<Object extends QmlativObject>(
  object: Object,
  row: RowOf<Object>,
  { table, page, index }: { table: StagedTable; page: number; index: number },
  { unknownReference: field }: UnknownReference,
): UnusableRow {
  const fields: Readonly<Record<string, unknown>> = row;
  return {
    kind: 'code-unknown',
    table,
    object: objectPath(object),
    page,
    row: index + 1,
    key: String(fields[object.key]),
    field,
    message: problemKinds['code-unknown'],
    ...owners(fields),
  };
}

function notGranted(client: QmlativClient): NotGranted[] {
  return [
    ...client.objectsLeftOut().map(({ object }) => ({ object, fields: [] })),
    ...client.fieldsLeftOut(),
  ];
}
