/**
 * Mutants: two hundred sandboxes, each with another combination of the variants that Skyward's API leaves open.
 * The first mutants cover every pair of values that an import must handle; then each value that must stop an import
 * is combined with every other value; the rest cover as many new triples as possible. Two values that each stop an
 * import are never combined, since a message can name only one.
 *
 * This folder imports from sandboxes with every variant of Skyward's API.
 */
import {
  contractSwitches,
  defaultSwitchValues,
  type ExpectedOutcome,
  type SwitchName,
  type SwitchValues,
} from '../../sandbox/api/contract-switches.ts';
import { createRandom, type Random } from '../../sandbox/random.ts';

/** The switches of a mutant that are not at their default. */
export type Mutant = Partial<SwitchValues>;

export const mutantCount = 200;

/** A value of a switch, numbered over all switches. */
interface Value {
  readonly number: number;
  readonly switchName: SwitchName;
  readonly name: string;
  readonly expected: ExpectedOutcome;
}

/** The values of one switch by expected outcome; the default is the first that yields data. */
interface Factor {
  readonly name: SwitchName;
  readonly data: readonly Value[];
  readonly stops: readonly Value[];
}

/** A value for each factor, in their order. */
type Row = readonly Value[];

let valueCount = 0;
const factors: readonly Factor[] = Object.entries(contractSwitches).map(([name, { values }]) => {
  const all = Object.entries<ExpectedOutcome>(values).map(([value, expected]): Value => {
    valueCount += 1;
    return { number: valueCount - 1, switchName: name as SwitchName, name: value, expected };
  });
  return {
    name: name as SwitchName,
    data: all.filter(({ expected }) => expected === 'right-data'),
    stops: all.filter(({ expected }) => expected !== 'right-data'),
  };
});
const allValues: readonly Value[] = factors
  .flatMap(({ data, stops }) => [...data, ...stops])
  .toSorted((one, other) => one.number - other.number);

/**
 * Switches that have an effect only if another has certain values: an expired token is rejected only where tokens
 * expire. A pair with an inactive value is not counted, except the pair with the value that makes it inactive.
 */
const activators: Partial<
  Record<SwitchName, { readonly by: SwitchName; readonly values: RegExp }>
> = {
  'expired-token-response': { by: 'token-lifetime', values: /^twenty/ },
  'live-tokens': { by: 'token-lifetime', values: /^twenty/ },
  'past-the-end': { by: 'next-form', values: /^none$/ },
  'last-next': { by: 'next-form', values: /^(?!none$)/ },
  'basic-pair': { by: 'token-form', values: /basic$/ },
};

const factorIndexes = new Map(factors.map(({ name }, index) => [name, index]));

function isDefault({ switchName, name }: Value): boolean {
  return defaultSwitchValues[switchName] === name;
}

/** Returns whether a value has an effect in a row; true while its activator is not chosen. */
function isActive(value: Value, row: readonly (Value | undefined)[]): boolean {
  const activator = activators[value.switchName];
  if (activator === undefined || isDefault(value)) return true;
  const by = row[factorIndexes.get(activator.by) ?? 0];
  return by === undefined || activator.values.test(by.name);
}

/** Returns whether a pair counts; inactive values count with their activator, and with others that it activates. */
function arePaired(one: Value, other: Value, row: readonly (Value | undefined)[]): boolean {
  const by = (value: Value) => activators[value.switchName]?.by;
  const isBound =
    by(one) === other.switchName ||
    by(other) === one.switchName ||
    (by(one) !== undefined && by(one) === by(other));
  return isBound || (isActive(one, row) && isActive(other, row));
}

const pairNumber = (one: Value, other: Value) =>
  one.number < other.number
    ? one.number * valueCount + other.number
    : other.number * valueCount + one.number;

/** Returns every pair of values that yield data. */
function listDataPairs(): Set<number> {
  const pairs = new Set<number>();
  for (const [index, { data }] of factors.entries())
    for (const other of factors.slice(index + 1))
      for (const one of data) for (const two of other.data) pairs.add(pairNumber(one, two));
  return pairs;
}

