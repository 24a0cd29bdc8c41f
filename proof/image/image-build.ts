/**
 * Builds the image without Docker: buildah runs the Dockerfile, and Debian's debootstrap can make the base image.
 *
 * This folder builds the container image and proves what it contains.
 */
import { randomBytes } from 'node:crypto';
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { developerFiles, privateFiles } from '../../tests/house/image-files.ts';
import { commandOutput } from '../command-output.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Parts of an image's description that the proof reads. */
const LayeredImage = z.object({
  OCIv1: z.object({ rootfs: z.object({ diff_ids: z.array(z.string()) }) }),
});
const ConfiguredImage = z.object({
  OCIv1: z.object({
    config: z.object({
      // Docker runs an image without a user as root.
      User: z.string().default('root'),
      WorkingDir: z.string(),
      Env: z.array(z.string()),
      Entrypoint: z.array(z.string()),
      Cmd: z.array(z.string()),
    }),
  }),
});
export type ImageConfig = z.infer<typeof ConfiguredImage>['OCIv1']['config'];

export interface BuiltImage {
  readonly config: ImageConfig;
  /** Layers as uncompressed tar files, lowest first. */
  readonly baseLayers: readonly string[];
  readonly layers: readonly string[];
  /** The image's configuration and history as text. */
  readonly description: string;
  /** Root folder of a container of the image. */
  readonly rootFolder: string;
  /** Planted in files that must not be in the image, and in the build's secrets. */
  readonly secrets: readonly string[];
  readonly buildSeconds: number;
  /** Removes everything that was built. */
  remove(): Promise<void>;
}

/** Builds the image on `base`, or on a base image built from Debian and this process's Node. */
export async function buildImage(
  base: string | undefined,
  onProgress: (sentence: string) => void,
): Promise<BuiltImage> {
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-image-'));
  const buildah = async (...args: readonly string[]) => {
    const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')];
    const env = { ...process.env, STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' };
    return (await commandOutput('buildah', [...storage, ...args], { env })).trim();
  };
  const remove = async () => {
    await buildah('umount', '--all').catch(() => undefined);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const baseName = base ?? (await makeBase(buildah, onProgress));
    onProgress('Building the image …');
    const marker = `planted-${randomBytes(16).toString('hex')}`;
    const context = await makeContext(join(folder, 'context'), marker);
    const registry = await registrySettings(folder, marker);
    const started = performance.now();
    await buildah(
      'build',
      // One layer for each instruction, as in Docker.
      '--layers',
      '--build-arg',
      `BASE=${baseName}`,
      ...registry.secretOptions,
      '--tag',
      'daybreak',
      context,
    );
    const buildSeconds = (performance.now() - started) / 1000;
    const inspect = async (name: string): Promise<unknown> =>
      JSON.parse(await buildah('inspect', '--type', 'image', name));
    const layerIds = async (name: string) =>
      LayeredImage.parse(await inspect(name)).OCIv1.rootfs.diff_ids;
    const pushed = join(folder, 'pushed');
    await buildah('push', '--disable-compression', 'daybreak', `dir:${pushed}`);
    const pathOf = (id: string) => join(pushed, id.replace('sha256:', ''));
    const manifest = z
      .object({ config: z.object({ digest: z.string() }) })
      .parse(JSON.parse(await readFile(join(pushed, 'manifest.json'), 'utf8')));
    const layers = (await layerIds('daybreak')).map(pathOf);
    const baseCount = (await layerIds(baseName)).length;
    const container = await buildah('from', 'daybreak');
    return {
      config: ConfiguredImage.parse(await inspect('daybreak')).OCIv1.config,
      baseLayers: layers.slice(0, baseCount),
      layers: layers.slice(baseCount),
      description: await readFile(pathOf(manifest.config.digest), 'utf8'),
      rootFolder: await buildah('mount', container),
      secrets: [marker, ...registry.secrets],
      buildSeconds,
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Builds a base image: Debian with Node and npm, and a user like that of the official Node image. */
async function makeBase(
  buildah: (...args: readonly string[]) => Promise<string>,
  onProgress: (sentence: string) => void,
): Promise<string> {
  onProgress('Building a base image from Debian …');
  const container = await buildah('from', 'scratch');
  const folder = await buildah('mount', container);
  const packages = '--include=ca-certificates,libatomic1';
  await commandOutput('debootstrap', ['--variant=minbase', packages, 'bookworm', folder]);
  for (const unneeded of ['var/cache/apt', 'var/lib/apt/lists', 'var/log']) {
    await rm(join(folder, unneeded), { recursive: true });
    await mkdir(join(folder, unneeded));
  }
  await copyFile(process.execPath, join(folder, 'usr/local/bin/node'));
  const npm = (await commandOutput('npm', ['--version'])).trim();
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const prefix = join(folder, 'usr/local');
  await commandOutput('npm', ['install', '--global', '--prefix', prefix, ...quiet, `npm@${npm}`]);
  const user = ['--uid', '1000', '--user-group', '--create-home', 'node'];
  await commandOutput('chroot', [folder, 'useradd', ...user]);
  await commandOutput('chroot', [folder, 'node', '--version']);
  const name = 'localhost/node-on-debian';
  await buildah('commit', '--rm', container, name);
  return name;
}

/** Copies the project's files, and adds files with a marker that must not get into the image. */
async function makeContext(folder: string, marker: string): Promise<string> {
  const listed = await commandOutput(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: root },
  );
  for (const path of listed.split('\0').filter((one) => one !== '')) {
    await cp(join(root, path), join(folder, path));
  }
  for (const path of [...privateFiles, ...developerFiles]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), marker);
  }
  return folder;
}

/** Passes this machine's npm settings as build secrets, so that the build uses the same registry. */
async function registrySettings(
  folder: string,
  marker: string,
): Promise<{ readonly secretOptions: readonly string[]; readonly secrets: readonly string[] }> {
  const registry = await npmSetting('registry');
  const certificates = (await npmSetting('cafile')) ?? process.env['NODE_EXTRA_CA_CERTS'];
  const userSettings = await npmSetting('userconfig');
  const lines = [
    userSettings === undefined ? '' : await readFile(userSettings, 'utf8').catch(() => ''),
    `; ${marker}`,
    ...(registry === undefined ? [] : [`registry=${registry}`]),
    ...(certificates === undefined ? [] : ['cafile=/run/secrets/certificates']),
  ];
  const file = join(folder, 'npmrc');
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  const host = registry === undefined ? undefined : URL.parse(registry)?.host;
  const defaultRegistry = await npmSetting('registry', withoutNpmSettings());
  const isDefault = host === URL.parse(defaultRegistry ?? '')?.host;
  return {
    secretOptions: [
      `--secret=id=npmrc,src=${file}`,
      ...(certificates === undefined ? [] : [`--secret=id=certificates,src=${certificates}`]),
    ],
    // npm's default registry is named in the documentation of many packages; another registry in none.
    secrets: host === undefined || isDefault ? [] : [host],
  };
}

/** Returns an environment in which npm uses its defaults. */
function withoutNpmSettings(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name));
  return {
    ...Object.fromEntries(others),
    npm_config_userconfig: '/nonexistent/user',
    npm_config_globalconfig: '/nonexistent/global',
  };
}

async function npmSetting(name: string, env = process.env): Promise<string | undefined> {
  const value = (await commandOutput('npm', ['config', 'get', name], { cwd: root, env })).trim();
  return ['null', 'undefined', ''].includes(value) ? undefined : value;
}
