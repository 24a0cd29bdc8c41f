/**
 * The first large night of an installation, when nobody has a record yet. The published tables are then filled
 * without what is looked up in them and without checking each row's student by itself; the server makes the
 * indexes from all rows at once afterwards, with several processes, and checks all students in one go: half the
 * time. All of that is part of the transaction that publishes: a night that dies leaves the tables as they were.
 *
 * Until the transaction ends nobody else can read the tables, in which there is nothing to read. As soon as
 * there is, or if anybody is just looking, nothing is set aside.
 */
import type pg from 'pg';
import { errorCode } from '../../database/database-error.ts';

/** What was set aside, as the statements that bring it back. */
export interface DroppedIndexes {
  readonly restore: readonly string[];
}

const publishedTables = "array['students', 'guardians', 'enrollments']::regclass[]";

/**
 * Waits as long as the server takes to call off its own tidying up (deadlock_timeout, one second unless it is
 * set), and not much longer: readers who come meanwhile stand in line behind.
 */
const lockTables = `
  set local lock_timeout = '5s';
  lock table students, guardians, enrollments in access exclusive mode;
  set local lock_timeout = 0`;

const anyRecord = `
  select 1 from students union all select 1 from guardians union all select 1 from enrollments limit 1`;

/**
 * Indexes that no constraint stands on, and what guardians and enrollments say of students. That students belong
 * to a district stays: it would have to be taken from the districts, too, which others are using.
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
 * Sets the indexes of the published tables aside if they are empty and nobody uses them; otherwise returns
 * undefined and leaves everything as it is. Must run inside the publishing transaction, which has to bring them
 * back by `restoreIndexes` before it ends.
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

/** Makes the indexes again, from the rows that are there by now. */
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
