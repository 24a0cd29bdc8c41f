/** Applies migrations: numbered SQL files, forward only, each in its own transaction. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type pg from 'pg';

import { toDatabaseError, DatabaseError } from './database-error.ts';
import { forceSecurity, isSecurityUnforced } from './forced-security.ts';
import { transaction } from './transaction.ts';

/** One file of the migrations folder: `0007-guardians.sql` is number 7, name `guardians`. */
interface Migration {
  readonly number: number;
  readonly fileName: string;
  readonly sql: string;
  readonly checksum: string;
}

interface AppliedMigration {
  readonly number: number;
  readonly fileName: string;
  readonly checksum: string;
}

/** Any constant that no other program uses as an advisory lock in this database. */
const advisoryLock = 0x6461_7962; // "dayb"

const table = 'schema_migrations';

/** The folder of Daybreak's own migrations. */
function migrationsFolder(): string {
  return fileURLToPath(new URL('migrations', import.meta.url));
}

/**
 * Applies all pending migrations in order and returns their file names, then forces row-level security on every table
 * that has it. `to` is the last number to apply, for a database of an earlier version. Processes may call this at the
 * same time: each step holds an advisory lock. Throws `database-migration-changed`, `database-schema-newer` or
 * `database-migrations-unordered` before it applies anything, and `database-migration-failed` with the file, whose
 * changes are rolled back.
 */
export async function migrate(
  pool: pg.Pool,
  options: { readonly folder?: string; readonly to?: number } = {},
): Promise<readonly string[]> {
  const known = await readMigrations(options.folder ?? migrationsFolder());
  const migrations = known.filter(({ number }) => number <= (options.to ?? Infinity));
  const appliedNow: string[] = [];
  const isUpToDate = pendingMigrations(migrations, await readApplied(pool)).length === 0;
  if (isUpToDate && !(await isSecurityUnforced(pool))) return appliedNow;
  for (;;) {
    const fileName = await transaction(pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [advisoryLock]);
      await client.query(
        `CREATE TABLE IF NOT EXISTS ${table} (
           number integer PRIMARY KEY,
           file_name text NOT NULL,
           checksum text NOT NULL,
           applied_at timestamptz NOT NULL DEFAULT now()
         )`,
      );
      const [next] = pendingMigrations(migrations, await readApplied(client));
      if (next === undefined) {
        await forceSecurity(client);
        return undefined;
      }
      await apply(client, next);
      return next.fileName;
    });
    if (fileName === undefined) return appliedNow;
    appliedNow.push(fileName);
  }
}

/**
 * Throws if the schema is not that of this version: `database-schema-newer` while another machine updates it,
 * `database-schema-older` before this version has updated it.
 */
export async function checkSchema(pool: pg.Pool): Promise<void> {
  const migrations = await readMigrations(migrationsFolder());
  const [pending] = pendingMigrations(migrations, await readApplied(pool));
  if (pending === undefined) return;
  throw new DatabaseError(
    'database-schema-older',
    `Migration ${pending.fileName} has not been applied to the database yet.`,
    'Wait until the update in progress has ended.',
  );
}

async function apply(client: pg.ClientBase, migration: Migration): Promise<void> {
  try {
    await client.query(migration.sql);
  } catch (error) {
    const databaseError = toDatabaseError(error);
    if (databaseError instanceof DatabaseError) throw databaseError;
    throw new DatabaseError(
      'database-migration-failed',
      `Migration ${migration.fileName} failed${formatLineNumber(migration.sql, error)}: ${error instanceof Error ? error.message : 'unknown error'}. Nothing was restored.`,
      'Correct the file or the data that it fails on, then start again.',
      error,
    );
  }
  await client.query(`INSERT INTO ${table} (number, file_name, checksum) VALUES ($1, $2, $3)`, [
    migration.number,
    migration.fileName,
    migration.checksum,
  ]);
}

/** PostgreSQL reports the position of a syntax error in characters, counted from 1. */
function formatLineNumber(sql: string, error: unknown): string {
  if (typeof error !== 'object' || error === null || !('position' in error)) return '';
  const position = Number(error.position);
  return Number.isInteger(position)
    ? ` in line ${sql.slice(0, position - 1).split('\n').length}`
    : '';
}

async function readApplied(db: pg.Pool | pg.ClientBase): Promise<readonly AppliedMigration[]> {
  try {
    const exists = await db.query<{ exists: boolean }>(
      `SELECT to_regclass('${table}') IS NOT NULL AS exists`,
    );
    if (exists.rows[0]?.exists !== true) return [];
    const { rows } = await db.query<AppliedMigration>(
      `SELECT number, file_name AS "fileName", checksum FROM ${table} ORDER BY number`,
    );
    return rows;
  } catch (error) {
    throw toDatabaseError(error);
  }
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const fileNames = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  const migrations = await Promise.all(
    fileNames.map(async (fileName, index) => {
      const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(fileName)?.[1] ?? Number.NaN);
      if (number !== index + 1) {
        throw new DatabaseError(
          'database-migrations-unordered',
          `The migrations folder contains ${fileName} instead of number ${index + 1}.`,
          'Name the files NNNN-name.sql with consecutive numbers from 0001.',
        );
      }
      // A checkout on Windows may have CR LF line ends, which do not count as a change.
      const sql = (await readFile(join(folder, fileName), 'utf8')).replaceAll('\r\n', '\n');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { number, fileName, sql, checksum };
    }),
  );
  return migrations;
}

function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  for (const past of applied) {
    const known = migrations[past.number - 1];
    if (known === undefined) {
      throw new DatabaseError(
        'database-schema-newer',
        `The database has migration ${past.fileName}, which this version of Daybreak does not know: it was last used by a newer version.`,
        'Start the newer version, or restore the backup made before the update.',
      );
    }
    if (known.checksum !== past.checksum) {
      throw new DatabaseError(
        'database-migration-changed',
        `Migration ${known.fileName} is no longer the one that was applied to this database${known.fileName === past.fileName ? '' : ` (${past.fileName})`}.`,
        'Put the file back as it was and write the change as a new migration; for a test database, remove the data folder and start again.',
      );
    }
  }
  return migrations.slice(applied.length);
}
