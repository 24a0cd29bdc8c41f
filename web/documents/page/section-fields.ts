/** Which fields of a section are shown as copied from Details, and the source they share. Pure. */
import type { DocumentField } from '../../../src/contract/documents/documents.ts';
import { type FormField, isEmptyValue } from '../../../src/contract/documents/form-template.ts';
import { sourceLabel } from '../value-format.ts';

/** A field of a form with what the document has in it. */
export interface HeldField {
  readonly field: FormField;
  readonly held: DocumentField;
}

/** Returns the fields of a section with what the document has in them. */
export function toHeldFields(
  fields: readonly FormField[],
  held: ReadonlyMap<string, DocumentField>,
): readonly HeldField[] {
  return fields.map((field) => ({
    field,
    held: held.get(field.key) ?? { key: field.key, value: null, source: null, note: null },
  }));
}

const copiedKinds: readonly string[] = ['skyward', 'manual', 'district'];

/**
 * Whether a field is read-only until the section is edited: its value was copied, or Details have none. A required field
 * without a value is an input, since it must be filled in.
 */
export function isCopied({ field, held: { value, source, note } }: HeldField): boolean {
  if (!isEmptyValue(value)) return source !== null && copiedKinds.includes(source.kind);
  return note !== null && field.isRequired !== true;
}

/** Returns the source of most copied values of a section; undefined if there are none. */
export function sharedSource(fields: readonly HeldField[]): string | undefined {
  const labels = fields
    .filter(({ held }) => held.source !== null && held.source.kind !== 'typed')
    .map(({ held }) => sourceLabel(held));
  const counts = Map.groupBy(labels, (label) => label);
  return [...counts].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
}

/** Returns what to say below a value: its source if it is not the section's, or why it is empty. */
export function ownSource({ held }: HeldField, shared: string | undefined): string {
  const label = sourceLabel(held);
  return label === shared ? '' : label;
}
