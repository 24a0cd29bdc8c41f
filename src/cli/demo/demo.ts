/**
 * The work of `daybreak demo`: imports a sandbox district and serves the web app. Everything but Skyward is as
 * in production; the sandbox Skyward runs in a thread that ends with this process.
 *
 * This folder is the work of `daybreak demo`.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { Accounts } from '../../accounts/accounts.ts';
import { dataFolderMode } from '../../database/embedded/paths.ts';
import {
  addDistrict,
  findDistrict,
  setConnection,
  type District,
} from '../../districts/district.ts';
import {
  print,
  printMessage,
  withCommandContext,
  type CommandContext,
} from '../command-context.ts';
import { importWithProgress } from '../commands/import.ts';
import { formatImportReport } from '../commands/import-report-text.ts';
import { readSealingKey, readSettings, SettingError } from '../settings.ts';
import { startWebServer, untilAborted } from '../web-server.ts';
import { findFreePort, takeDemoLock, type DemoLock } from './demo-lock.ts';
import { formatLogLine } from './plain-log.ts';

const demoDistrict = {
  domain: 'demo.example',
  name: 'Cedar Hollow Independent School District',
  timeZone: 'America/Chicago',
};

const sandboxProgram = new URL('../../../sandbox/main.ts', import.meta.url);

const demoEmail = 'administrator@demo.example';

const SandboxReady = z.object({
  baseUrl: z.string(),
  clientKey: z.string(),
  clientSecret: z.string(),
  entityId: z.int(),
});
type SandboxReady = z.infer<typeof SandboxReady>;

/** Runs the demo until Ctrl-C. Throws `SettingError` before it touches anything if one already runs. */
export async function runDemo(options: {
  readonly port: number;
  readonly students: number;
}): Promise<void> {
  if (!existsSync(sandboxProgram)) {
    throw new SettingError(
      'The image does not contain the sandbox Skyward that the demo needs.',
      'Run `npm run demo` in a clone of the project.',
    );
  }
  const lock = await takeDemoLock(readSettings(process.env).dataDirectory);
  try {
    await withCommandContext((context) => runLocked(context, lock, options));
  } finally {
    await lock.release();
  }
}

async function runLocked(
  context: CommandContext,
  lock: DemoLock,
  options: { readonly port: number; readonly students: number },
): Promise<void> {
  printMessage(
    `Starting a sandbox Skyward with ${options.students.toLocaleString('en-US')} students …`,
  );
  const today = Temporal.Now.plainDateISO(demoDistrict.timeZone).toString();
  const skyward = await startSandboxSkyward(options.students, today);
  try {
    const district = await connectDistrict(context, skyward.ready);
    await importDemo(context, district);
    if (context.signal.aborted) return;
    await serveDemo(context, lock, district, options.port);
  } finally {
    await skyward.stop();
  }
}

async function startSandboxSkyward(
  students: number,
  today: string,
): Promise<{ ready: SandboxReady; stop: () => Promise<void> }> {
  const worker = new Worker(sandboxProgram, {
    argv: ['--port', '0', '--students', String(students), '--seed', '7', '--today', today],
    stdout: true,
  });
  const failed = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The sandbox Skyward ended before it was ready.')));
  });
  // After it is ready, the thread exits only when we terminate it.
  failed.catch(() => undefined);
  const lines = createInterface({ input: worker.stdout });
  const firstLine = new Promise<string>((resolve) => lines.once('line', resolve));
  const ready = SandboxReady.parse(JSON.parse(await Promise.race([firstLine, failed])));
  return {
    ready,
    stop: async () => {
      await worker.terminate();
    },
  };
}

/** The sandbox Skyward uses another port each time, so an existing connection is updated. */
async function connectDistrict(
  { database, settings }: CommandContext,
  skyward: SandboxReady,
): Promise<District> {
  const key = await readSealingKey(settings, process.env);
  const connection = { ...skyward, allowPrivateAddress: true };
  const known = await findDistrict(database.pool, demoDistrict.domain);
  if (known === undefined) return addDistrict(database.pool, demoDistrict, connection, key);
  await setConnection(database.pool, known.id, connection, key);
  return known;
}

async function importDemo(context: CommandContext, district: District): Promise<void> {
  const sealingKey = await readSealingKey(context.settings, process.env);
  const outcome = await importWithProgress(context, district, sealingKey);
  if (context.signal.aborted) return;
  print(`\n${formatImportReport(district.name, outcome)}\n`);
}

async function serveDemo(
  context: CommandContext,
  lock: DemoLock,
  district: District,
  wantedPort: number,
): Promise<void> {
  printMessage('Preparing the web app …');
  const port = await findFreePort(wantedPort);
  if (port !== wantedPort) {
    printMessage(`Port ${wantedPort} is in use by another program, so the demo uses ${port}.`);
  }
  const logTo = {
    write: (line: string) => process.stderr.write(formatLogLine(line, demoDistrict.timeZone)),
  };
  const { server, accounts } = await startWebServer(context, { port, runsImports: true, logTo });
  try {
    await lock.publish(`http://localhost:${server.port}`);
    const password = await ensureDemoAccount(context, accounts, district.id);
    print(`The web app is at       http://localhost:${server.port}`);
    print(`Sign in with            ${demoEmail}`);
    print(`and the password        ${password}`);
    print('\nPress Ctrl-C to stop.');
    await untilAborted(context.signal);
    printMessage('\nStopping …');
  } finally {
    await server.close();
  }
}

/** Creates the demo account unless it exists. Its random password is stored in the data folder, so that the next demo prints the same. */
async function ensureDemoAccount(
  { settings }: CommandContext,
  accounts: Accounts,
  districtId: number,
): Promise<string> {
  const path = join(settings.dataDirectory, 'demo-password');
  const stored = await readFile(path, 'utf8').catch(() => undefined);
  const password = stored?.trim() || randomBytes(9).toString('base64url');
  if (stored === undefined) {
    await mkdir(settings.dataDirectory, { recursive: true, mode: dataFolderMode() });
    await writeFile(path, `${password}\n`, { mode: 0o600 });
  }
  const outcome = await accounts.createAccount({
    email: demoEmail,
    password,
    name: 'Demo Administrator',
    districtId,
    role: 'administrator',
  });
  if (outcome.kind === 'invalid') throw new Error(`The ${outcome.field} ${outcome.message}`);
  return password;
}
