import { expect, it } from 'vitest';

import { proveDatabaseKills } from './database-kill-proof.ts';

it('PostgreSQL killed while an import reads: published data stay unchanged, and the next import completes', async () => {
  const options = { kills: 2, seed: 1, students: 60, at: 'reading' } as const;
  const result = await proveDatabaseKills(options, () => undefined);
  expect(result).toMatchObject({ differences: [], previousPublished: 2 });
}, 300_000);
