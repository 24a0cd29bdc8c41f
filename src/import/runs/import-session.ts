/** The database connection of one run: settings for bulk work, and the import lock. */
import type pg from 'pg';
import { errorCode } from '../../database/database-error.ts';
import { withDedicatedConnection } from '../../database/dedicated-connection.ts';
import { importLock } from '../../database/import-lock.ts';
import { ImportError } from '../import-error.ts';

/** How long to wait for a run that is ending, or for the server to notice that one has died. */
const defaultLockWaitMs = 20_000;

/**
 * Calls `work` with a dedicated connection for one run of a district, which is closed afterwards together with its
 * temporary tables. Throws `import-already-running` if another run of the district does not end.
 */
export async function withImportSession<Result>(
  pool: pg.Pool,
  districtId: number,
  work: (client: pg.Client) => Promise<Result>,
  lockWaitMs: number = defaultLockWaitMs,
): Promise<Result> {
  return withDedicatedConnection(pool, 'daybreak import', async (client) => {
    await configureForBulkWork(client);
    await lockDistrict(client, districtId, lockWaitMs);
    return work(client);
  });
}

/** Sets up the session for bulk work. Just-in-time compilation costs more than it saves here. */
async function configureForBulkWork(client: pg.ClientBase): Promise<void> {
  await client.query(`
    set temp_buffers = '256MB'; set work_mem = '128MB'; set maintenance_work_mem = '128MB';
    set jit = off; set statement_timeout = 0`);
}

/**
 * Returns an SQL condition: an import of the district in `column` is alive in some process, because its session holds
 * the import lock.
 */
export const isImportAlive = (column: string): string => `exists (
  select from pg_locks l
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select oid from pg_database where datname = current_database())
    and ((l.classid::bigint << 32) | l.objid::bigint) = ${importLock(column)})`;

async function lockDistrict(
  client: pg.Client,
  districtId: number,
  lockWaitMs: number,
): Promise<void> {
  await client.query(`set lock_timeout = ${lockWaitMs}`);
  try {
    await client.query(`select pg_advisory_lock(${importLock('$1')})`, [districtId]);
  } catch (error) {
    if (errorCode(error) === '55P03') {
      throw new ImportError(
        'import-already-running',
        'Another import of this district is already running.',
        'Wait until it ends. `daybreak runs` shows its progress.',
        error,
      );
    }
    throw error;
  }
  await client.query('set lock_timeout = 0');
}