function* listPairs(row: Row): Generator<number> {
  for (const [index, one] of row.entries())
    for (const other of row.slice(index + 1))
      if (arePaired(one, other, row)) yield pairNumber(one, other);
}

/** Builds a row from an uncovered pair; each further value is the one with the most uncovered pairs. */
function growRow(uncovered: ReadonlySet<number>, random: Random): Row {
  const row: (Value | undefined)[] = factors.map(() => undefined);
  const setValue = (value: Value): void => {
    row[factorIndexes.get(value.switchName) ?? 0] = value;
  };
  const activate = (value: Value): void => {
    const activator = activators[value.switchName];
    if (activator === undefined || isDefault(value)) return;
    const index = factorIndexes.get(activator.by) ?? 0;
    if (row[index] !== undefined) return;
    setValue(
      pick(
        random,
        factors[index]?.data.filter(({ name }) => activator.values.test(name)),
      ),
    );
  };
  const first = uncovered.size === 0 ? undefined : pick(random, [...uncovered]);
  const numbers = first === undefined ? [] : [Math.floor(first / valueCount), first % valueCount];
  const started = numbers.map((number) => allValues[number]).filter((value) => value !== undefined);
  started.forEach(setValue);
  started.forEach(activate);
  for (const factor of shuffled(random, factors)) {
    if (row[factorIndexes.get(factor.name) ?? 0] !== undefined) continue;
    const gains = factor.data.map((value) => {
      let gain = 0;
      for (const other of row)
        if (
          other !== undefined &&
          uncovered.has(pairNumber(value, other)) &&
          arePaired(value, other, row)
        )
          gain += 1;
      return gain;
    });
    const most = Math.max(...gains);
    const value = pick(
      random,
      factor.data.filter((_, index) => gains[index] === most),
    );
    setValue(value);
    activate(value);
  }
  return row.filter((value) => value !== undefined);
}

/** Builds rows until they cover every pair of values that yield data. */
function coverPairs(random: Random): Row[] {
  const uncovered = listDataPairs();
  const rows: Row[] = [];
  const countGain = (row: Row) =>
    listPairs(row).reduce((gain, pair) => gain + Number(uncovered.has(pair)), 0);
  while (uncovered.size > 0) {
    const candidates = Array.from({ length: 6 }, () => growRow(uncovered, random));
    const best = candidates.reduce((one, other) =>
      countGain(other) > countGain(one) ? other : one,
    );
    for (const pair of listPairs(best)) uncovered.delete(pair);
    rows.push(best);
  }
  return rows;
}

/** Returns the fewest rows that combine each stopping value with every other value. */
function coverStops(random: Random): Row[] {
  const needed = Math.max(...factors.map(({ data }) => data.length));
  return factors.flatMap((factor) =>
    factor.stops.flatMap((stop) => {
      const columns = factors.map(({ data }) => shuffled(random, data));
      return Array.from({ length: needed }, (_, row) =>
        factors.map((other, index): Value => {
          const column = columns[index] ?? [];
          return other === factor ? stop : (column[row % column.length] ?? stop);
        }),
      );
    }),
  );
}

const noPairs: ReadonlySet<number> = new Set();

/** Builds `count` rows of values that yield data, each with as many new triples as possible. */
function addTriples(existingRows: readonly Row[], count: number, random: Random): Row[] {
  const seen = new Uint8Array(valueCount ** 3);
  const countNewTriples = (row: Row, marksAsSeen: boolean): number => {
    let gain = 0;
    for (let a = 0; a < row.length; a += 1)
      for (let b = a + 1; b < row.length; b += 1)
        for (let c = b + 1; c < row.length; c += 1) {
          const [one, two, three] = [row[a], row[b], row[c]];
          if (one === undefined || two === undefined || three === undefined) continue;
          const number = (one.number * valueCount + two.number) * valueCount + three.number;
          gain += 1 - (seen[number] ?? 0);
          if (marksAsSeen) seen[number] = 1;
        }
    return gain;
  };
  for (const row of existingRows) countNewTriples(row, true);
  return Array.from({ length: count }, () => {
    const candidates = Array.from({ length: 20 }, () => growRow(noPairs, random));
    const gains = candidates.map((row) => countNewTriples(row, false));
    const best = candidates[gains.indexOf(Math.max(...gains))] ?? [];
    countNewTriples(best, true);
    return best;
  });
}

