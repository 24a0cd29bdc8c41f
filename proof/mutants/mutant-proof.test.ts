import { expect, inject, it } from 'vitest';
import { proveMutants } from './mutant-proof.ts';
import { chooseMutants, createMutants } from './mutants.ts';

// Twenty that contain nearly every value; `npm run proof -- mutants` runs all two hundred.
it('imports the right data from twenty mutants, or stops with the cause', async () => {
  const mutants = chooseMutants(createMutants(), 20);
  const { differences, correct } = await proveMutants(
    inject('testServer'),
    mutants,
    { from: 0, workers: 2, shrinks: false },
    () => undefined,
  );
  expect(differences).toEqual([]);
  expect(correct).toBe(20);
}, 180_000);
