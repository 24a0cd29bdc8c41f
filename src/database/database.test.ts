/** A database that cannot be used is refused with a reason and a next step, never with a secret. */
import { createServer } from 'node:net';

import { inject, expect, test } from 'vitest';

import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { toDatabaseError } from './database-error.ts';
import { openDatabase } from './database.ts';

/** The address of this run's server, with one part changed. */
function address(change: { password?: string; database?: string; port?: number }): string {
  const { user, password, host, port, database } = { ...inject('testServer'), ...change };
  return `postgres://${user}:${password}@${host}:${port}/${database}`;
}

const open = (url: string) => openDatabase({ url, dataDirectory: '/nowhere', migrate: false });

/** A free port of this machine: connecting to it is refused. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const found = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof found === 'object' && found !== null ? found.port : 0;
}

test('opens a server by its URL, and can be closed twice', async () => {
  const database = await open(address({ database: 'postgres' }));
  expect((await database.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await database.close();
  await database.close();
});

test('a server that does not respond', async () => {
  const port = await closedPort();
  await expect(open(address({ port }))).rejects.toMatchObject({
    code: 'database-unreachable',
    message: expect.stringContaining(`127.0.0.1:${port}`),
    advice: expect.stringContaining('DATABASE_URL'),
  });
});

test('a wrong password, which no message contains', async () => {
  const error: unknown = await open(address({ password: 'wrong-secret' })).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'database-password-rejected' });
  expect(String(error)).not.toContain('wrong-secret');
});

test('a missing database', async () => {
  const work = open(address({ database: 'nowhere' }));
  await expect(work).rejects.toMatchObject({ code: 'database-missing' });
});

test.each(['mysql://localhost/x', 'localhost:5432', 'not an address'])(
  'an address that is none: %s',
  async (url) => {
    await expect(open(url)).rejects.toMatchObject({ code: 'database-url-invalid' });
  },
);

test('statements of the web process time out, those of imports and migrations do not', async () => {
  const database = await openTestDatabase();
  const limits = `select name, setting::integer > 0 as "isLimited" from pg_settings where name in
    ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') order by name`;
  const limited = (isLimited: boolean) => [
    { name: 'idle_in_transaction_session_timeout', isLimited },
    { name: 'lock_timeout', isLimited },
    { name: 'statement_timeout', isLimited },
  ];
  expect((await database.web.pool.query(limits)).rows).toEqual(limited(true));
  expect((await database.pool.query(limits)).rows).toEqual(limited(false));
  await database.close();
});

test.each(['pool', 'web'] as const)(
  'a connection of the %s that breaks while it is lent ends no process',
  async (which) => {
    const database = await openTestDatabase();
    const pool = which === 'pool' ? database.pool : database.web.pool;
    // As sign-in borrows them: without a listener of their own.
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const broken = new Promise((resolve) => client.once('end', resolve));
    await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await broken;
    await expect(client.query('select 1')).rejects.toThrow('not queryable');
    client.release();
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await database.close();
  },
);

test('a read-only server has another code than a rejected statement', async () => {
  const database = await openTestDatabase();
  const client = await database.pool.connect();
  await client.query('SET default_transaction_read_only = on');
  const error: unknown = await client.query('CREATE TABLE x ()').catch((e: unknown) => e);
  expect(toDatabaseError(error)).toMatchObject({ code: 'database-read-only' });
  const syntax: unknown = await client.query('SELEC').catch((e: unknown) => e);
  expect(toDatabaseError(syntax)).toBe(syntax);
  client.release(true);
  await database.close();
});

test.each([
  ['53100', 'database-disk-full'],
  ['ENOSPC', 'database-disk-full'],
  ['53300', 'database-too-many-connections'],
  ['57P03', 'database-unreachable'],
  ['57014', 'database-busy'],
  ['55P03', 'database-busy'],
  ['ENOTFOUND', 'database-unreachable'],
])('%s is explained as %s', (code, explained) => {
  const error = Object.assign(new Error('as the driver says'), { code });
  expect(toDatabaseError(error)).toMatchObject({ code: explained, cause: error });
});

test('a pool with all connections in use is busy, not unreachable', () => {
  const error = new Error('timeout exceeded when trying to connect');
  expect(toDatabaseError(error)).toMatchObject({ code: 'database-busy', cause: error });
});
