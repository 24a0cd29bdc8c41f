import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';

import { proveDatabaseKills } from './database-kill-proof.ts';

it('PostgreSQL killed at random moments of an import: one whole night stands, and the next import completes', async () => {
  const seed = randomInt(1_000_000);
  process.stdout.write(`Moments of the kills of PostgreSQL: seed ${seed}\n`);
  const order = { kills: 3, seed, students: 60 };
  expect(await proveDatabaseKills(order, () => undefined)).toMatchObject({ differences: [] });
}, 300_000);
