/** Which fields of an object came in the rows of one reading, over all its school years, and which held a value. */

import { isPlaceholderDay } from '../../enrollment/plausible-day.ts';
import type { QmlativField, QmlativFields } from '../objects/qmlativ-object.ts';

/**
 * Servers may leave members without a value out, so a field that one row lacks says nothing. Looks only for
 * fields that were not found yet: after the first pages these are few.
 */
export class FieldPresence {
  /** Fields that stood in no row. */
  readonly absent: Set<string>;
  /** Fields that held a value in no row; the absent ones are among them. */
  readonly empty: Set<string>;
  readonly #fields: QmlativFields;
  #rowsSeen = false;

  /** `asked` names those of the object's fields that rows are asked for. */
  constructor(fields: QmlativFields, requested: Iterable<string>) {
    this.#fields = fields;
    this.absent = new Set(requested);
    this.empty = new Set(this.absent);
  }

  /** Whether any row came: without one nothing is told about any field. */
  get hasRows(): boolean {
    return this.#rowsSeen;
  }

  add(raw: readonly unknown[]): void {
    if (raw.length === 0) return;
    this.#rowsSeen = true;
    const rows = raw as readonly (Readonly<Record<string, unknown>> | null | undefined)[];
    for (const field of this.empty) {
      const kind = this.#fields[field];
      if (kind !== undefined && rows.some((row) => holdsValue(kind, row?.[field]))) {
        this.empty.delete(field);
        this.absent.delete(field);
      }
    }
    for (const field of this.absent)
      if (rows.some((row) => row?.[field] !== undefined)) this.absent.delete(field);
  }

  /** A field that was refused is no longer asked for. */
  remove(field: string): void {
    this.absent.delete(field);
    this.empty.delete(field);
  }
}

/** What only stands for no value is none: an empty text, zero as an id, a day that nobody can mean. */
function holdsValue(field: QmlativField<unknown>, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  const read = field.read(value);
  if (read === '') return false;
  // A doubtful date that cannot be read is null, though something stands there.
  if (read === null) return field.kind === 'date' && !isBlank(value);
  return field.kind !== 'date' || typeof read !== 'string' || !isPlaceholderDay(read);
}

const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';
