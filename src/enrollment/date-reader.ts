/** Reads the dates of the SIS as plain days, each distinct day parsed once. */

export interface DateReader {
  /**
   * The day of a text: `YYYY-MM-DD`, alone or with a time part and zone, which are cut off and never
   * shifted. `undefined` for anything else, a day that does not exist included.
   */
  readonly plainDate: (text: string) => Temporal.PlainDate | undefined;
}

/** What may follow the day: a time to the minute or finer, an offset or `Z`, a zone's name in brackets. */
const timePart =
  /^[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z| ?[+-]\d{2}(?::?\d{2})?)?(?:\[[\w/+-]+\])?$/i;
const dayPart = /^(?!0000)\d{4}-\d{2}-\d{2}$/;

/**
 * A reader with its own memory of at most `capacity` days (a school's dates number a few thousand);
 * when that is full it forgets all of them and starts again.
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
