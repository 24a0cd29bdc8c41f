/** Skyward Qmlativ as the nightly import asks for it: the lists of one night, in our words. */
import type {
  LentRoster,
  MissingPermissions,
  Roster,
  RosterSource,
} from '../../import/reading/roster-source.ts';
import { CodeTableReader, readCodeTables, readSchoolYears } from './code-tables.ts';
import {
  createQmlativClient,
  type QmlativClient,
  type QmlativClientOptions,
} from '../qmlativ-client.ts';
import { QmlativError } from '../http/qmlativ-error.ts';
import { createLists, type RosterScope } from './roster-lists.ts';
import type { LentOrder, ThreadAnswer, ThreadRequest } from '../roster-thread.ts';
import { faultOf, tellFault, type ToldFault } from '../told-fault.ts';

export interface QmlativSourceOptions extends QmlativClientOptions {
  /** The district's entity; undefined: the only district that the system names. */
  readonly entityId?: number | undefined;
}

/** Opens Skyward for one run. Nothing is sent before `openRoster`. */
export function createQmlativSource(options: QmlativSourceOptions): RosterSource {
  const client = createQmlativClient(options);
  const tables = new CodeTableReader(client);
  const scopes = new WeakMap<Roster, RosterScope>();
  return {
    async openRoster({ today, firstSchoolYear }) {
      const district = await openDistrict(client, tables, options.entityId);
      const { schoolYear, years } = district;
      if (schoolYear === undefined) throw createSchoolYearError();
      // Rows of the next school year that have begun count whatever the district's setting is.
      const read = [...years].filter(
        ([, year]) => year >= firstSchoolYear && year <= schoolYear + 1,
      );
      const schoolYearIds = read.map(([id]) => id);
      const scope = { entityId: district.entityId, schoolYearIds };
      const codes = await readCodeTables(tables, scope, years);
      const whole = { ...scope, codes, today, schoolYear };
      const roster: Roster = {
        schoolYear,
        schoolYearsRead: read.map(([, year]) => year),
        lists: createLists(client, whole),
      };
      scopes.set(roster, whole);
      return roster;
    },
    async confirm(roster) {
      const { schoolYear: now } = await openDistrict(client, tables, options.entityId);
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
    missingPermissions: () => listMissingPermissions(client),
    emptyFields: () => client.emptyFields(),
    unreadableCodes: () => tables.unreadable,
    isRetryable: (error) => error instanceof QmlativError && error.code === 'unstable-list',
    threadModule: client.isLendable ? new URL('../roster-thread.ts', import.meta.url) : undefined,
    lend(roster, say) {
      const scope = scopes.get(roster);
      if (scope === undefined) throw new TypeError('This roster was opened by another source');
      return lendRoster(client, scope, { ...options, say });
    },
    close: async () => client.close(),
  };
}

/** Lends what a thread needs to read the lists, and answers it (see roster-thread.ts). */
function lendRoster(
  client: QmlativClient,
  scope: RosterScope,
  {
    say,
    signal,
    onRequest,
  }: Pick<QmlativSourceOptions, 'signal' | 'onRequest'> & { say: (message: unknown) => void },
): LentRoster {
  const order: LentOrder = { settings: client.lend(), scope };
  const answer = (message: ThreadAnswer): void => say(message);
  const stop = (): void => answer({ kind: 'stop' });
  const lendToken = async (number: number, refused: string | undefined): Promise<void> =>
    client.borrowToken(refused).then(
      (token) => answer({ kind: 'token', number, token }),
      (fault: unknown) => answer({ kind: 'no-token', number, metadata: tellFault(fault) }),
    );
  signal?.addEventListener('abort', stop);
  if (signal?.aborted === true) stop();
  return {
    order,
    hear(message) {
      const request = message as ThreadRequest;
      if (request.kind === 'request') onRequest?.(request.event);
      else if (request.kind === 'grants') client.noteGrants(request.path, request.found);
      else void lendToken(request.number, request.refused);
    },
    faultOf: (metadata) => faultOf(metadata as ToldFault),
    end() {
      signal?.removeEventListener('abort', stop);
      client.takeBack();
    },
  };
}

interface OpenedDistrict {
  readonly entityId: number;
  /** Undefined when Skyward marks none as the current one. */
  readonly schoolYear: number | undefined;
  /** Numbers of all school years by their id. */
  readonly years: ReadonlyMap<number, number>;
}

/** Finds the district and its school years. With a known entity the metadata, which may not be granted, is asked last. */
async function openDistrict(
  client: QmlativClient,
  tables: CodeTableReader,
  known: number | undefined,
): Promise<OpenedDistrict> {
  const metadata = known === undefined ? await findDistrict(client, known) : undefined;
  const entityId = known ?? metadata?.entityId;
  if (entityId === undefined) throw createDistrictError([]);
  const { years, current } = await readSchoolYears(tables, entityId);
  const schoolYear =
    metadata?.schoolYear ?? current ?? (await findDistrict(client, entityId)).schoolYear;
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
    'unexpected-answer',
    entityIds.length === 0
      ? 'the system names no district'
      : `the system has several districts, with the entities ${entityIds.join(', ')}`,
    {
      place: { object: 'GetSystemMetadata' },
      advice: "Say which entity is the district's: daybreak district set --domain … --entity-id …",
    },
  );

const createSchoolYearError = () =>
  new QmlativError('unexpected-answer', 'no school year is marked as the current one', {
    place: { object: 'District/SchoolYear' },
    advice: 'Set the current school year of the district in Skyward, then run the import again.',
  });

function listMissingPermissions(client: QmlativClient): MissingPermissions[] {
  return [
    ...client.missingObjects().map(({ object }) => ({ object, fields: [] })),
    ...client.rejectedFields(),
  ];
}
