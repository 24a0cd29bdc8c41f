/** The embedded PostgreSQL of a data folder, shared by all Daybreak processes that use the folder. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { clusterFiles } from './cluster.ts';
import { acquireLease, type SupervisorOptions } from './lease.ts';
import { prepareEmbeddedPaths } from './paths.ts';

/** A share in the running server. */
export interface EmbeddedServer {
  /** How to connect; the role owns its database and may make others, but is no superuser. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
    /** Of the role that the web process signs in as. */
    readonly webPassword: string;
  };
  /** Where data and log are. */
  readonly folder: string;
  /** Gives the share back; the server stops by itself soon after the last share. Safe to call twice. */
  release(): Promise<void>;
}

export interface EmbeddedServerOptions {
  /** The server's folder is `postgres` below this one. */
  readonly dataDirectory: string;
  /**
   * For tests: no durability, stopped the moment the last share ends, and its folder removed with it.
   * Never point this at data that matters.
   */
  readonly throwaway?: boolean;
  readonly onProgress?: (sentence: string) => void;
  /** How long the server waits for another process after the last (default 1.5 s, throwaway 0). */
  readonly graceMs?: number;
}

/**
 * Gives a share in the server of this data folder, starting it when it does not run and making
 * its data when there is none. The share ends with `release` or with the process, even by kill -9.
 * Throws `DatabaseError` (`embedded-…`).
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
  if (hasData === undefined) options.onProgress?.('Making the database (once) …');
  let lease = await acquireLease(supervisorOptions);
  let released = false;
  // A supervisor that was killed left the server running: the next one takes it over.
  const renewLease = async (): Promise<void> => {
    for (;;) {
      await lease.lost;
      if (released) return;
      lease = await acquireLease(supervisorOptions);
      if (released) lease.release();
    }
  };
  // When even that fails, the next query of the pool says so.
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
