/** Texts put together out of parts that may be missing. */
import type { Reader, Value } from '../columns.ts';

/** The parts that are there, with a blank (or `separator`) between them; null when none is. */
export function joinParts(parts: readonly Value[], separator = ' '): string | null {
  const present = parts.filter((part) => part !== null && part !== '');
  return present.length === 0 ? null : present.join(separator);
}

/** First letter; null stays null. */
export function initial(value: Value): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 1) : null;
}

/** `Last, First Middle`, with whatever part is missing left out. */
export function formatLastFirst(last: Value, rest: readonly Value[]): string | null {
  return joinParts([last, joinParts(rest)], ', ');
}

/** `(806) 555-0123` for ten digits, anything else as it is. */
export function formatPhone(value: Value): string | null {
  if (typeof value !== 'string') return null;
  const match = /^(\d{3})(\d{3})(\d{4})$/u.exec(value);
  return match === null ? value : `(${match[1]}) ${match[2]}-${match[3]}`;
}

/** A reader that takes the first value there is. */
export function firstPresent(...readers: readonly Reader[]): Reader {
  return (row) => {
    for (const read of readers) {
      const value = read(row);
      if (value !== null) return value;
    }
    return null;
  };
}
