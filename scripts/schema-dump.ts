/** Writes src/database/schema.sql: the schema after all migrations, from a throwaway server. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { schemaText } from '../src/database/schema-text.ts';
import { openThrowawayDatabase } from '../tests/servers/throwaway-server.ts';

const target = fileURLToPath(new URL('../src/database/schema.sql', import.meta.url));
const database = await openThrowawayDatabase();
try {
  await writeFile(target, await schemaText(database.pool));
  console.log(`Wrote ${target}`);
} finally {
  await database.close();
}
