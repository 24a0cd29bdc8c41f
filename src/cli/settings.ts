/** The settings of a Daybreak process, read once from the environment and the data folder. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { dataFolderMode } from '../database/embedded/paths.ts';
import { type MailSettings, parseMailSettings } from '../mail/mail-settings.ts';
import { parseProxies, ProxyListError, type TrustedProxies } from '../network/caller-address.ts';
import { userAgent } from '../network/user-agent.ts';
import type { VendorIdentity } from '../qmlativ/vendor-identity.ts';
import { newSealingKey, parseSealingKey, type SealingKey } from '../districts/sealed-secret.ts';

export interface Settings {
  /** `DATABASE_URL`, including `DATABASE_PASSWORD`; undefined: the embedded server. */
  readonly databaseUrl: string | undefined;
  /**
   * `DATABASE_WEB_PASSWORD`: password of the role the web process signs in as; undefined: it signs in as the user in
   * `databaseUrl`.
   */
  readonly databaseWebPassword: string | undefined;
  /** `DAYBREAK_DATA`; by default `.daybreak` in the project. */
  readonly dataDirectory: string;
  /** `DAYBREAK_PUBLIC_URL`: the address users type, when the app is behind a proxy. */
  readonly publicUrl: string | undefined;
  /** `DAYBREAK_TRUSTED_PROXIES`: proxies trusted to report a client's address; undefined: none. */
  readonly trustedProxies: TrustedProxies | undefined;
  /** `DAYBREAK_SMTP_URL` and `DAYBREAK_MAIL_FROM`; undefined: no mail is sent. */
  readonly mail: MailSettings | undefined;
  /** `DAYBREAK_PARTNER_URL` and `DAYBREAK_PARTNER_TOKEN`: Skyward's partner interface; undefined: technicians type secrets in. */
  readonly partner: { readonly url: string; readonly token: string } | undefined;
  /** `DAYBREAK_SUPPORT_MAIL_…` and `DAYBREAK_SUPPORT_ADDRESS`; undefined: setup requests are made only in the app. */
  readonly supportMail: SupportMailSettings | undefined;
  /**
   * `DAYBREAK_SUPPORT_ADDRESS`, `DAYBREAK_SKYWARD_INTEGRATION_TOKEN` (with a suffix for districts that need another
   * one) and `DAYBREAK_SKYWARD_INTEGRATION_HOSTS`: how requests to Skyward identify us.
   */
  readonly vendor: VendorIdentity;
  /** `DAYBREAK_METRICS_TOKEN`: grants access to /metrics; undefined: /metrics is off. */
  readonly metricsToken: string | undefined;
  /** `DAYBREAK_ALLOW_PRIVATE_ADDRESSES`: Skyward may have a private address, as the sandbox does. */
  readonly allowPrivateAddresses: boolean;
  /** `DAYBREAK_ALLOW_PRIVATE_ISSUERS`: single sign-on providers may have private addresses. */
  readonly allowPrivateIssuers: boolean;
  /** `DAYBREAK_ALLOW_PRIVATE_WEBHOOKS`: webhook receivers may have private addresses. */
  readonly allowPrivateWebhooks: boolean;
}

export interface SupportMailSettings {
  readonly address: string;
  readonly host: string;
  readonly port: number;
  /** PEM texts; undefined: mail is received unencrypted. */
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
}

const defaultSupportAddress = 'tier2help@samegoal.com';
const integrationToken = 'DAYBREAK_SKYWARD_INTEGRATION_TOKEN';
const integrationHosts = 'DAYBREAK_SKYWARD_INTEGRATION_HOSTS';

/** An invalid setting or command option. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
  readonly code = 'setting-invalid';
  readonly advice: string;
  constructor(message: string, advice: string) {
    super(message);
    this.advice = advice;
  }
}

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Settings that may be read from a file whose path is in NAME_FILE. Containers get secrets as files, and other
 * processes can read an environment more easily than a file.
 */
export const secretSettings: readonly string[] = [
  'DATABASE_URL',
  'DATABASE_PASSWORD',
  'DATABASE_WEB_PASSWORD',
  'DAYBREAK_SEALING_KEY',
  'DAYBREAK_FORMER_SEALING_KEYS',
  'DAYBREAK_SESSION_SECRET',
  'DAYBREAK_SMTP_URL',
  'DAYBREAK_PARTNER_TOKEN',
  'DAYBREAK_METRICS_TOKEN',
  'DAYBREAK_SKYWARD_INTEGRATION_TOKEN',
  'DAYBREAK_SUPPORT_MAIL_CERTIFICATE',
  'DAYBREAK_SUPPORT_MAIL_KEY',
];

/** Integration tokens have a suffix chosen by the installation, such as the name of a state. */
const isSecret = (name: string): boolean =>
  secretSettings.includes(name) || name.startsWith(`${integrationToken}_`);

