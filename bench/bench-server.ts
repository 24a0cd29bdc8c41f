/** The PostgreSQL server of a benchmark, removed afterwards. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { type Database, openPool } from '../src/database/database.ts';
import { startEmbeddedServer } from '../src/database/embedded/shared-server.ts';

export interface BenchServer {
  readonly database: Database;
  /** For `DATABASE_URL`. */
  readonly url: string;
  /** A folder for temporary files. */
  readonly folder: string;
}

/** Starts a server, runs `work` with it, and always removes it. */
export async function withBenchServer<Result>(
  work: (server: BenchServer) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-bench-'));
  // When started by root, the server runs as another user, who needs access.
  await chmod(folder, 0o755);
  const server = await startEmbeddedServer({ dataDirectory: folder });
  try {
    const { connection } = server;
    const database = await openPool(connection, {}, () => Promise.resolve());
    const url = `postgres://${connection.user}:${connection.password}@${connection.host}:${connection.port}/${connection.database}`;
    try {
      return await work({ database, url, folder });
    } finally {
      await database.close();
    }
  } finally {
    await server.release();
    const pidFile = join(server.folder, 'data', 'postmaster.pid');
    for (let wait = 0; wait < 200 && existsSync(pidFile); wait++) await delay(100);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
