import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { newSealingKey } from '../districts/sealed-secret.ts';
import {
  readSealingKey,
  readSessionSecret,
  readSettings,
  secretSettings,
  SettingError,
} from './settings.ts';

async function emptyDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-settings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

it('treats an empty setting as not set', () => {
  expect(readSettings({ DATABASE_URL: '  ' }).databaseUrl).toBeUndefined();
  expect(readSettings({ DAYBREAK_DATA: '/srv/daybreak' }).dataDirectory).toBe('/srv/daybreak');
});

it('creates one sealing key, readable only by its owner, when several processes start at the same time', async () => {
  const settings = readSettings({ DAYBREAK_DATA: join(await emptyDataFolder(), 'new') });
  const keys = await Promise.all(Array.from({ length: 8 }, () => readSealingKey(settings, {})));
  expect(new Set(keys.map((key) => key.id)).size).toBe(1);
  const file = join(settings.dataDirectory, 'sealing.key');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(Buffer.from(await readFile(file, 'utf8'), 'base64')).toHaveLength(32);
});

it('prefers the key from the environment, and rejects an invalid one', async () => {
  const settings = readSettings({ DAYBREAK_DATA: await emptyDataFolder() });
  const key = newSealingKey();
  const environment = { DAYBREAK_SEALING_KEY: key.bytes.toString('base64') };
  expect((await readSealingKey(settings, environment)).id).toBe(key.id);
  await expect(readSealingKey(settings, { DAYBREAK_SEALING_KEY: 'short' })).rejects.toThrow(
    SettingError,
  );
});

it('keeps the session secret between starts', async () => {
  const settings = readSettings({ DAYBREAK_DATA: await emptyDataFolder() });
  const first = await readSessionSecret(settings, {});
  expect(first.length).toBeGreaterThanOrEqual(32);
  expect(await readSessionSecret(settings, {})).toBe(first);
});

it('receives support mail only from this machine unless an address is set', () => {
  const port = { DAYBREAK_SUPPORT_MAIL_PORT: '2525' };
  expect(readSettings({}).supportMail).toBeUndefined();
  expect(readSettings(port).supportMail).toMatchObject({ host: '127.0.0.1', port: 2525 });
  expect(
    readSettings({ ...port, DAYBREAK_SUPPORT_MAIL_HOST: '0.0.0.0' }).supportMail,
  ).toMatchObject({ host: '0.0.0.0' });
});

it.each([
  { DAYBREAK_SUPPORT_MAIL_CERTIFICATE: 'a certificate' },
  { DAYBREAK_SUPPORT_MAIL_KEY: 'a private key' },
  {
    DAYBREAK_SUPPORT_MAIL_CERTIFICATE: 'a certificate',
    DAYBREAK_SUPPORT_MAIL_KEY: 'a private key',
  },
])('rejects an incomplete or invalid certificate without showing it: %o', (environment) => {
  const given = { DAYBREAK_SUPPORT_MAIL_PORT: '2525', ...environment };
  expect(() => readSettings(given)).toThrow(SettingError);
  expect(() => readSettings(given)).not.toThrow(/a private key|a certificate$/);
});

it('identifies us to Skyward with a name and an address to write to', () => {
  expect(readSettings({}).vendor.userAgent).toMatch(
    /^Daybreak\/\d+\.\d+\.\d+ \(\+mailto:tier2help@samegoal\.com\)$/,
  );
  const own = readSettings({ DAYBREAK_SUPPORT_ADDRESS: 'help@vendor.example' });
  expect(own.vendor.userAgent).toContain('help@vendor.example');
});

it('reads integration tokens by name from variables and files, only for Skyward hosts', async () => {
  const { vendor } = readSettings({
    DAYBREAK_SKYWARD_INTEGRATION_TOKEN: 'first-secret',
    DAYBREAK_SKYWARD_INTEGRATION_TOKEN_WASHINGTON_FILE: await secretFile('second-secret\n'),
  });
  expect(Object.fromEntries(vendor.integrationTokens)).toEqual({
    '': 'first-secret',
    washington: 'second-secret',
  });
  expect(vendor.integrationHosts).toEqual(['*.skyward.com', '*.iscorp.com']);
  expect(
    readSettings({ DAYBREAK_SKYWARD_INTEGRATION_HOSTS: 'Sky.example, *.b.example' }).vendor
      .integrationHosts,
  ).toEqual(['sky.example', '*.b.example']);
});

