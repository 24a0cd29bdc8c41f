/** An embedded server in a temporary folder, without durability, removed at the end. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { type Database, openPool } from '../../src/database/database.ts';
import {
  type EmbeddedServer,
  startEmbeddedServer,
} from '../../src/database/embedded/shared-server.ts';
import { makeDataFolder } from './data-folder.ts';

/** The supervisor removes the folder when the server has stopped, in less than a second. */
const removalLimitMs = 10_000;

/** Starts a server; `release` waits until it is stopped and removed, which also happens if this process is killed. */
export async function startThrowawayServer(): Promise<EmbeddedServer> {
  const dataDirectory = await makeDataFolder('test');
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

/** Opens the migrated database of a throwaway server; `close` also stops the server. */
export async function openThrowawayDatabase(): Promise<Database> {
  const server = await startThrowawayServer();
  return openPool(server.connection, {}, () => server.release());
}