/** Returns a setting from the environment, or from its file. An empty variable counts as not set. */
function findSetting(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = environment[name]?.trim() || undefined;
  const file = isSecret(name) ? environment[`${name}_FILE`]?.trim() : undefined;
  if (!file) return value;
  if (value === undefined) return readSecretFile(name, file);
  throw new SettingError(`${name} and ${name}_FILE are both set.`, 'Remove one of the two.');
}

/** An empty file is an error: otherwise a new key would be created, which cannot open the stored secrets. */
function readSecretFile(name: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new SettingError(
      `The file ${file} of ${name}_FILE cannot be read (${code}).`,
      'Check the path, and that the user Daybreak runs as can read the file.',
    );
  }
  if (text !== '') return text;
  throw new SettingError(`The file ${file} of ${name}_FILE is empty.`, 'Write the value into it.');
}

/** Reads the settings, which docs/settings.md describes. Throws `SettingError`. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const given = (name: string) => findSetting(environment, name);
  return {
    databaseUrl: readDatabaseUrl(given('DATABASE_URL'), given('DATABASE_PASSWORD')),
    databaseWebPassword: given('DATABASE_WEB_PASSWORD'),
    dataDirectory: resolve(given('DAYBREAK_DATA') ?? join(projectRoot, '.daybreak')),
    publicUrl: given('DAYBREAK_PUBLIC_URL'),
    trustedProxies: readTrustedProxies(given('DAYBREAK_TRUSTED_PROXIES')),
    mail: readMailSettings(given('DAYBREAK_SMTP_URL'), given('DAYBREAK_MAIL_FROM')),
    partner: readPartner(given('DAYBREAK_PARTNER_URL'), given('DAYBREAK_PARTNER_TOKEN')),
    supportMail: readSupportMail(given),
    vendor: readVendor(environment),
    metricsToken: readMetricsToken(given('DAYBREAK_METRICS_TOKEN')),
    allowPrivateAddresses: given('DAYBREAK_ALLOW_PRIVATE_ADDRESSES') === '1',
    allowPrivateIssuers: given('DAYBREAK_ALLOW_PRIVATE_ISSUERS') === '1',
    allowPrivateWebhooks: given('DAYBREAK_ALLOW_PRIVATE_WEBHOOKS') === '1',
  };
}

function readDatabaseUrl(
  url: string | undefined,
  password: string | undefined,
): string | undefined {
  if (password === undefined) return url;
  const parsed = url === undefined ? null : URL.parse(url);
  if (parsed !== null && parsed.username !== '' && parsed.password === '') {
    parsed.password = encodeURIComponent(password);
    return parsed.href;
  }
  throw new SettingError(
    'DATABASE_PASSWORD cannot be used with this DATABASE_URL.',
    'Set DATABASE_URL with a user and without a password, such as postgres://user@host:5432/name.',
  );
}

function readTrustedProxies(text: string | undefined): TrustedProxies | undefined {
  try {
    return text === undefined ? undefined : parseProxies(text);
  } catch (error) {
    if (!(error instanceof ProxyListError)) throw error;
    throw error.reason === 'all-addresses'
      ? new SettingError(
          `Entry ${error.entry} of DAYBREAK_TRUSTED_PROXIES is the range of all addresses: any client could claim any address.`,
          'List only the addresses of your proxies, such as 127.0.0.1.',
        )
      : new SettingError(
          `Entry ${error.entry} of DAYBREAK_TRUSTED_PROXIES is neither an address nor a range.`,
          'List addresses and ranges separated by commas, such as 127.0.0.1, 10.1.0.0/16, fd00::/8; no names and no ports.',
        );
  }
}

function readPartner(url: string | undefined, token: string | undefined): Settings['partner'] {
  if (url === undefined) return undefined;
  if (token !== undefined) return { url, token };
  throw new SettingError(
    'DAYBREAK_PARTNER_URL is set without DAYBREAK_PARTNER_TOKEN.',
    "Set DAYBREAK_PARTNER_TOKEN to the token of Skyward's partner interface.",
  );
}

function readVendor(environment: NodeJS.ProcessEnv): VendorIdentity {
  const given = (name: string) => findSetting(environment, name);
  const names = Object.keys(environment)
    .filter((name) => name.startsWith(integrationToken))
    .map((name) => name.slice(integrationToken.length).replace(/_FILE$/, ''));
  const tokens = Array.from(new Set(names), (name): [string, string][] => {
    const token = given(integrationToken + name);
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
      throw new SettingError(
        `${integrationToken + name} contains a character that is not allowed in a header.`,
        'Set it to the token as Skyward issued it, on one line.',
      );
    }
    return token === undefined ? [] : [[name.slice(1).toLowerCase(), token]];
  }).flat();
  const hosts = given(integrationHosts) ?? '*.skyward.com, *.iscorp.com';
  return {
    userAgent: userAgent(given('DAYBREAK_SUPPORT_ADDRESS') ?? defaultSupportAddress),
    integrationTokens: new Map(tokens),
    integrationHosts: hosts.split(',').map((host) => readHost(host.trim().toLowerCase())),
  };
}

function readHost(host: string): string {
  if (/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)) return host;
  throw new SettingError(
    `${integrationHosts} contains something other than host names.`,
    'List host names separated by commas; *.example.com matches every subdomain of example.com.',
  );
}

function readMetricsToken(token: string | undefined): string | undefined {
  if (token === undefined || token.length >= 16) return token;
  throw new SettingError(
    'DAYBREAK_METRICS_TOKEN is shorter than 16 characters.',
    'Set it to a longer one, for example the output of `openssl rand -hex 16`.',
  );
}

function readSupportMail(
  given: (name: string) => string | undefined,
): SupportMailSettings | undefined {
  const port = given('DAYBREAK_SUPPORT_MAIL_PORT');
  if (port === undefined) return undefined;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new SettingError(
      'DAYBREAK_SUPPORT_MAIL_PORT is not a port.',
      'Set it to a number from 0 to 65535.',
    );
  }
  return {
    address: given('DAYBREAK_SUPPORT_ADDRESS') ?? defaultSupportAddress,
    host: given('DAYBREAK_SUPPORT_MAIL_HOST') ?? '127.0.0.1',
    port: Number(port),
    tls: readMailTls(
      given('DAYBREAK_SUPPORT_MAIL_CERTIFICATE'),
      given('DAYBREAK_SUPPORT_MAIL_KEY'),
    ),
  };
}

function readMailTls(cert: string | undefined, key: string | undefined) {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) {
    try {
      createSecureContext({ cert, key });
      return { cert, key };
    } catch {
      // OpenSSL's message is dropped because it may quote the key.
    }
  }
  throw new SettingError(
    'The certificate and key of the support mailbox do not match, or one of them is missing or unreadable.',
    'Set DAYBREAK_SUPPORT_MAIL_CERTIFICATE and DAYBREAK_SUPPORT_MAIL_KEY, each with _FILE after the name, to the path of a PEM file.',
  );
}

function readMailSettings(
  url: string | undefined,
  from: string | undefined,
): MailSettings | undefined {
  if (url === undefined) return undefined;
  const outcome = parseMailSettings(url, from);
  if (outcome.kind === 'settings') return outcome.settings;
  throw new SettingError(
    outcome.message,
    outcome.setting === 'url'
      ? 'Correct DAYBREAK_SMTP_URL. Special characters in the password must be percent-encoded.'
      : 'Correct DAYBREAK_MAIL_FROM.',
  );
}

/** Returns the key that seals secrets: `DAYBREAK_SEALING_KEY`, or `sealing.key` in the data folder, created if missing. */
export async function readSealingKey(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<SealingKey> {
  const text =
    findSetting(environment, 'DAYBREAK_SEALING_KEY') ??
    (await readOrCreateSecretFile(join(settings.dataDirectory, 'sealing.key'), () =>
      newSealingKey().bytes.toString('base64'),
    ));
  const key = parseSealingKey(text);
  if (key !== undefined) return { ...key, former: formerSealingKeys(environment) };
  throw new SettingError(
    'The sealing key is not 32 bytes in base64.',
    'Create one with `openssl rand -base64 32` and set DAYBREAK_SEALING_KEY to it.',
  );
}

/** Keys used before the current one, separated by commas; set during a key rotation. */
function formerSealingKeys(environment: NodeJS.ProcessEnv): readonly SealingKey[] {
  const given = findSetting(environment, 'DAYBREAK_FORMER_SEALING_KEYS') ?? '';
  return given
    .split(',')
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const key = parseSealingKey(text);
      if (key !== undefined) return key;
      throw new SettingError(
        'A former sealing key is not 32 bytes in base64.',
        'Set DAYBREAK_FORMER_SEALING_KEYS to the former values of DAYBREAK_SEALING_KEY or sealing.key, separated by commas.',
      );
    });
}

/** Returns the secret that signs session cookies: `DAYBREAK_SESSION_SECRET`, or `session.key` in the data folder, created if missing. */
export async function readSessionSecret(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  return (
    findSetting(environment, 'DAYBREAK_SESSION_SECRET') ??
    (await readOrCreateSecretFile(join(settings.dataDirectory, 'session.key'), () =>
      randomBytes(48).toString('base64'),
    ))
  );
}

/** Two processes may start at the same time: the first to link its file wins, and the other reads that file. */
async function readOrCreateSecretFile(path: string, create: () => string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
  await mkdir(join(path, '..'), { recursive: true, mode: dataFolderMode() });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${create()}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  try {
    await link(draft, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
  return (await readFile(path, 'utf8')).trim();
}

const isCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;