it.each([
  { DAYBREAK_SKYWARD_INTEGRATION_HOSTS: '*' },
  { DAYBREAK_SKYWARD_INTEGRATION_HOSTS: 'https://sky.example' },
  { DAYBREAK_SKYWARD_INTEGRATION_TOKEN: 'two words' },
])('rejects an invalid host or token without showing it: %o', (environment) => {
  expect(() => readSettings(environment)).toThrow(SettingError);
  expect(() => readSettings(environment)).not.toThrow('two words');
});

it('trusts the listed proxies, and none without the setting', () => {
  const { trustedProxies } = readSettings({ DAYBREAK_TRUSTED_PROXIES: '127.0.0.1, fd00::/8' });
  expect(trustedProxies?.check('127.0.0.1', 'ipv4')).toBe(true);
  expect(trustedProxies?.check('fd00::1', 'ipv6')).toBe(true);
  expect(trustedProxies?.check('127.0.0.2', 'ipv4')).toBe(false);
  expect(readSettings({}).trustedProxies).toBeUndefined();
});

it.each([
  ['10.0.0.0/8, proxy.example', 'Entry 2 of DAYBREAK_TRUSTED_PROXIES is neither an address nor a'],
  ['0.0.0.0/0', 'Entry 1 of DAYBREAK_TRUSTED_PROXIES is the range of all addresses'],
])('rejects %s as trusted proxies, and says what to set', (given, message) => {
  expect(() => readSettings({ DAYBREAK_TRUSTED_PROXIES: given })).toThrow(
    expect.objectContaining({
      name: 'SettingError',
      message: expect.stringContaining(message),
      advice: expect.stringMatching(/127\.0\.0\.1/),
    }),
  );
});

async function secretFile(content: string): Promise<string> {
  const file = join(await emptyDataFolder(), 'secret');
  await writeFile(file, content);
  return file;
}

it('reads secrets from the files in NAME_FILE settings', async () => {
  const settings = readSettings({
    DAYBREAK_DATA: await emptyDataFolder(),
    DATABASE_URL: 'postgres://daybreak@db.example:5432/daybreak',
    DATABASE_PASSWORD_FILE: await secretFile('p@ss/50%\n'),
    DAYBREAK_METRICS_TOKEN_FILE: await secretFile('0123456789abcdef\n'),
  });
  expect(settings.databaseUrl).toBe('postgres://daybreak:p%40ss%2F50%25@db.example:5432/daybreak');
  expect(settings.metricsToken).toBe('0123456789abcdef');
  const key = newSealingKey();
  const environment = {
    DAYBREAK_SEALING_KEY_FILE: await secretFile(`${key.bytes.toString('base64')}\n`),
    DAYBREAK_SESSION_SECRET_FILE: await secretFile('a session secret of 32 characters\n'),
  };
  expect((await readSealingKey(settings, environment)).id).toBe(key.id);
  expect(await readSessionSecret(settings, environment)).toBe('a session secret of 32 characters');
});

it('rejects a missing or empty secret file, and a secret that is set twice', async () => {
  const settings = readSettings({ DAYBREAK_DATA: await emptyDataFolder() });
  const readKey = (environment: NodeJS.ProcessEnv) => readSealingKey(settings, environment);
  await expect(readKey({ DAYBREAK_SEALING_KEY_FILE: '/nowhere/key' })).rejects.toThrow(
    'The file /nowhere/key of DAYBREAK_SEALING_KEY_FILE cannot be read (ENOENT).',
  );
  const empty = await secretFile('\n');
  await expect(readKey({ DAYBREAK_SEALING_KEY_FILE: empty })).rejects.toThrow('is empty');
  expect(() =>
    readSettings({ DAYBREAK_SMTP_URL: 'smtp://a.example', DAYBREAK_SMTP_URL_FILE: empty }),
  ).toThrow('DAYBREAK_SMTP_URL and DAYBREAK_SMTP_URL_FILE are both set.');
});

it.each([undefined, 'postgres://host/name', 'postgres://user:first@host/name', 'no address'])(
  'rejects DATABASE_PASSWORD when DATABASE_URL has no user or already a password: %s',
  (url) => {
    expect(() => readSettings({ DATABASE_URL: url, DATABASE_PASSWORD: 'second' })).toThrow(
      SettingError,
    );
  },
);

it('docs/settings.md lists every secret that can be in a file', async () => {
  const page = await readFile(new URL('../../docs/settings.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/`([A-Z_]+)_FILE`/g)].map(([, name]) => name);
  expect(new Set(documented)).toEqual(new Set(secretSettings));
});
