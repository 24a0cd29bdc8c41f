/**
 * Backup and restore of everything except sessions, as one file: the rows of all tables in one snapshot, in COPY text
 * format, compressed. Works between machines and versions of PostgreSQL. Secrets stay sealed; the sealing key is not
 * part of the backup.
 *
 *   {"format":"daybreak-backup","version":1,"migration":11,…}   first line
 *   {"table":"districts","columns":["id",…]}                     then for each table: a line with its columns,
 *   1⇥demo.example⇥…                                             its rows, one a line,
 *   \.                                                           and the end of its rows
 *   {"sequence":"districts_id_seq","value":"7"}                  then each counter
 *   {"end":true,"rows":12345}                                    last line: without it the file is cut
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { escapeIdentifier, type Client, type Pool } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import { DatabaseError } from './database-error.ts';
import { forceSecurity } from './forced-security.ts';
import { migrate } from './migrations.ts';
import { withDedicatedConnection } from './dedicated-connection.ts';
import { inTransaction } from './transaction.ts';

const format = 'daybreak-backup';

const Header = z.object({
  format: z.literal(format),
  version: z.literal(1),
  migration: z.int(),
  takenAt: z.string(),
});
const TableLine = z.object({ table: z.string(), columns: z.array(z.string()) });
const SequenceLine = z.object({ sequence: z.string(), value: z.string() });
const EndLine = z.object({ end: z.literal(true), rows: z.int() });

/** Counts of a backup or a restore. */
export interface BackupCount {
  readonly tables: number;
  readonly rows: number;
}

/** Not copied: a restore fills it by migrating. */
const excludedTables = ['schema_migrations'];

/** Not copied: a backup must not let its reader sign in, and a restore must not undo a sign-out. */
const emptiedTables = ['account_sessions', 'account_verifications', 'single_sign_on_starts'];

/**
 * Writes a backup to a file that only its owner may read. Replaces an existing file once the new one is complete.
 * Does not block readers or imports.
 */
