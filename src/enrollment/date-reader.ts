/** Parses the SIS's dates into plain dates, each distinct date once. */

export interface DateReader {
  /**
   * Returns the date of `YYYY-MM-DD`, alone or followed by a time and zone, which are cut off without shifting the
   * date. Returns `undefined` for anything else, including dates that do not exist.
   */
  readonly plainDate: (text: string) => Temporal.PlainDate | undefined;
}

/** May follow the date: a time to the minute or finer, an offset or `Z`, a zone's name in brackets. */
const timePart =
  /^[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z| ?[+-]\d{2}(?::?\d{2})?)?(?:\[[\w/+-]+\])?$/i;
const dayPart = /^(?!0000)\d{4}-\d{2}-\d{2}$/;

/**
 * Creates a reader with a cache of at most `capacity` dates (a district has a few thousand distinct ones). A full
 * cache is emptied.
 */
export function createDateReader({ capacity = 20_000 }: { capacity?: number } = {}): DateReader {
  const known = new Map<string, Temporal.PlainDate>();

  function parse(day: string): Temporal.PlainDate | undefined {
    if (!dayPart.test(day)) return undefined;
    let date: Temporal.PlainDate;
    try {
      date = Temporal.PlainDate.from(day, { overflow: 'reject' });
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
    if (known.size >= capacity) known.clear();
    known.set(day, date);
    return date;
  }

  function plainDate(text: string): Temporal.PlainDate | undefined {
    if (text.length === 10) return known.get(text) ?? parse(text);
    if (!timePart.test(text.slice(10))) return undefined;
    const day = text.slice(0, 10);
    return known.get(day) ?? parse(day);
  }

  return { plainDate };
}
