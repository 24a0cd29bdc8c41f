import { expect, it } from 'vitest';

import { proveDatabaseKills } from './database-kill-proof.ts';

it('PostgreSQL killed while an import reads: what was published stands, and the next import completes', async () => {
  const order = { kills: 2, seed: 1, students: 60, at: 'reading' } as const;
  const figures = await proveDatabaseKills(order, () => undefined);
  expect(figures).toMatchObject({ differences: [], nightBefore: 2 });
}, 300_000);
