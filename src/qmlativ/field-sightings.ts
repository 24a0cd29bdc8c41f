/** Which fields of an object came in the rows of one reading, over all its school years, and which held a value. */

/**
 * Servers may leave members without a value out, so a field that one row lacks says nothing. Looks only for
 * fields that were not found yet: after the first pages these are few.
 */
export class FieldSightings {
  /** Fields that stood in no row. */
  readonly absent: Set<string>;
  /** Fields that held a value in no row; the absent ones are among them. */
  readonly empty: Set<string>;
  #rowsSeen = false;

  constructor(fields: Iterable<string>) {
    this.absent = new Set(fields);
    this.empty = new Set(this.absent);
  }

  /** Whether any row came: without one nothing is told about any field. */
  get hasRows(): boolean {
    return this.#rowsSeen;
  }

  note(raw: readonly unknown[]): void {
    if (raw.length === 0) return;
    this.#rowsSeen = true;
    const rows = raw as readonly (Readonly<Record<string, unknown>> | null | undefined)[];
    for (const field of this.empty)
      if (rows.some((row) => row?.[field] !== undefined && row[field] !== null)) {
        this.empty.delete(field);
        this.absent.delete(field);
      }
    for (const field of this.absent)
      if (rows.some((row) => row?.[field] === null)) this.absent.delete(field);
  }

  /** A field that was refused is no longer asked for. */
  forget(field: string): void {
    this.absent.delete(field);
    this.empty.delete(field);
  }
}
