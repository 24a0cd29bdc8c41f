/** Parameters of a statement that is put together from parts. */

/** Collects values; `$1` is the district. */
export class Parameters {
  readonly values: unknown[];

  constructor(districtId: number) {
    this.values = [districtId];
  }

  /** Adds a value and returns its placeholder. */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
