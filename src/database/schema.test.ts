/** The checked-in schema and the migrations say the same. */
import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { schemaDumpCommand, schemaText } from './schema-text.ts';

test('src/database/schema.sql matches the migrations', async () => {
  const database = await openTestDatabase();
  try {
    const written = await readFile(new URL('schema.sql', import.meta.url), 'utf8').catch(() => '');
    const made = await schemaText(database.pool);
    const advice = `src/database/schema.sql is out of date: run ${schemaDumpCommand} and commit the file`;
    expect(written === made ? 'up to date' : advice).toBe('up to date');
  } finally {
    await database.close();
  }
});
