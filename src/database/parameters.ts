/** Parameters of a statement of a district that is put together from parts. */

/** Collects values; `$1` is the district, which `DistrictDatabase` gives. */
export class Parameters {
  readonly values: unknown[] = [];

  /** Adds a value and returns its placeholder. */
  add(value: unknown): string {
    return `$${this.values.push(value) + 1}`;
  }
}
