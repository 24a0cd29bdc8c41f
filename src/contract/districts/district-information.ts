/** Settings > District Information: the connection to Skyward and the district's settings. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { MissingField } from '../imports/import-report.ts';
import { LimitOverrides } from '../safety-limits.ts';
import { Day, Instant, NextSchoolYearSetting, VersionNumber } from '../values.ts';
import { code, exact, text } from '../text.ts';

const settings = {
  name: text(200).min(1, 'must not be empty'),
  timeZone: code(100)
    .refine(isTimeZone, 'is not known; write it like America/Chicago')
    .meta({ description: 'An IANA name: America/Chicago.' }),
  earliestStart: code(5)
    .regex(/^0[0-4]:[0-5]\d$/, 'must be from 00:00 to 04:59')
    .meta({ description: "When the nightly import may start, in the district's time: 01:00." }),
  isPaused: z.boolean().meta({ description: 'Nightly imports are paused.' }),
  nextSchoolYear: NextSchoolYearSetting,
  ownLimits: LimitOverrides,
};

function isTimeZone(zone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const Version = VersionNumber.meta({ description: 'Incremented by every change of the settings.' });

const Settings = z
  .strictObject({ ...settings, domain: z.string(), version: Version })
  .meta({ id: 'DistrictSettings' });
export type DistrictSettings = z.infer<typeof Settings>;

const Connection = z
  .strictObject({
    baseUrl: z.string().meta({ description: 'API Base URL' }),
    clientKey: z.string().meta({ description: 'Client Key' }),
    storedAt: Instant.meta({ description: 'When address, key and secret were stored.' }),
    access: z
      .strictObject({
        name: z.string(),
        entities: z.array(z.string()),
        expiresOn: Day.nullable().meta({ description: 'null: never.' }),
      })
      .nullable()
      .meta({ description: "Skyward's record when it was last verified; null: never verified." }),
    missingPermissions: z
      .array(z.strictObject({ object: z.string(), fields: z.array(z.string()) }))
      .meta({
        description:
          'Objects, or single fields of them, that the last import had no permission to read.',
      }),
    missingFields: z.array(MissingField).meta({
      description: 'Fields that the last import could not update without these permissions.',
    }),
  })
  .meta({ id: 'SkywardConnection' });
export type SkywardConnection = z.infer<typeof Connection>;

const ScheduledImport = z
  .strictObject({
    startsAt: Instant,
    clockChange: z.enum(['forward', 'back']).nullable().meta({
      description: 'The clock changes on its date. The import still runs once.',
    }),
  })
  .meta({ id: 'ScheduledImport' });
export type ScheduledImport = z.infer<typeof ScheduledImport>;

const Information = z
  .strictObject({
    settings: Settings,
    connection: Connection.nullable(),
    scheduledImports: z.array(ScheduledImport).meta({
      description: 'The next 14 scheduled imports; empty while paused or not connected.',
    }),
    supportAddress: z.string().nullable().meta({
      description: 'The address for mailing a request to complete the integration; null: none.',
    }),
  })
  .meta({ id: 'DistrictInformation' });
export type DistrictInformation = z.infer<typeof Information>;

const getDistrictInformation = {
  method: 'GET',
  path: `${districtPath}/information`,
  summary: 'The settings of the district and its connection to Skyward, without the secret',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: Information,
} as const satisfies Endpoint;

const changeDistrictSettings = {
  method: 'PUT',
  path: `${districtPath}/information/settings`,
  summary: 'Change the settings; they apply from the next import on',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['settings-changed'] },
  limit: 'write',
  body: z.strictObject({ ...settings, version: Version }),
  response: Settings,
  errors: ['conflict'],
} as const satisfies Endpoint;

const showClientSecret = {
  method: 'POST',
  path: `${districtPath}/connection/secret`,
  summary: 'The client secret; recorded in the audit trail',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['secret-shown'] },
  limit: 'write',
  requiresReauthentication: true,
  response: z.strictObject({ clientSecret: z.string() }),
  errors: ['not-possible'],
} as const satisfies Endpoint;

const noSpaces = /^\S+$/;
const credentials = {
  baseUrl: text(2000).min(1, 'must not be empty'),
  clientKey: text(500).regex(noSpaces, 'must not be empty or contain spaces'),
  clientSecret: exact(2000).min(1, 'must not be empty'),
};

/** The result of testing an address, a key and a secret with Skyward. */
const Test = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('works'),
      districtName: z.string().nullable(),
      summary: z.string().meta({ description: 'What the test found, in one sentence.' }),
      problems: z
        .array(z.string())
        .readonly()
        .meta({ description: 'What an import would lack; empty if nothing.' }),
    }),
    z.strictObject({
      kind: z.literal('problem'),
      code: z.string(),
      message: z.string(),
      advice: z.string(),
    }),
  ])
  .meta({ id: 'ConnectionTest' });
export type ConnectionTest = z.infer<typeof Test>;

const testConnection = {
  method: 'POST',
  path: `${districtPath}/connection/test`,
  summary: 'Test the stored credentials: request a token and metadata from Skyward',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['connection-tested'] },
  limit: 'outside',
  response: Test,
  errors: ['not-possible'],
} as const satisfies Endpoint;

const replaceConnection = {
  method: 'PUT',
  path: `${districtPath}/connection`,
  summary: 'Replace address, key and secret, if Skyward accepts the new ones',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['connection-replaced', 'connection-tested'] },
  limit: 'outside',
  requiresReauthentication: true,
  body: z.strictObject(credentials),
  response: z.strictObject({ test: Test, isStored: z.boolean() }),
  errors: ['not-possible'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const districtInformationApi = {
  changeDistrictSettings,
  getDistrictInformation,
  replaceConnection,
  showClientSecret,
  testConnection,
};
