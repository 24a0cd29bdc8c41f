import { expect, it } from 'vitest';

import { proveFleet } from './fleet-proof.ts';

it('with a worker and PostgreSQL killed in the middle, every district has its night exactly once', async () => {
  const figures = await proveFleet(
    { districts: 10, students: 400, workers: 2, concurrency: 2, now: Temporal.Now.instant() },
    () => undefined,
  );
  expect(figures.differences).toEqual([]);
  expect(figures.published).toBe(10);
}, 600_000);
