/** The work of `daybreak district`. */
import type { z } from 'zod';
import {
  addDistrict,
  ConnectionSettings,
  DistrictSettings,
  getDistrict,
  listDistricts,
  setConnection,
} from '../../districts/district.ts';
import { checkBaseUrl } from '../../network/address-check.ts';
import { print, readStandardInput, printMessage, withCommandContext } from '../command-context.ts';
import { readSealingKey, SettingError } from '../settings.ts';
import { textTable } from '../text-table.ts';

interface ConnectionOptions {
  readonly domain: string;
  readonly baseUrl: string;
  readonly key: string;
  readonly entityId?: number;
  readonly integrationToken?: string;
  readonly allowPrivateAddress: boolean;
}

/** Checks all input before storing anything. */
export async function addDistrictCommand(
  options: Omit<ConnectionOptions, 'baseUrl' | 'key'> &
    Partial<ConnectionOptions> & { readonly name: string; readonly timezone: string },
): Promise<void> {
  await withCommandContext(async ({ database, settings }) => {
    const district = parseInput(DistrictSettings, {
      domain: options.domain,
      name: options.name,
      timeZone: options.timezone,
    });
    const { baseUrl, key: clientKey } = options;
    if ((baseUrl === undefined) !== (clientKey === undefined)) {
      throw new SettingError(
        'A connection needs both the API base URL and the client key.',
        'Give --base-url and --key, or neither to connect the district later.',
      );
    }
    const connection =
      baseUrl === undefined || clientKey === undefined
        ? undefined
        : await readConnection({ ...options, baseUrl, key: clientKey });
    const key = await readSealingKey(settings, process.env);
    const added = await addDistrict(database.pool, district, connection, key);
    print(
      connection === undefined
        ? `Added ${added.name} (${added.domain}), not connected to Skyward yet. Invite an administrator with:`
        : `Added ${added.name} (${added.domain}). Import its students with:`,
    );
    print(
      connection === undefined
        ? `  npm run -s daybreak -- account add --district ${added.domain} --email ADDRESS --name NAME`
        : `  npm run -s daybreak -- import --district ${added.domain}`,
    );
  });
}

export async function setDistrictCommand(options: ConnectionOptions): Promise<void> {
  await withCommandContext(async ({ database, settings }) => {
    const district = await getDistrict(database.pool, options.domain);
    const connection = await readConnection(options);
    const key = await readSealingKey(settings, process.env);
    await setConnection(database.pool, district.id, connection, key);
    print(`Replaced the connection of ${district.name} (${district.domain}).`);
  });
}

export async function listDistrictsCommand(options: { readonly json: boolean }): Promise<void> {
  await withCommandContext(async ({ database }) => {
    const districts = await listDistricts(database.pool);
    if (options.json) {
      for (const district of districts) print(JSON.stringify(district));
    } else if (districts.length === 0) {
      printMessage('There are no districts yet. Add one with `daybreak district add`.');
    } else {
      const rows = districts.map((one) => [
        one.domain,
        one.name,
        one.timeZone,
        one.baseUrl ?? 'not connected',
      ]);
      print(textTable([['domain', 'name', 'time zone', 'API base URL'], ...rows]));
    }
  });
}

async function readConnection(options: ConnectionOptions): Promise<ConnectionSettings> {
  const address = checkBaseUrl(options.baseUrl, {
    allowPrivateAddresses: options.allowPrivateAddress,
  });
  if (!address.ok) {
    throw new SettingError(
      address.message,
      'Give the API base URL as Skyward shows it, for example https://district.skyward.com/districtAPI.',
    );
  }
  if (process.stdin.isTTY) printMessage('Type the client secret and end with Ctrl-D:');
  return parseInput(ConnectionSettings, {
    baseUrl: options.baseUrl,
    clientKey: options.key,
    clientSecret: await readStandardInput(),
    entityId: options.entityId ?? null,
    integrationTokenName: options.integrationToken ?? null,
    allowPrivateAddress: options.allowPrivateAddress,
  });
}

/** Parses a value or throws the schema's first message, which never contains the value. */
function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new SettingError(
    issue?.message ?? 'A value is invalid.',
    `Correct ${issue?.path.join('.') ?? 'it'} and try again; nothing was stored.`,
  );
}
