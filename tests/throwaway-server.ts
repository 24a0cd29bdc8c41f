/** An embedded server in a temporary folder, without durability, gone without a trace at the end. */
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { type Database, openPool } from '../src/database/database.ts';
import { type EmbeddedServer, startEmbeddedServer } from '../src/database/embedded-server.ts';

/** The supervisor removes the folder when the server has stopped; that takes well under a second. */
const removalLimitMs = 10_000;

/** Starts one; `release` waits until server and folder are gone. A process that is killed leaves none behind either. */
export async function startThrowawayServer(): Promise<EmbeddedServer> {
  const dataDirectory = await mkdtemp(join(await folderForData(), 'daybreak-test-'));
  // As root the server runs as another user, who has to get in.
  await chmod(dataDirectory, 0o755);
  let server: EmbeddedServer;
  try {
    server = await startEmbeddedServer({ dataDirectory, throwaway: true });
  } catch (error) {
    await rm(dataDirectory, { recursive: true, force: true });
    throw error;
  }
  return {
    ...server,
    release: async () => {
      await server.release();
      const deadline = performance.now() + removalLimitMs;
      while (existsSync(server.folder) && performance.now() < deadline) await delay(20);
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** Where the data of all tests of a run have room. */
const neededBytes = 4 * 2 ** 30;

/**
 * Memory where Linux offers enough of it: every import makes and drops some forty temporary tables, each with files of
 * its own, and ext4 spent a fifth of the tests' time on that.
 */
async function folderForData(): Promise<string> {
  const shared = await statfs('/dev/shm').catch(() => undefined);
  const isRoomy = shared !== undefined && shared.bavail * shared.bsize >= neededBytes;
  return isRoomy ? '/dev/shm' : tmpdir();
}

/** The migrated database of a throwaway server; `close` ends the server too. */
export async function openThrowawayDatabase(): Promise<Database> {
  const server = await startThrowawayServer();
  return openPool(server.connection, {}, () => server.release());
}
