/** Text as it is kept: without surrounding space, and nothing rather than an empty string. */
import type { CodeLabel } from './qmlativ-objects.ts';

/** The text without space around it and with Unicode composed; null when nothing is left. */
export function tidyText(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  if (isTidy(text)) return text;
  const tidy = text.trim().normalize('NFC');
  return tidy === '' ? null : tidy;
}

/** Plain ASCII that neither begins nor ends with a space or a control character; most text is, and is kept as it stands. */
function isTidy(text: string): boolean {
  if (!(text.charCodeAt(0) > 32 && text.charCodeAt(text.length - 1) > 32)) return false;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 126) return false;
  return true;
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
