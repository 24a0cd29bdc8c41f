/**
 * Looks up ids in code tables. A dangling id makes a value unknown, not empty.
 *
 * This folder converts Skyward's rows to staged rows. Pure.
 */

/** A code and its long text. */
export interface CodeLabel {
  readonly code: string | null;
  readonly description: string | null;
}

/**
 * Returns the description of a code, else the code itself; null for no code. Undefined for a dangling id, which is
 * different from no code.
 */
export function findLabel(
  labels: ReadonlyMap<number, CodeLabel>,
  id: number | null | undefined,
): string | null | undefined {
  if (id === null || id === undefined) return null;
  const label = labels.get(id);
  return label === undefined ? undefined : (label.description ?? label.code);
}

/** Returns the value of the staged column `unresolved`: the fields with dangling ids; null if there are none. */
export function unresolvedFields(...fields: readonly (string | false)[]): string | null {
  let named: string | null = null;
  for (const field of fields)
    if (field !== false) named = named === null ? field : `${named},${field}`;
  return named;
}
