/** Text as it is kept: without surrounding space, and nothing rather than an empty string. */
import type { CodeLabel } from './qmlativ-objects.ts';

/** The text without space around it and with Unicode composed; null when nothing is left. */
export function tidyText(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  const tidy = text.trim().normalize('NFC');
  return tidy === '' ? null : tidy;
}

/** The long text of a code, else the code itself; null for no or an unknown code. */
export function labelOf(
  labels: ReadonlyMap<number, CodeLabel>,
  id: number | null | undefined,
): string | null {
  if (id === null || id === undefined) return null;
  const label = labels.get(id);
  return label?.description ?? label?.code ?? null;
}
