/** The current switches of a sandbox: its behavior where the public sources leave it open. */
import {
  contractSwitches,
  defaultSwitchValues,
  type SwitchName,
  type SwitchValues,
} from './contract-switches.ts';
import { isRecord } from './api-error.ts';

/** Current values of the switches, which can change while the sandbox runs. */
export class Switches {
  #values: SwitchValues;
  readonly #onChange: () => void;

  /** `onChange` is called whenever values change, to clear caches. */
  constructor(values: Partial<SwitchValues>, onChange: () => void) {
    this.#values = { ...defaultSwitchValues, ...parseSwitchValues(values) };
    this.#onChange = onChange;
  }

  get values(): SwitchValues {
    return this.#values;
  }

  /** Sets the named switches; the others stay unchanged. */
  set(values: Partial<SwitchValues>): void {
    this.#values = { ...this.#values, ...parseSwitchValues(values) };
    this.#onChange();
  }

  /** Resets every switch to its default. */
  reset(): void {
    this.set(defaultSwitchValues);
  }
}

/**
 * Validates names and values of switches; throws a RangeError that lists the valid ones. Also accepts the report of a
 * probe, which has them as its member `switches`, null if unknown.
 */
export function parseSwitchValues(input: unknown): Partial<SwitchValues> {
  const source =
    isRecord(input) && isRecord(input['switches']) ? withoutUnknown(input['switches']) : input;
  if (!isRecord(source)) throw new RangeError('Switches must be a JSON object of name and value.');
  for (const [name, value] of Object.entries(source)) {
    if (!isSwitchName(name)) {
      throw new RangeError(
        `Switch '${name}' does not exist. Known: ${Object.keys(contractSwitches).join(', ')}.`,
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

/** Parses switches written as `name=value`. */
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
