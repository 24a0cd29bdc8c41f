/** How many times property tests run: a few times in `npm test`, many in `npm run proof -- properties`. */

/** Runs of a slow property; others run a hundred times or more in `npm test` too. */
export const propertyRuns = (few: number): number =>
  few * Number(process.env['PROPERTY_RUNS_FACTOR'] ?? 1);

/** Returns seeds of invented districts for a test. */
export const seeds = (few: number): readonly number[] =>
  Array.from({ length: propertyRuns(few) }, (_, index) => index + 1);
