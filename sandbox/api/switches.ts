/** The switches of one sandbox as they stand: how it speaks where the public sources leave it open. */
import {
  contractSwitches,
  defaultSwitchValues,
  type SwitchName,
  type SwitchValues,
} from './contract-switches.ts';
import { isRecord } from './api-error.ts';

/** Can be turned while the sandbox runs; whoever speaks by a switch asks for its value each time. */
export class Switches {
  #values: SwitchValues;
  readonly #onChange: () => void;

  /** `turned` is called whenever values change, so that what was worked out before can be dropped. */
  constructor(values: Partial<SwitchValues>, onChange: () => void) {
    this.#values = { ...defaultSwitchValues, ...parseSwitchValues(values) };
    this.#onChange = onChange;
  }

  get values(): SwitchValues {
    return this.#values;
  }

  /** Sets the named switches and leaves the others. */
  set(values: Partial<SwitchValues>): void {
    this.#values = { ...this.#values, ...parseSwitchValues(values) };
    this.#onChange();
  }

  /** Sets every switch back to its default. */
  reset(): void {
    this.set(defaultSwitchValues);
  }
}

/**
 * Checks names and values of switches; throws a RangeError that lists what there is. The report of a probe is taken,
 * too: it holds them as its member `switches`, null where the probe could not tell.
 */
export function parseSwitchValues(input: unknown): Partial<SwitchValues> {
  const source =
    isRecord(input) && isRecord(input['switches']) ? withoutUnknown(input['switches']) : input;
  if (!isRecord(source)) throw new RangeError('Switches must be a JSON object of name and value.');
  for (const [name, value] of Object.entries(source)) {
    if (!isSwitchName(name)) {
      throw new RangeError(
        `There is no switch '${name}'. Known: ${Object.keys(contractSwitches).join(', ')}.`,
      );
    }
    const known = Object.keys(contractSwitches[name].values);
    if (typeof value !== 'string' || !known.includes(value)) {
      throw new RangeError(`The switch '${name}' has these values: ${known.join(', ')}.`);
    }
  }
  return source;
}

const withoutUnknown = (switches: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(switches).filter(([, value]) => value !== null));

/** Reads switches written as `name=value`. */
export function parseSwitchArguments(texts: readonly string[]): Partial<SwitchValues> {
  return parseSwitchValues(
    Object.fromEntries(
      texts.map((text) => {
        const equals = text.indexOf('=');
        if (equals === -1) throw new RangeError(`A switch is written name=value, not '${text}'.`);
        return [text.slice(0, equals), text.slice(equals + 1)];
      }),
    ),
  );
}

function isSwitchName(name: string): name is SwitchName {
  return Object.hasOwn(contractSwitches, name);
}
