import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { commandOutput } from '../command-output.ts';
import { searchLayers } from './image-layers.ts';
import { findMissingPrograms } from './image-proof.ts';

/** Creates a layer as Docker stores it: a tar file with these files. */
async function createLayer(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-layer-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, 'root', path)), { recursive: true });
    await writeFile(join(folder, 'root', path), content);
  }
  const layer = join(folder, 'layer');
  const names = Object.keys(files).map((path) => path.split('/')[0] ?? path);
  const source = ['--directory', join(folder, 'root'), ...new Set(names)];
  await commandOutput('tar', ['--create', '--file', layer, ...source]);
  return layer;
}

const search = async (files: Readonly<Record<string, string>>) =>
  searchLayers({
    layers: [await createLayer({ 'etc/hosts': '' }), await createLayer(files)],
    secrets: ['the-secret'],
    developmentPackages: ['vitest', '@types/node'],
  });

it('finds nothing in a layer with sources and production packages', async () => {
  const files = {
    'app/src/cli/main.ts': 'start();',
    'app/src/documents/printing/worker.ts': 'print();',
    'app/node_modules/pg/package.json': '{}',
    'app/node_modules/pg/docs/tests/a.test.ts': '',
    'app/node_modules/pg/node_modules/@types/node-like/package.json': '{}',
  };
  expect(await search(files)).toEqual({ files: 6, differences: [] });
});

it('finds a secret in any file', async () => {
  const { differences } = await search({ 'app/src/a.ts': `const key = 'the-secret';` });
  expect(differences).toEqual(['A secret is in the layer with app/src/a.ts.']);
});

it.each([
  'app/.env',
  'app/web/.env.local',
  'app/.git/config',
  'root/.npmrc',
  'root/.npm/_cacache/index',
  'app/tests/docs.ts',
  'app/docs/operations.md',
  'app/src/cli/settings.test.ts',
  'app/secrets/sealing_key',
  'app/.daybreak/session.key',
  'app/certificate.pem',
  'data/monday.backup',
])('finds %s', async (path) => {
  expect((await search({ [path]: '' })).differences).toEqual([`${path} is in the image.`]);
});

it('finds a development package', async () => {
  const files = {
    'app/node_modules/vitest/package.json': '{}',
    'app/node_modules/@types/node/package.json': '{}',
  };
  expect((await search(files)).differences.toSorted()).toEqual([
    'The development package @types/node is installed.',
    'The development package vitest is installed.',
  ]);
});

it('names the programs that a machine lacks to build the image', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-programs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  expect(findMissingPrograms(undefined, folder, 0)).toMatch(
    'install buildah and debootstrap (on Debian: apt-get install buildah debootstrap)',
  );
  await writeFile(join(folder, 'buildah'), '');
  expect(findMissingPrograms(undefined, folder, 0)).toMatch('install debootstrap (');
  // A base image that is given does not have to be made.
  expect(findMissingPrograms('node:26', folder, 0)).toBeUndefined();
  expect(findMissingPrograms('node:26', folder, 1000)).toMatch('as root');
});