function pick<Item>(random: Random, list: readonly Item[] = []): Item {
  const item = list[random.below(list.length)];
  if (item === undefined) throw new RangeError('Cannot pick from an empty list');
  return item;
}

function shuffled<Item>(random: Random, list: readonly Item[]): Item[] {
  const order = [...list];
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = random.below(index + 1);
    [order[index], order[other]] = [order[other] as Item, order[index] as Item];
  }
  return order;
}

/** The tried seed whose pairs need the fewest rows. */
const seed = 13;

/** Returns the mutants, the same ones each time: pairs, then stops, then triples. */
export function createMutants(): Mutant[] {
  const random = createRandom(seed);
  const pairs = coverPairs(random);
  const rows = [...pairs, ...coverStops(random)];
  return [...rows, ...addTriples(pairs, mutantCount - rows.length, random)].map((row) =>
    Object.fromEntries(
      row.filter((value) => !isDefault(value)).map(({ switchName, name }) => [switchName, name]),
    ),
  );
}

/** Returns a mutant for each non-default value alone. */
export function singleMutants(): Mutant[] {
  return allValues
    .filter((value) => !isDefault(value))
    .map(({ switchName, name }) => ({ [switchName]: name }));
}

/** Returns what the message must contain if a mutant must stop an import; undefined if it must yield data. */
export function findExpectedStop(mutant: Mutant): string | undefined {
  for (const { name, stops } of factors) {
    const expected = stops.find((stop) => stop.name === mutant[name])?.expected;
    if (typeof expected === 'object') return expected.stop;
  }
  return undefined;
}

/**
 * Returns the pairs of values that no mutant combines, except pairs of two values that each stop an import. Two values
 * that yield data must be combined in a mutant that does not stop.
 */
export function uncoveredPairs(mutants: readonly Mutant[]): string[] {
  const covered = new Set<number>();
  for (const mutant of mutants) {
    const row = factors.flatMap(({ name, data, stops }) => {
      const given = mutant[name] ?? defaultSwitchValues[name];
      return [...data, ...stops].filter((value) => value.name === given);
    });
    const stop = row.find(({ expected }) => expected !== 'right-data');
    if (stop === undefined) for (const pair of listPairs(row)) covered.add(pair);
    else for (const other of row) covered.add(pairNumber(stop, other));
  }
  const uncovered: string[] = [];
  for (const one of allValues)
    for (const other of allValues) {
      if (one.number >= other.number || one.switchName === other.switchName) continue;
      const areBothStops = one.expected !== 'right-data' && other.expected !== 'right-data';
      if (areBothStops || covered.has(pairNumber(one, other))) continue;
      uncovered.push(`${one.switchName}=${one.name} with ${other.switchName}=${other.name}`);
    }
  return uncovered;
}

/** Chooses the mutants with the most values; one that stops an import exercises few of its other values. */
export function chooseMutants(mutants: readonly Mutant[], count: number): Mutant[] {
  const seen = new Set<string>();
  const formatValues = (mutant: Mutant) => Object.entries(mutant).map((pair) => pair.join('='));
  const countGain = (mutant: Mutant) => {
    const newValues = formatValues(mutant).filter((value) => !seen.has(value)).length;
    return findExpectedStop(mutant) === undefined ? newValues : Math.min(newValues, 4);
  };
  const left = [...mutants];
  return Array.from({ length: count }, () => {
    const gains = left.map(countGain);
    const [best = {}] = left.splice(gains.indexOf(Math.max(...gains)), 1);
    for (const value of formatValues(best)) seen.add(value);
    return best;
  });
}
