/** Parameters of a district's statement that is built from parts. */

/** Collects values from `$2` on; `DistrictDatabase` adds the district as `$1`. */
export class Parameters {
  readonly values: unknown[] = [];

  /** Adds a value and returns its placeholder. */
  add(value: unknown): string {
    return `$${this.values.push(value) + 1}`;
  }
}
