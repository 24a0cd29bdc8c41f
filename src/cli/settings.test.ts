import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { newSealingKey } from '../districts/sealed-secret.ts';
import { readSealingKey, readSessionSecret, readSettings, SettingFault } from './settings.ts';

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
    SettingFault,
  );
});

it('keeps the session secret between starts', async () => {
  const settings = readSettings({ DAYBREAK_DATA: await emptyDataFolder() });
  const first = await readSessionSecret(settings, {});
  expect(first.length).toBeGreaterThanOrEqual(32);
  expect(await readSessionSecret(settings, {})).toBe(first);
});
