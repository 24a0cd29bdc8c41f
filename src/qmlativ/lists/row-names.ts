/** Renames members of rows to the names that were requested, ignoring case. */

/**
 * Servers ignore the case of names and may respond with another case. If the first page has the requested names, later
 * pages are not checked.
 */
export class RowNames {
  /** Fields not seen yet, by lower-case name. */
  readonly #unmet: Map<string, string>;
  /** Names in rows and the fields they stand for. */
  readonly #renamed = new Map<string, string>();

  constructor(fields: Iterable<string>) {
    this.#unmet = new Map([...fields].map((field) => [field.toLowerCase(), field]));
  }

  /** Returns the rows with requested names; unchanged if they have them already. */
  align(rows: readonly unknown[]): readonly unknown[] {
    if (this.#unmet.size > 0) this.#learn(rows);
    return this.#renamed.size === 0 ? rows : rows.map((row) => this.#rename(row));
  }

  #learn(rows: readonly unknown[]): void {
    if (rows.length === 0) return;
    for (const [lower, field] of this.#unmet)
      if (rows.some((row) => isRecord(row) && Object.hasOwn(row, field))) this.#unmet.delete(lower);
    if (this.#unmet.size === 0) return;
    for (const row of rows.filter(isRecord))
      for (const name of Object.keys(row)) {
        const lower = name.toLowerCase();
        const field = this.#unmet.get(lower);
        if (field === undefined) continue;
        this.#renamed.set(name, field);
        this.#unmet.delete(lower);
      }
    if (this.#renamed.size === 0) this.#unmet.clear();
  }

  #rename(row: unknown): unknown {
    if (!isRecord(row)) return row;
    const renamed = { ...row };
    for (const [name, field] of this.#renamed)
      if (Object.hasOwn(row, name) && !Object.hasOwn(row, field)) renamed[field] = row[name];
    return renamed;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
