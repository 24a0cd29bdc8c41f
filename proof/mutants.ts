/**
 * Two hundred sandboxes that each speak in another mix of the forms that the API notes leave open. Every pair of
 * values that an import must get over stands in one of the first mutants together; each value that must stop an
 * import stands beside every other value; the rest are filled with as many new triples as fit. Two values that each
 * stop an import never meet, since a message can name only one.
 */
import {
  contractSwitches,
  defaultSwitchValues,
  type ExpectedOutcome,
  type SwitchName,
  type SwitchValues,
} from '../sandbox/api/contract-switches.ts';
import { createRandom, type Random } from '../sandbox/random.ts';

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

/** The values of one switch by what an import has to make of them; the default is the first that brings data. */
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
 * Switches that show nothing until another has certain values: an expired token is refused only where tokens expire.
 * A pair with a value that sleeps is not counted, but for the pair with what puts it to sleep.
 */
const wakers: Partial<Record<SwitchName, { readonly by: SwitchName; readonly values: RegExp }>> = {
  'expired-token-response': { by: 'token-lifetime', values: /^twenty/ },
  'live-tokens': { by: 'token-lifetime', values: /^twenty/ },
  'past-the-end': { by: 'next-form', values: /^none$/ },
  'last-next': { by: 'next-form', values: /^(?!none$)/ },
  'basic-pair': { by: 'token-form', values: /basic$/ },
};

const placeOf = new Map(factors.map(({ name }, place) => [name, place]));

function isDefault({ switchName, name }: Value): boolean {
  return defaultSwitchValues[switchName] === name;
}

/** Whether a value shows in a row; while what wakes it is still open, it does. */
function isAwake(value: Value, row: readonly (Value | undefined)[]): boolean {
  const waker = wakers[value.switchName];
  if (waker === undefined || isDefault(value)) return true;
  const by = row[placeOf.get(waker.by) ?? 0];
  return by === undefined || waker.values.test(by.name);
}

/** Two values of which one wakes the other, or which the same switch wakes, may have to meet asleep. */
function arePaired(one: Value, other: Value, row: readonly (Value | undefined)[]): boolean {
  const by = (value: Value) => wakers[value.switchName]?.by;
  const isBound =
    by(one) === other.switchName ||
    by(other) === one.switchName ||
    (by(one) !== undefined && by(one) === by(other));
  return isBound || (isAwake(one, row) && isAwake(other, row));
}

const pairNumber = (one: Value, other: Value) =>
  one.number < other.number
    ? one.number * valueCount + other.number
    : other.number * valueCount + one.number;

/** Every pair of values that bring data. */
function everyDataPair(): Set<number> {
  const pairs = new Set<number>();
  for (const [place, { data }] of factors.entries())
    for (const other of factors.slice(place + 1))
      for (const one of data) for (const two of other.data) pairs.add(pairNumber(one, two));
  return pairs;
}

function* pairsOf(row: Row): Generator<number> {
  for (const [place, one] of row.entries())
    for (const other of row.slice(place + 1))
      if (arePaired(one, other, row)) yield pairNumber(one, other);
}

/** A row that begins with a pair and takes at each place the value that pairs anew with most of those before it. */
function growRow(uncovered: ReadonlySet<number>, random: Random): Row {
  const row: (Value | undefined)[] = factors.map(() => undefined);
  const put = (value: Value): void => {
    row[placeOf.get(value.switchName) ?? 0] = value;
  };
  const wake = (value: Value): void => {
    const waker = wakers[value.switchName];
    if (waker === undefined || isDefault(value)) return;
    const place = placeOf.get(waker.by) ?? 0;
    if (row[place] !== undefined) return;
    put(
      pick(
        random,
        factors[place]?.data.filter(({ name }) => waker.values.test(name)),
      ),
    );
  };
  const first = uncovered.size === 0 ? undefined : pick(random, [...uncovered]);
  const numbers = first === undefined ? [] : [Math.floor(first / valueCount), first % valueCount];
  const started = numbers.map((number) => allValues[number]).filter((value) => value !== undefined);
  started.forEach(put);
  started.forEach(wake);
  for (const factor of shuffled(random, factors)) {
    if (row[placeOf.get(factor.name) ?? 0] !== undefined) continue;
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
      factor.data.filter((_, place) => gains[place] === most),
    );
    put(value);
    wake(value);
  }
  return row.filter((value) => value !== undefined);
}

/** Rows of values that bring data, until every pair of them stands in one. */
function coverPairs(random: Random): Row[] {
  const uncovered = everyDataPair();
  const rows: Row[] = [];
  const gainOf = (row: Row) =>
    pairsOf(row).reduce((gain, pair) => gain + Number(uncovered.has(pair)), 0);
  while (uncovered.size > 0) {
    const candidates = Array.from({ length: 6 }, () => growRow(uncovered, random));
    const best = candidates.reduce((one, other) => (gainOf(other) > gainOf(one) ? other : one));
    for (const pair of pairsOf(best)) uncovered.delete(pair);
    rows.push(best);
  }
  return rows;
}

