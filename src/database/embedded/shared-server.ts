/** The embedded PostgreSQL of a data folder, shared by all Daybreak processes that use the folder. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { clusterFiles } from './server-process.ts';
import { acquireLease, type SupervisorOptions } from './lease.ts';
import { prepareEmbeddedPaths } from './paths.ts';

/** A lease on the running server. */
export interface EmbeddedServer {
  /** How to connect; the role owns its database and may create others, but is not a superuser. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
    /** Password of the web process's role. */
    readonly webPassword: string;
  };
  /** The folder of data and log. */
  readonly folder: string;
  /** Ends the lease; the server stops soon after the last one. Safe to call twice. */
  release(): Promise<void>;
}

export interface EmbeddedServerOptions {
  /** The server's folder is `postgres` in this folder. */
  readonly dataDirectory: string;
  /**
   * For tests: no durability; stops as soon as the last lease ends and removes the folder.
   * Never use this with data that matters.
   */
  readonly throwaway?: boolean;
  readonly onProgress?: (sentence: string) => void;
  /** How long the server waits for another process after the last (default 1.5 s, throwaway 0). */
  readonly graceMs?: number;
}

/**
 * Gets a lease on the server of this data folder; starts it if it does not run and creates its data if there is none.
 * The lease ends with `release` or with the process, even by kill -9. Throws `DatabaseError` (`embedded-…`).
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const paths = await prepareEmbeddedPaths(resolve(options.dataDirectory, 'postgres'));
  const throwaway = options.throwaway ?? false;
  const supervisorOptions: SupervisorOptions = {
    paths,
    throwaway,
    graceMs: options.graceMs ?? (throwaway ? 0 : 1_500),
  };
  const files = clusterFiles(paths);
  const hasData = await readFile(join(files.data, 'PG_VERSION')).catch(() => undefined);
  if (hasData === undefined) options.onProgress?.('Creating the database (only once) …');
  let lease = await acquireLease(supervisorOptions);
  let released = false;
  // If the supervisor was killed, its server still runs and the next supervisor adopts it.
  const renewLease = async (): Promise<void> => {
    for (;;) {
      await lease.lost;
      if (released) return;
      lease = await acquireLease(supervisorOptions);
      if (released) lease.release();
    }
  };
  // If that fails too, the next query of the pool reports it.
  renewLease().catch(() => undefined);
  return {
    connection: {
      host: '127.0.0.1',
      port: lease.port,
      user: 'daybreak',
      password: await readFile(files.password, 'utf8'),
      database: 'daybreak',
      webPassword: await readFile(files.webPassword, 'utf8'),
    },
    folder: paths.folder,
    release: async () => {
      released = true;
      lease.release();
      await lease.lost;
    },
  };
}
