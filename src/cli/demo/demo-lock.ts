/** Lets one demo at a time use a data folder. */
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dataFolderMode } from '../../database/embedded/paths.ts';
import { SettingError } from '../settings.ts';

/** The lock of the running demo. */
export interface DemoLock {
  /** Tells later demos where this one runs. */
  publish(address: string): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the lock of a data folder. Throws `SettingError` with the address of the demo that has it. The system releases
 * the lock when the process ends, however it ends.
 */
export async function takeDemoLock(dataDirectory: string): Promise<DemoLock> {
  await mkdir(dataDirectory, { recursive: true, mode: dataFolderMode() });
  const addressFile = join(dataDirectory, 'demo-address');
  const lockFile = join(dataDirectory, 'demo.lock');
  const lock = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Error && /locked/.test(error.message))) throw error;
    const address = await readFile(addressFile, 'utf8').catch(() => '');
    throw new SettingError(
      address === '' ? 'A demo is just starting.' : `A demo is already running at ${address}.`,
      'Open it in a browser, or stop it with Ctrl-C before you start another one.',
    );
  }
  await chmod(lockFile, 0o600);
  await rm(addressFile, { force: true });
  return {
    publish: async (address) => writeFile(addressFile, address, { mode: 0o600 }),
    release: async () => {
      await rm(addressFile, { force: true });
      lock.close();
    },
  };
}

const ports = 65_536;

/** Returns `wanted` if it is free, or else the next port that is. 0 stands for any free port. */
export async function findFreePort(wanted: number): Promise<number> {
  for (let port = wanted; port < ports; port++) {
    if (port === 0 || (await isFree(port))) return port;
  }
  throw new SettingError(
    `No port from ${wanted} on is free.`,
    'Choose a lower one with --port, or 0 for any that is free.',
  );
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
