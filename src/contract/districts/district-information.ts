/** Settings > District Information: the connection to Skyward, and what a district decides for itself. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { Day, Instant, NextSchoolYearSetting, VersionNumber } from '../values.ts';
import { code, exact, text } from '../text.ts';

const settings = {
  name: text(200).min(1, 'must not be empty'),
  timeZone: code(100)
    .refine(isTimeZone, 'is not known; write it as America/Chicago')
    .meta({ description: 'An IANA name: America/Chicago.' }),
  earliestStart: code(5)
    .regex(/^0[0-4]:[0-5]\d$/, 'must be from 00:00 to 04:59')
    .meta({ description: "From when on nights may begin, by the district's clock: 01:00." }),
  isPaused: z.boolean().meta({ description: 'No night begins by itself.' }),
  nextSchoolYear: NextSchoolYearSetting,
  holdShare: z.number().gt(0, 'must be more than 0').max(1, 'must be at most 1').meta({
    description: 'A night that would take away or turn inactive more than this share is held.',
  }),
  holdMinimum: z.int().min(0).max(1_000_000).meta({
    description: 'So few students are never a reason to hold a night.',
  }),
};

function isTimeZone(zone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const Version = VersionNumber.meta({ description: 'Counts the changes of the settings.' });

const Settings = z
  .strictObject({ ...settings, domain: z.string(), version: Version })
  .meta({ id: 'DistrictSettings' });
export type DistrictSettings = z.infer<typeof Settings>;

const Connection = z
  .strictObject({
    baseUrl: z.string().meta({ description: 'API Base URL' }),
    clientKey: z.string().meta({ description: 'Client Key' }),
    storedAt: Instant.meta({ description: 'Since when address, key and secret are these.' }),
    access: z
      .strictObject({
        name: z.string(),
        entities: z.array(z.string()),
        expiresOn: Day.nullable().meta({ description: 'null: never.' }),
      })
      .nullable()
      .meta({ description: "Skyward's record as it was last verified; null: it never was." }),
    missingPermissions: z
      .array(z.strictObject({ object: z.string(), fields: z.array(z.string()) }))
      .meta({
        description: 'What the last night was not granted: objects, or single fields of them.',
      }),
  })
  .meta({ id: 'SkywardConnection' });
export type SkywardConnection = z.infer<typeof Connection>;

const ScheduledImport = z
  .strictObject({
    startsAt: Instant,
    clockChange: z.enum(['forward', 'back']).nullable().meta({
      description:
        'The clock is put forward or back on its date; the night happens once all the same.',
    }),
  })
  .meta({ id: 'ScheduledImport' });
export type ScheduledImport = z.infer<typeof ScheduledImport>;

const Information = z
  .strictObject({
    settings: Settings,
    connection: Connection.nullable(),
    scheduledImports: z.array(ScheduledImport).meta({
      description: 'When the next 14 nights begin; empty while paused or not connected.',
    }),
    supportAddress: z.string().nullable().meta({
      description: 'Where a request to complete the integration can be mailed to; null: nowhere.',
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
  summary: 'Change the settings; they count from the next night on',
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
  summary: 'The client secret; kept in the audit trail',
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
  clientKey: text(500).regex(noSpaces, 'must not be empty or hold spaces'),
  clientSecret: exact(2000).min(1, 'must not be empty'),
};

/** How Skyward answered when it was asked with an address, a key and a secret. */
const Test = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('works'),
      districtName: z.string().nullable(),
      summary: z.string().meta({ description: 'What Skyward answered, in one sentence.' }),
      problems: z
        .array(z.string())
        .readonly()
        .meta({ description: 'What an import would lack; empty when nothing.' }),
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
  summary: 'Ask Skyward for a token and its metadata with what is stored',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['connection-tested'] },
  limit: 'outside',
  response: Test,
  errors: ['not-possible'],
} as const satisfies Endpoint;

const replaceConnection = {
  method: 'PUT',
  path: `${districtPath}/connection`,
  summary: 'Replace address, key and secret, once Skyward has accepted the new ones',
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
