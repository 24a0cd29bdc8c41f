/**
 * Drops and rebuilds indexes and foreign keys of the published tables in the first import of an installation. Building
 * them once from all rows takes half as long as maintaining them row by row. All of it is part of the publishing
 * transaction: if the import dies, the tables are unchanged.
 *
 * Nobody can read the tables until the transaction ends. So nothing is dropped if they have rows or are being read.
 */
import type pg from 'pg';
import { errorCode } from '../../database/database-error.ts';

/** Dropped indexes, as statements that rebuild them. */
export interface DroppedIndexes {
  readonly restore: readonly string[];
}

const publishedTables = "array['students', 'guardians', 'enrollments']::regclass[]";

/**
 * Waits long enough for autovacuum to be canceled (after `deadlock_timeout`, one second by default), and not much
 * longer, because new readers wait for this lock.
 */
const lockTables = `
  set local lock_timeout = '5s';
  lock table students, guardians, enrollments in access exclusive mode;
  set local lock_timeout = 0`;

const anyRecord = `
  select 1 from students union all select 1 from guardians union all select 1 from enrollments limit 1`;

/**
 * Indexes without a constraint, and the foreign keys from guardians and enrollments to students. The foreign key to
 * districts stays: dropping it would lock `districts`, which is in use.
 */
const droppableIndexes = `
  select format('drop index %s', i.indexrelid::regclass) as drop,
    pg_get_indexdef(i.indexrelid) as restore
  from pg_index i
  where i.indrelid = any (${publishedTables})
    and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.conrelid = i.indrelid)
  union all
  select format('alter table %s drop constraint %I', conrelid::regclass, conname),
    format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  from pg_constraint
  where contype = 'f' and conrelid = any (${publishedTables}) and confrelid = any (${publishedTables})`;

/**
 * Drops the indexes of the published tables if the tables are empty and not in use; otherwise returns undefined. Must
 * run in the publishing transaction, which has to call `rebuildIndexes` before it ends.
 */
export async function dropIndexes(client: pg.ClientBase): Promise<DroppedIndexes | undefined> {
  if (await hasRecords(client)) return undefined;
  await client.query('savepoint indexes');
  if (!(await tryLock(client)) || (await hasRecords(client))) {
    await client.query('rollback to savepoint indexes');
    return undefined;
  }
  const { rows } = await client.query<{ drop: string; restore: string }>(droppableIndexes);
  await client.query(rows.map(({ drop }) => drop).join('; '));
  return { restore: rows.map(({ restore }) => restore) };
}

/** Rebuilds the dropped indexes and foreign keys. */
export async function rebuildIndexes(
  client: pg.ClientBase,
  { restore }: DroppedIndexes,
): Promise<void> {
  for (const statement of restore) await client.query(statement);
}

async function hasRecords(client: pg.ClientBase): Promise<boolean> {
  const { rowCount } = await client.query(anyRecord);
  return rowCount !== 0;
}

async function tryLock(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query(lockTables);
    return true;
  } catch (error) {
    if (errorCode(error) === '55P03') return false;
    throw error;
  }
}
