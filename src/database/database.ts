/** Opens the database: the server named by DATABASE_URL, or the embedded one of the data folder. */
import { Pool, type PoolConfig } from 'pg';

import { ignoreConnectionErrors } from './connection-errors.ts';
import { columnParsers } from './column-parsers.ts';
import { toDatabaseError, DatabaseError } from './database-error.ts';
import { startEmbeddedServer } from './embedded/server.ts';
import { migrate } from './migrations.ts';
import { openWebDatabase, type WebDatabase } from './web-database.ts';
import { webLoginName } from './web-login.ts';

/** A database ready for use by imports and commands. */
export interface Database {
  readonly pool: Pool;
  /** What the web process works with instead. */
  readonly web: WebDatabase;
  /** Waits for lent clients, closes all connections, gives the embedded server back. Safe to call twice. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** DATABASE_URL (`postgres://user:password@host:port/name`). Absent or empty: the embedded server. */
  readonly url?: string | undefined;
  /**
   * DATABASE_WEB_PASSWORD: of the role that the web process signs in as, at the server of `url`. Absent: the web works
   * as the user of `url`.
   */
  readonly webPassword?: string | undefined;
  /** Where the embedded server keeps its data: in `postgres` below this folder (`.daybreak` of the project). */
  readonly dataDirectory: string;
  /** Apply what is missing of the migrations before handing out (default true). */
  readonly migrate?: boolean;
  /** Connections at most (default 10), of the web's pool as well. */
  readonly poolSize?: number;
  /** Told what a start that takes a while is doing ("Preparing the database …"). */
  readonly onProgress?: (sentence: string) => void;
}

/** The oldest PostgreSQL that our SQL works with: 16, as `server_version_num` counts. */
const minServerVersion = 160_000;

/**
 * Opens the database, starting the embedded server when no `url` is given, checks the server's
 * version and brings the schema up to date. Throws `DatabaseError`; nothing stays open then.
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
 * Opens a pool on a server that runs. `afterClose` is called once, when the pool is closed or could not be opened.
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

/** The same server and database for the web process's own role. */
function toWebLogin(connection: PoolConfig, password: string): PoolConfig {
  const login = { ...connection, user: webLoginName, password };
  const url = URL.parse(connection.connectionString ?? '');
  if (url === null) return login;
  // Without a name the database is that of the user.
  if (url.pathname.length < 2) url.pathname = url.username;
  url.username = webLoginName;
  url.password = encodeURIComponent(password);
  // pg takes what stands in the address before what is given beside it.
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

/** Takes the address apart by the URL standard; its query (`sslmode=…`) is left to pg. */
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
    // Said again for messages: pg takes both from the connection string.
    ...(parsed.hostname === '' ? {} : { host: parsed.hostname }),
    ...(parsed.port === '' ? {} : { port: Number(parsed.port) }),
  };
}
