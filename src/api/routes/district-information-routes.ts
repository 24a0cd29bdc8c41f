/** District Information: settings, the connection to Skyward, its secret and its test. */
import { districtInformationApi } from '../../contract/districts/district-information.ts';
import { findChangedLimits, safetyLimits } from '../../contract/safety-limits.ts';
import type { ConnectionCheckOutcome } from '../../districts/connection-check-port.ts';
import {
  findDistrict,
  findStoredChoices,
  getConnection,
  replaceCredentials,
} from '../../districts/district.ts';
import {
  changeSettings,
  type EditableSettings,
  readConnection,
  readSettings,
} from '../../districts/district-information.ts';
import { listScheduledImports } from '../../jobs/import-schedule.ts';
import { ApiError, found } from '../api-error.ts';
import { describeMissingFields } from '../../import/runs/missing-fields.ts';
import type { ApiOptions, SetupOptions } from '../server/api-environment.ts';
import type { DistrictCall } from '../district-call.ts';
import type { RouteContext } from '../route.ts';

const maxScheduledImports = 14;

/** Adds the routes of District Information. */
export function addDistrictInformationRoutes({ route, options }: RouteContext): void {
  route(districtInformationApi.getDistrictInformation, async ({ district }) =>
    district.read(async (database) => {
      const connection = await readConnection(database);
      const settings = await readSettings(database);
      const { timeZone, isPaused } = settings;
      const earliestStart = Temporal.PlainTime.from(settings.earliestStart);
      const now = options.now?.() ?? Temporal.Now.instant();
      const isScheduled = connection !== null && !isPaused;
      const schedule = { districtId: district.id, timeZone, earliestStart };
      const scheduled = isScheduled ? listScheduledImports(now, schedule, maxScheduledImports) : [];
      return {
        settings,
        scheduledImports: scheduled.map((one) => ({ ...one, startsAt: one.startsAt.toString() })),
        supportAddress: options.setup?.supportAddress ?? null,
        connection: connection && {
          ...connection,
          storedAt: connection.storedAt.toString(),
          access: connection.access && {
            ...connection.access,
            entities: [...connection.access.entities],
          },
          missingPermissions: connection.missingPermissions.map(({ object, fields }) => ({
            object,
            fields: [...fields],
          })),
          missingFields: await describeMissingFields(
            database.client,
            district.id,
            connection.missingPermissions,
          ),
        },
      };
    }),
  );

  route(districtInformationApi.changeDistrictSettings, async ({ district, body }) =>
    district.write(async (database) => {
      const before = await readSettings(database);
      const settings = await changeSettings(database, body);
      if (settings === undefined) {
        throw new ApiError(
          'conflict',
          'Someone else changed the settings while you had them open.',
          {
            advice: 'Compare the stored settings with yours, then save again.',
          },
        );
      }
      const fields = changedFields(before, settings);
      if (fields.length > 0) {
        await district.audit({ action: 'settings-changed', detail: { fields } }, database);
      }
      return settings;
    }),
  );

  route(districtInformationApi.showClientSecret, async ({ district }) => {
    const { sealingKey } = setupOf(options);
    const { clientSecret } = await storedConnection(options, district, sealingKey);
    await district.audit({ action: 'secret-shown' });
    return { clientSecret };
  });

  route(districtInformationApi.testConnection, async ({ district }) => {
    const { checkConnection, sealingKey } = setupOf(options);
    const outcome = await checkConnection(await storedConnection(options, district, sealingKey));
    await auditTest(district, outcome);
    return outcome;
  });

  route(districtInformationApi.replaceConnection, async ({ district, body }) => {
    const { checkConnection, sealingKey, allowPrivateAddress } = setupOf(options);
    const { pool } = options.database;
    // The old credentials stay until Skyward accepts the new ones, so a typing error costs no import.
    const kept = await findStoredChoices(pool, district.id, body.baseUrl);
    const connection = { ...body, ...kept, allowPrivateAddress };
    const outcome = await checkConnection(connection);
    if (outcome.kind === 'problem') {
      await auditTest(district, outcome);
      return { test: outcome, isStored: false };
    }
    const known = await district.read(async (database) => readConnection(database));
    await replaceCredentials(pool, district.id, { ...body, allowPrivateAddress }, sealingKey);
    await district.audit({
      action: 'connection-replaced',
      detail: { isFirst: known === null, isOtherKey: known?.clientKey !== body.clientKey },
    });
    return { test: outcome, isStored: true };
  });
}

const changedFields = (before: EditableSettings, after: EditableSettings): readonly string[] =>
  Object.entries({
    name: before.name !== after.name,
    'time zone': before.timeZone !== after.timeZone,
    'earliest import time': before.earliestStart !== after.earliestStart,
    'pause of nightly imports': before.isPaused !== after.isPaused,
    'next school year': before.nextSchoolYear !== after.nextSchoolYear,
  })
    .filter(([, isChanged]) => isChanged)
    .map(([field]) => field)
    .concat(
      findChangedLimits(before.ownLimits, after.ownLimits).map(
        (key) => `safety limit “${safetyLimits[key].label}”`,
      ),
    );

const auditTest = async (district: DistrictCall, outcome: ConnectionCheckOutcome): Promise<void> =>
  district.audit({
    action: 'connection-tested',
    detail: { outcome: outcome.kind === 'works' ? 'it works' : outcome.code },
  });

function setupOf({ setup }: ApiOptions): SetupOptions {
  if (setup !== undefined) return setup;
  throw new ApiError('not-possible', 'This server has no access to secrets.', {
    advice: 'Start it with `daybreak serve`.',
  });
}

async function storedConnection(
  { database }: ApiOptions,
  { domain }: DistrictCall,
  sealingKey: SetupOptions['sealingKey'],
) {
  const district = found(await findDistrict(database.pool, domain));
  if (district.baseUrl === null) {
    throw new ApiError('not-possible', 'The district is not connected to Skyward yet.', {
      advice: 'Follow the steps on District Information first.',
    });
  }
  return getConnection(database.pool, district, sealingKey);
}
