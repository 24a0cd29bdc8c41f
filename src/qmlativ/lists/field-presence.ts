/** Tracks which fields of an object were present in its rows, and which had a value, over all school years. */

import { isPlaceholderDay } from '../../enrollment/plausible-day.ts';
import type { QmlativField, QmlativFields } from '../objects/qmlativ-object.ts';

/**
 * Servers may omit members without a value, so all rows have to be checked. Only fields not found yet are checked:
 * after the first pages these are few.
 */
export class FieldPresence {
  /** Fields absent from all rows. */
  readonly absent: Set<string>;
  /** Fields without a value in any row, including absent ones. */
  readonly empty: Set<string>;
  readonly #fields: QmlativFields;
  #rowsSeen = false;

  /** `asked` names those of the object's fields that rows are asked for. */
  constructor(fields: QmlativFields, requested: Iterable<string>) {
    this.#fields = fields;
    this.absent = new Set(requested);
    this.empty = new Set(this.absent);
  }

  /** Whether there were any rows; without rows nothing is known about the fields. */
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

  /** Removes a rejected field, which is no longer requested. */
  remove(field: string): void {
    this.absent.delete(field);
    this.empty.delete(field);
  }
}

/** Returns whether a value is not a placeholder (empty text, zero as an id, an impossible date). */
function holdsValue(field: QmlativField<unknown>, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  const read = field.read(value);
  if (read === '') return false;
  // An unreadable date is read as null, but it is a value.
  if (read === null) return field.kind === 'date' && !isBlank(value);
  return field.kind !== 'date' || typeof read !== 'string' || !isPlaceholderDay(read);
}

const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';