export async function writeBackup(
  pool: Pool,
  path: string,
  now: Temporal.Instant,
): Promise<BackupCount> {
  const partial = `${path}.partial`;
  try {
    const count = await withDedicatedConnection(pool, 'daybreak backup', async (client) =>
      inTransaction(
        client,
        async () => {
          const counted = { tables: 0, rows: 0 };
          await pipeline(
            readContent(client, now, counted),
            createGzip({ level: 6 }),
            createWriteStream(partial, { mode: 0o600 }),
          );
          return counted;
        },
        'begin isolation level repeatable read read only',
      ),
    );
    await rename(partial, path);
    return count;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Yields the content of a backup and counts it in `counted`. */
async function* readContent(
  client: Client,
  now: Temporal.Instant,
  counted: { tables: number; rows: number },
): AsyncGenerator<string | Buffer> {
  const { rows: migrations } = await client.query<{ number: number }>(
    'select max(number)::integer as number from schema_migrations',
  );
  const migration = migrations[0]?.number ?? 0;
  yield toLine({ format, version: 1, migration, takenAt: now.toString() });
  const tables = (await listTablesByDependency(client)).filter(
    ({ table }) => !emptiedTables.includes(table),
  );
  for (const { table, columns } of tables) {
    yield toLine({ table, columns });
    const copy = client.query(copyTo(`copy ${quoteTable(table, columns)} to stdout`));
    // Counted here, since the server's own count comes after the last chunk, sometimes after the loop. COPY
    // escapes line feeds in values, so each one ends a row.
    for await (const chunk of copy as AsyncIterable<Buffer>) {
      counted.rows += countLineFeeds(chunk);
      yield chunk;
    }
    yield '\\.\n';
    counted.tables += 1;
  }
  const { rows: sequences } = await client.query<{ sequence: string; value: string }>(
    `select sequencename as sequence, last_value::text as value from pg_sequences
     where schemaname = 'public' and last_value is not null order by 1`,
  );
  for (const sequence of sequences) yield toLine(sequence);
  yield toLine({ end: true, rows: counted.rows });
}

const toLine = (value: object): string => `${JSON.stringify(value)}\n`;

function countLineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

const quoteTable = (table: string, columns: readonly string[]): string =>
  `${escapeIdentifier(table)} (${columns.map(escapeIdentifier).join(', ')})`;

/** Returns our tables with their columns except generated ones; referenced tables come first. */
async function listTablesByDependency(
  client: Client,
): Promise<{ table: string; columns: string[] }[]> {
  const { rows } = await client.query<{ table: string; columns: string[]; parents: string[] }>(
    `select c.relname as table,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       coalesce((select array_agg(distinct p.relname::text) from pg_constraint k
         join pg_class p on p.oid = k.confrelid
         where k.conrelid = c.oid and k.contype = 'f' and p.oid <> c.oid), '{}') as parents
     from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> all ($1)
     order by c.relname`,
    [excludedTables],
  );
  const remaining = new Map(rows.map((row) => [row.table, row]));
  const ordered: { table: string; columns: string[] }[] = [];
  while (remaining.size > 0) {
    const next = [...remaining.values()].find(
      ({ parents }) => !parents.some((one) => remaining.has(one)),
    );
    if (next === undefined) throw new Error('Tables refer to each other in a circle');
    remaining.delete(next.table);
    ordered.push({ table: next.table, columns: next.columns });
  }
  return ordered;
}

/**
 * Fills an empty database from a backup in one transaction and migrates it to this version's schema. Throws
 * `backup-unusable` if the file is not a complete backup, `database-not-empty` if there are districts or accounts.
 */
export async function restoreBackup(pool: Pool, path: string): Promise<BackupCount> {
  const source = createReadStream(path);
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  // The reader reports the error too; without a listener here it would end the process.
  gunzip.on('error', () => undefined);
  const lines = readLines(gunzip);
  try {
    const header = Header.safeParse(parseLine(await nextLine(lines)));
    if (!header.success) throw unusableBackup('It is not a backup of Daybreak.');
    await migrate(pool, { to: header.data.migration });
    const count = await withDedicatedConnection(pool, 'daybreak restore', async (client) =>
      inTransaction(client, async () => {
        await requireEmptyDatabase(client);
        return readAll(client, lines);
      }),
    );
    await migrate(pool);
    return count;
  } catch (error) {
    const cause = gunzip.errored ?? undefined;
    throw cause === undefined ? error : unusableBackup('It cannot be read completely.', cause);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

async function requireEmptyDatabase(client: Client): Promise<void> {
  const { rows } = await client.query<{ full: boolean }>(
    'select exists (select from districts) or exists (select from accounts) as full',
  );
  if (rows[0]?.full !== true) return;
  throw new DatabaseError(
    'database-not-empty',
    'The database already contains districts or accounts; a backup can only be restored into an empty database.',
    'Name an empty database in DATABASE_URL, or another folder in DAYBREAK_DATA, and restore there.',
  );
}

async function readAll(client: Client, lines: AsyncIterator<string>): Promise<BackupCount> {
  const tables = await listTablesByDependency(client);
  for (const { table } of tables) {
    // COPY FROM is not supported for tables with forced row-level security.
    await client.query(
      `alter table ${escapeIdentifier(table)} disable trigger user, no force row level security`,
    );
    // Rows inserted by migrations are part of the backup.
    await client.query(`delete from ${escapeIdentifier(table)}`);
  }
  let rows = 0;
  let restored = 0;
  const sequences: z.infer<typeof SequenceLine>[] = [];
  for (;;) {
    const value = parseLine(await nextLine(lines));
    const table = TableLine.safeParse(value);
    const sequence = SequenceLine.safeParse(value);
    const end = EndLine.safeParse(value);
    if (table.success) {
      rows += await readTable(client, lines, table.data);
      restored += 1;
    } else if (sequence.success) {
      sequences.push(sequence.data);
    } else if (end.success && end.data.rows === rows) break;
    else
      throw unusableBackup(
        end.success
          ? `It contains ${rows} rows instead of ${end.data.rows}.`
          : 'It contains an unexpected line.',
      );
  }
  // setval is not rolled back, so it waits until the file is known to be complete.
  for (const { sequence, value } of sequences)
    await client.query('select setval($1::regclass, $2::bigint)', [
      escapeIdentifier(sequence),
      value,
    ]);
  for (const table of emptiedTables) await client.query(`delete from ${escapeIdentifier(table)}`);
  for (const { table } of tables)
    await client.query(`alter table ${escapeIdentifier(table)} enable trigger user`);
  await forceSecurity(client);
  return { tables: restored, rows };
}

/** Rows sent per chunk. */
const chunkLength = 64 * 1024;

async function readTable(
  client: Client,
  lines: AsyncIterator<string>,
  { table, columns }: z.infer<typeof TableLine>,
): Promise<number> {
  const copy = client.query(copyFrom(`copy ${quoteTable(table, columns)} from stdin`));
  const done = once(copy, 'finish');
  // Awaited below; handles a rejection that comes earlier.
  done.catch(() => undefined);
  let rows = 0;
  let chunk = '';
  for (;;) {
    const line = await nextLine(lines).catch((error: Error) => {
      copy.destroy(error);
      throw error;
    });
    if (line === '\\.') break;
    rows += 1;
    chunk += `${line}\n`;
    if (chunk.length < chunkLength) continue;
    if (!copy.write(chunk)) await Promise.race([once(copy, 'drain'), done]);
    chunk = '';
  }
  copy.end(chunk);
  await done;
  return rows;
}

/** Lines end with a line feed alone: names may hold every other character that elsewhere ends a line. */
async function* readLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = buffer.indexOf(10); end >= 0; end = buffer.indexOf(10, start)) {
      yield buffer.toString('utf8', start, end);
      start = end + 1;
    }
    rest = buffer.subarray(start);
  }
  if (rest.length > 0) yield rest.toString('utf8');
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const next = await lines.next();
  if (next.done === true) throw unusableBackup('Its end is missing.');
  return next.value;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw unusableBackup('It contains an unexpected line.');
  }
}

const unusableBackup = (why: string, cause?: unknown): DatabaseError =>
  new DatabaseError(
    'backup-unusable',
    `The file cannot be restored. ${why} Nothing was restored.`,
    'Use another backup file; `daybreak backup` must have finished writing it.',
    cause,
  );
