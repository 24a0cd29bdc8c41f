/** Plants secrets and searches everything that Daybreak writes for them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type RunningSandbox, startSandbox } from '../sandbox/sandbox.ts';
import { findDistrict, replaceCredentials } from '../src/districts/district.ts';
import { newSealingKey } from '../src/districts/sealed-secret.ts';
import { importDistrict } from '../src/import/district-import.ts';
import { createConnectionCheck } from '../src/qmlativ/connection-check.ts';
import { unnamedVendor } from '../src/qmlativ/vendor-identity.ts';
import { neededObjects } from '../src/qmlativ/objects/needed-objects.ts';
import { type DaybreakProcesses, openDaybreakProcesses } from './servers/daybreak-process.ts';
import { openTestApi, type TestApi } from './servers/test-api.ts';

/** The vendor's integration token, which is valid for every district. */
const integrationToken = 'planted-vendor-token-4f0c9b2e';

/** A secret that Skyward rejects, since secrets often leak in errors. */
const wrongSecret = 'planted-and-wrong-77b1c0de';
const today = '2026-11-23';

let skyward: RunningSandbox;
beforeAll(async () => {
  skyward = await startSandbox({ port: 0, students: 40, seed: 5, today });
});
afterAll(() => skyward.close());

/** Returns the secrets, plain and in every encoding of HTTP. */
const planted = (): readonly string[] =>
  [skyward.clientSecret, wrongSecret, integrationToken].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(`${skyward.clientKey}:${secret}`).toString('base64').replace(/=+$/, ''),
  ]);

const found = (text: string): readonly string[] => planted().filter((form) => text.includes(form));

/** Returns the files in a folder that contain a secret, including the database's files. */
async function filesWithSecret(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const holding: string[] = [];
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    // The database may remove files at the same time.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (planted().some((form) => bytes.includes(form))) holding.push(path);
  }
  expect(files.length).toBeGreaterThan(100);
  return holding;
}

describe('commands', () => {
  let daybreak: DaybreakProcesses;
  beforeAll(async () => {
    daybreak = await openDaybreakProcesses('', {
      DAYBREAK_SKYWARD_INTEGRATION_TOKEN: integrationToken,
      DAYBREAK_SKYWARD_INTEGRATION_HOSTS: '127.0.0.1',
    });
  });
  afterAll(() => daybreak.remove());

  it('write no secret to the output, the data folder, the database, its log and a backup', async () => {
    const of = ['--base-url', skyward.baseUrl, '--key', skyward.clientKey];
    const name = ['--domain', 'demo.example', '--name', 'Demo ISD'];
    const zone = ['--timezone', 'America/Chicago', '--allow-private-address'];
    const importCommand = ['import', '--today', today];
    const steps: readonly (readonly [readonly string[], string?])[] = [
      [['district', 'add', ...name, ...zone, ...of], `${skyward.clientSecret}\n`],
      [importCommand],
      [['district', 'list', '--json']],
      [
        ['district', 'set', '--domain', 'demo.example', ...of, '--allow-private-address'],
        `${wrongSecret}\n`,
      ],
      [[...importCommand, '--json']],
      [['runs', '--json']],
      [['doctor']],
      [['backup', join(daybreak.dataDirectory, 'whole.backup')]],
    ];
    const outcomes: string[] = [];
    for (const [args, input] of steps) {
      const { output, messages } = await daybreak.run(args, input);
      outcomes.push(`${args.join(' ')}\n${output}\n${messages}`);
    }
    // Both happened: an import of students, then a rejected one.
    const all = outcomes.join('\n');
    expect(all).toContain('wrong-credentials');
    expect(found(all)).toEqual([]);
    expect(await filesWithSecret(daybreak.dataDirectory)).toEqual([]);
  }, 120_000);
});

describe('the web app', () => {
  const sealingKey = newSealingKey();
  let api: TestApi;
  beforeAll(async () => {
    api = await openTestApi({
      setup: {
        sealingKey,
        partner: undefined,
        neededObjects: neededObjects(),
        allowPrivateAddress: true,
        mailer: undefined,
        checkConnection: createConnectionCheck(unnamedVendor),
        supportAddress: undefined,
      },
    });
  });
  afterAll(() => api.close());

  it('writes none to its responses, log and tables, whatever goes wrong', async () => {
    const { pool } = api.database;
    const credentials = {
      baseUrl: skyward.baseUrl,
      clientKey: skyward.clientKey,
      allowPrivateAddress: true,
    };
    const use = async (clientSecret: string) =>
      replaceCredentials(pool, api.districtId, { ...credentials, clientSecret }, sealingKey);
    const runImport = async () => {
      const district = await findDistrict(pool, 'demo.example');
      if (district === undefined) throw new Error('The district does not exist');
      return importDistrict(pool, district, { sealingKey, today: Temporal.PlainDate.from(today) });
    };
    await use(skyward.clientSecret);
    expect((await runImport()).state).toBe('published');

    const responses: string[] = [];
    const keep = async (response: Response) => responses.push(await response.text());
    const { baseUrl, clientKey } = credentials;
    const replacing = { baseUrl, clientKey, clientSecret: wrongSecret };
    await keep(await api.send('administrator', 'PUT', '/connection', replacing));
    await keep(
      await api.send('administrator', 'PUT', '/connection', { ...replacing, baseUrl: 'http://' }),
    );
    await keep(
      await api.send('administrator', 'PUT', '/connection', { clientSecret: wrongSecret }),
    );
    await use(wrongSecret);
    expect((await runImport()).state).toBe('failed');
    await keep(await api.send('administrator', 'POST', '/connection/test'));
    for (const path of ['', '/information', '/imports', '/mail', '/audit', '/setup']) {
      await keep(await api.askDistrict('administrator', path));
    }
    expect(found(responses.join('\n'))).toEqual([]);
    expect(found(api.log())).toEqual([]);
    expect(found(await everyRow(api))).toEqual([]);
  });

  it('shows the secret only after a recent sign-in, which proves that the search above can fail', async () => {
    const shown = await api.send('administrator', 'POST', '/connection/secret');
    expect(found(await shown.text())).toContain(wrongSecret);
    expect(found(api.log())).toEqual([]);
  });
});

/** Returns every row of every table as text. */
async function everyRow({ database: { pool } }: TestApi): Promise<string> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query<{ line: string }>(`select t::text as line from ${name} t`);
    texts.push(...rows.map(({ line }) => line));
  }
  expect(texts.length).toBeGreaterThan(300);
  return texts.join('\n');
}
