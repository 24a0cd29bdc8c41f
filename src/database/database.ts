/**
 * Opens the database: the server named by DATABASE_URL, or the embedded one of the data folder.
 *
 * This folder holds connections, transactions, COPY, migrations, row-level security, backup and the embedded PostgreSQL.
 */
import { Pool, type PoolConfig } from 'pg';

import { ignoreConnectionErrors } from './connection-errors.ts';
import { columnParsers } from './column-parsers.ts';
import { toDatabaseError, DatabaseError } from './database-error.ts';
import { startEmbeddedServer } from './embedded/shared-server.ts';
import { migrate } from './migrations.ts';
import { openWebDatabase, type WebDatabase } from './web-database.ts';
import { webLoginName } from './web-login.ts';

/** An open database, for imports and commands. */
export interface Database {
  readonly pool: Pool;
  /** Pools for the web process. */
  readonly web: WebDatabase;
  /** Waits for clients in use, closes all connections and releases the embedded server. Safe to call twice. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** DATABASE_URL (`postgres://user:password@host:port/name`). Absent or empty: the embedded server. */
  readonly url?: string | undefined;
  /**
   * DATABASE_WEB_PASSWORD: password of the web process's own role at the server of `url`. Absent: the web process
   * signs in as the user of `url`.
   */
  readonly webPassword?: string | undefined;
  /** The embedded server stores its data in `postgres` in this folder (`.daybreak` of the project). */
  readonly dataDirectory: string;
  /** Whether to apply missing migrations (default true). */
  readonly migrate?: boolean;
  /** Maximum number of connections per pool (default 10). */
  readonly poolSize?: number;
  /** Called with progress messages of a slow start ("Preparing the database …"). */
  readonly onProgress?: (sentence: string) => void;
}

/** The oldest supported PostgreSQL: 16, as `server_version_num`. */
const minServerVersion = 160_000;

/**
 * Opens the database: starts the embedded server if there is no `url`, checks the server's version and applies
 * migrations. Throws `DatabaseError` and then leaves nothing open.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.url !== undefined && options.url !== '') {
    const connection = { ...parseConnectionUrl(options.url), webPassword: options.webPassword };
    return openPool(connection, options, async () => undefined);
  }
  const server = await startEmbeddedServer({
    dataDirectory: options.dataDirectory,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  return openPool(server.connection, options, async () => server.release());
}

/**
 * Opens the pools of a running server. `afterClose` is called once, when they are closed or could not be opened.
 */
export async function openPool(
  { webPassword, ...connection }: PoolConfig & { readonly webPassword?: string | undefined },
  options: Pick<DatabaseOptions, 'migrate' | 'poolSize'>,
  afterClose: () => Promise<void>,
): Promise<Database> {
  const poolSize = options.poolSize ?? 10;
  const pool = new Pool({
    connectionTimeoutMillis: 15_000,
    application_name: 'daybreak',
    ...connection,
    max: poolSize,
    types: columnParsers(),
  });
  ignoreConnectionErrors(pool);
  const { end: endWeb, ...web } = openWebDatabase(
    webPassword === undefined ? connection : toWebLogin(connection, webPassword),
    poolSize,
  );
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closed ??= (async () => {
      try {
        await Promise.all([pool.end(), endWeb()]);
      } finally {
        await afterClose();
      }
    })());
  try {
    await checkVersion(pool, `${connection.host ?? 'localhost'}:${connection.port ?? 5432}`);
    if (options.migrate !== false) await migrate(pool);
  } catch (error) {
    await close();
    throw error;
  }
  return { pool, web, close };
}

/** Returns the same server and database with the web process's own role. */
function toWebLogin(connection: PoolConfig, password: string): PoolConfig {
  const login = { ...connection, user: webLoginName, password };
  const url = URL.parse(connection.connectionString ?? '');
  if (url === null) return login;
  // The default database is named like the user.
  if (url.pathname.length < 2) url.pathname = url.username;
  url.username = webLoginName;
  url.password = encodeURIComponent(password);
  // pg prefers the values in the URL over separate options.
  return { ...login, connectionString: url.href };
}

async function checkVersion(pool: Pool, target: string): Promise<void> {
  try {
    const { rows } = await pool.query<{ version: number; name: string }>(
      `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name`,
    );
    const found = rows[0];
    if (found !== undefined && found.version >= minServerVersion) return;
    throw new DatabaseError(
      'database-too-old',
      `${target}: The server runs PostgreSQL ${found?.name ?? 'of an unknown version'}; Daybreak needs 16 or newer.`,
      'Update the server, or leave DATABASE_URL empty to use the embedded one.',
    );
  } catch (error) {
    throw toDatabaseError(error, target);
  }
}

/** Parses the URL; pg handles its query (`sslmode=…`). */
function parseConnectionUrl(url: string): PoolConfig {
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new DatabaseError(
      'database-url-invalid',
      'DATABASE_URL is not the address of a PostgreSQL database.',
      'Write it as postgres://user:password@host:5432/name; percent-encode special characters of the password.',
    );
  }
  return {
    connectionString: url,
    // For messages only: pg reads both from the connection string.
    ...(parsed.hostname === '' ? {} : { host: parsed.hostname }),
    ...(parsed.port === '' ? {} : { port: Number(parsed.port) }),
  };
}
