/** How often a property is tried: a few times in `npm test`, many in `npm run proof -- properties`. */

/** For properties that take long; the others run a hundred times and more in `npm test` as well. */
export const propertyRuns = (few: number): number =>
  few * Number(process.env['PROPERTY_RUNS_FACTOR'] ?? 1);

/** Seeds of an invented district that a test plays with. */
export const seeds = (few: number): readonly number[] =>
  Array.from({ length: propertyRuns(few) }, (_, index) => index + 1);