/** For each value that stops an import, as few rows as put it beside every other value. */
function coverStops(random: Random): Row[] {
  const needed = Math.max(...factors.map(({ data }) => data.length));
  return factors.flatMap((factor) =>
    factor.stops.flatMap((stop) => {
      const columns = factors.map(({ data }) => shuffled(random, data));
      return Array.from({ length: needed }, (_, index) =>
        factors.map((other, place): Value => {
          const column = columns[place] ?? [];
          return other === factor ? stop : (column[index % column.length] ?? stop);
        }),
      );
    }),
  );
}

const noPairs: ReadonlySet<number> = new Set();

/** So many rows of values that bring data, each with as many triples as can be had that stand in no row before. */
function addTriples(before: readonly Row[], wanted: number, random: Random): Row[] {
  const seen = new Uint8Array(valueCount ** 3);
  const count = (row: Row, note: boolean): number => {
    let gain = 0;
    for (let a = 0; a < row.length; a += 1)
      for (let b = a + 1; b < row.length; b += 1)
        for (let c = b + 1; c < row.length; c += 1) {
          const [one, two, three] = [row[a], row[b], row[c]];
          if (one === undefined || two === undefined || three === undefined) continue;
          const number = (one.number * valueCount + two.number) * valueCount + three.number;
          gain += 1 - (seen[number] ?? 0);
          if (note) seen[number] = 1;
        }
    return gain;
  };
  for (const row of before) count(row, true);
  return Array.from({ length: wanted }, () => {
    const candidates = Array.from({ length: 20 }, () => growRow(noPairs, random));
    const gains = candidates.map((row) => count(row, false));
    const best = candidates[gains.indexOf(Math.max(...gains))] ?? [];
    count(best, true);
    return best;
  });
}

function pick<Item>(random: Random, list: readonly Item[] = []): Item {
  const item = list[random.below(list.length)];
  if (item === undefined) throw new RangeError('There is nothing to pick from');
  return item;
}

function shuffled<Item>(random: Random, list: readonly Item[]): Item[] {
  const order = [...list];
  for (let place = order.length - 1; place > 0; place -= 1) {
    const other = random.below(place + 1);
    [order[place], order[other]] = [order[other] as Item, order[place] as Item];
  }
  return order;
}

/** Of the seeds tried, the one whose pairs need the fewest rows. */
const seed = 13;

/** The mutants, always the same ones: pairs, then stops, then triples. */
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

/** Each value off its default, alone. */
export function singleMutants(): Mutant[] {
  return allValues
    .filter((value) => !isDefault(value))
    .map(({ switchName, name }) => ({ [switchName]: name }));
}

/** The value that must stop an import from a mutant, and what its message must hold; undefined: it must bring data. */
export function stopOf(mutant: Mutant): string | undefined {
  for (const { name, stops } of factors) {
    const expected = stops.find((stop) => stop.name === mutant[name])?.expected;
    if (typeof expected === 'object') return expected.stop;
  }
  return undefined;
}

/**
 * Pairs of values that no mutant shows together: none but those of two values that each stop an import. Two that bring
 * data have to meet where nothing stops the import.
 */
export function uncoveredPairs(mutants: readonly Mutant[]): string[] {
  const covered = new Set<number>();
  for (const mutant of mutants) {
    const row = factors.flatMap(({ name, data, stops }) => {
      const given = mutant[name] ?? defaultSwitchValues[name];
      return [...data, ...stops].filter((value) => value.name === given);
    });
    const stop = row.find(({ expected }) => expected !== 'right-data');
    if (stop === undefined) for (const pair of pairsOf(row)) covered.add(pair);
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

/** Of so many mutants, those that hold most values; one that stops shows little of its other values. */
export function chooseMutants(mutants: readonly Mutant[], wanted: number): Mutant[] {
  const seen = new Set<string>();
  const valuesOf = (mutant: Mutant) => Object.entries(mutant).map((pair) => pair.join('='));
  const gainOf = (mutant: Mutant) => {
    const fresh = valuesOf(mutant).filter((value) => !seen.has(value)).length;
    return stopOf(mutant) === undefined ? fresh : Math.min(fresh, 4);
  };
  const left = [...mutants];
  return Array.from({ length: wanted }, () => {
    const gains = left.map(gainOf);
    const [best = {}] = left.splice(gains.indexOf(Math.max(...gains)), 1);
    for (const value of valuesOf(best)) seen.add(value);
    return best;
  });
}
