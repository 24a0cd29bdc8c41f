import { expect, it } from 'vitest';
import { chooseMutants, createMutants, mutantCount, stopOf, uncoveredPairs } from './mutants.ts';

const mutants = createMutants();

it('puts every pair of values into one of two hundred mutants, all different and always the same', () => {
  expect(mutants).toHaveLength(mutantCount);
  expect(uncoveredPairs(mutants)).toEqual([]);
  expect(new Set(mutants.map((mutant) => JSON.stringify(mutant))).size).toBe(mutantCount);
  expect(createMutants()).toEqual(mutants);
});

it('tells a pair that is missing', () => {
  expect(uncoveredPairs(mutants.slice(1))).not.toEqual([]);
});

it('chooses mutants of both outcomes that hold most values', () => {
  const chosen = chooseMutants(mutants, 20);
  const valuesIn = (some: readonly object[]) =>
    new Set(some.flatMap((one) => Object.entries(one).map((pair) => pair.join('=')))).size;
  expect(valuesIn(chosen) / valuesIn(mutants)).toBeGreaterThan(0.95);
  expect(chosen.filter((mutant) => stopOf(mutant) !== undefined).length).toBeGreaterThan(5);
});
