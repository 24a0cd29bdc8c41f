import { expect, it } from 'vitest';
import {
  chooseMutants,
  createMutants,
  mutantCount,
  findExpectedStop,
  uncoveredPairs,
} from './mutants.ts';

const mutants = createMutants();

it('covers every pair of values by two hundred mutants, all different and the same each time', () => {
  expect(mutants).toHaveLength(mutantCount);
  expect(uncoveredPairs(mutants)).toEqual([]);
  expect(new Set(mutants.map((mutant) => JSON.stringify(mutant))).size).toBe(mutantCount);
  expect(createMutants()).toEqual(mutants);
});

it('reports a missing pair', () => {
  expect(uncoveredPairs(mutants.slice(1))).not.toEqual([]);
});

it('chooses mutants of both outcomes that contain most values', () => {
  const chosen = chooseMutants(mutants, 20);
  const valuesIn = (some: readonly object[]) =>
    new Set(some.flatMap((one) => Object.entries(one).map((pair) => pair.join('=')))).size;
  expect(valuesIn(chosen) / valuesIn(mutants)).toBeGreaterThan(0.95);
  expect(chosen.filter((mutant) => findExpectedStop(mutant) !== undefined).length).toBeGreaterThan(
    5,
  );
});
