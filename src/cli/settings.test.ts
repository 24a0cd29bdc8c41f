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

it('takes an empty setting for none', () => {
  expect(readSettings({ DATABASE_URL: '  ' }).databaseUrl).toBeUndefined();
  expect(readSettings({ DAYBREAK_DATA: '/srv/daybreak' }).dataDirectory).toBe('/srv/daybreak');
});

it('makes a sealing key once, for its owner alone, however many processes start at once', async () => {
  const settings = readSettings({ DAYBREAK_DATA: join(await emptyDataFolder(), 'new') });
  const keys = await Promise.all(Array.from({ length: 8 }, () => readSealingKey(settings, {})));
  expect(new Set(keys.map((key) => key.id)).size).toBe(1);
  const file = join(settings.dataDirectory, 'sealing.key');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(Buffer.from(await readFile(file, 'utf8'), 'base64')).toHaveLength(32);
});

it('prefers the key of the environment, and refuses one that is no key', async () => {
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

it('takes support mail from this machine alone unless an address is given', () => {
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
])('refuses half a certificate, or one that is none, without showing it: %o', (environment) => {
  const given = { DAYBREAK_SUPPORT_MAIL_PORT: '2525', ...environment };
  expect(() => readSettings(given)).toThrow(SettingError);
  expect(() => readSettings(given)).not.toThrow(/a private key|a certificate$/);
});

it('tells every Skyward who is calling, and whom to write to', () => {
  expect(readSettings({}).vendor.userAgent).toMatch(
    /^Daybreak\/\d+\.\d+\.\d+ \(\+mailto:tier2help@samegoal\.com\)$/,
  );
  const own = readSettings({ DAYBREAK_SUPPORT_ADDRESS: 'help@vendor.example' });
  expect(own.vendor.userAgent).toContain('help@vendor.example');
});

it('has integration tokens by name, from variables and files, for hosts of Skyward alone', async () => {
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
])('refuses what is no host or token without showing it: %o', (environment) => {
  expect(() => readSettings(environment)).toThrow(SettingError);
  expect(() => readSettings(environment)).not.toThrow('two words');
});

it('trusts the proxies that are named, and nobody without the setting', () => {
  const { trustedProxies } = readSettings({ DAYBREAK_TRUSTED_PROXIES: '127.0.0.1, fd00::/8' });
  expect(trustedProxies?.check('127.0.0.1', 'ipv4')).toBe(true);
  expect(trustedProxies?.check('fd00::1', 'ipv6')).toBe(true);
  expect(trustedProxies?.check('127.0.0.2', 'ipv4')).toBe(false);
  expect(readSettings({}).trustedProxies).toBeUndefined();
});

it.each([
  ['10.0.0.0/8, proxy.example', 'Entry 2 of DAYBREAK_TRUSTED_PROXIES is neither an address nor a'],
  ['0.0.0.0/0', 'Entry 1 of DAYBREAK_TRUSTED_PROXIES is the range of all addresses'],
])('refuses %s as proxies to trust, and says what to give', (given, message) => {
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

it('reads secrets from the files that NAME_FILE names', async () => {
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

it('refuses a secret file that is missing or empty, and a secret that is given twice', async () => {
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
  'refuses DATABASE_PASSWORD where DATABASE_URL has no place for it: %s',
  (url) => {
    expect(() => readSettings({ DATABASE_URL: url, DATABASE_PASSWORD: 'second' })).toThrow(
      SettingError,
    );
  },
);

it('has every secret that can be in a file in docs/settings.md', async () => {
  const page = await readFile(new URL('../../docs/settings.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/`([A-Z_]+)_FILE`/g)].map(([, name]) => name);
  expect(new Set(documented)).toEqual(new Set(secretSettings));
});
