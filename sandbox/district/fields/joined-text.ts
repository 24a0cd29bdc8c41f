/** Texts joined from parts that may be missing. */
import type { Reader, Value } from '../columns.ts';

/** Joins the existing parts with a space or `separator`; null if there are none. */
export function joinParts(parts: readonly Value[], separator = ' '): string | null {
  const present = parts.filter((part) => part !== null && part !== '');
  return present.length === 0 ? null : present.join(separator);
}

/** Returns the first letter; null stays null. */
export function initial(value: Value): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 1) : null;
}

/** Formats `Last, First Middle` without missing parts. */
export function formatLastFirst(last: Value, rest: readonly Value[]): string | null {
  return joinParts([last, joinParts(rest)], ', ');
}

/** Formats ten digits as `(806) 555-0123`; other texts stay unchanged. */
export function formatPhone(value: Value): string | null {
  if (typeof value !== 'string') return null;
  const match = /^(\d{3})(\d{3})(\d{4})$/u.exec(value);
  return match === null ? value : `(${match[1]}) ${match[2]}-${match[3]}`;
}

/** Returns a reader of the first existing value. */
export function firstPresent(...readers: readonly Reader[]): Reader {
  return (row) => {
    for (const read of readers) {
      const value = read(row);
      if (value !== null) return value;
    }
    return null;
  };
}
