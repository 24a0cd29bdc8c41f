/** The places of a list sorted by key where a row can have been lost between two pages. Pure. */

/** Keys between two that were delivered, both left out; open at an end where a bound is missing. */
export interface KeyGap {
  readonly after: number | undefined;
  readonly before: number | undefined;
  /** The page before the gap had fewer rows than were asked for: rows found here were cut off it. */
  readonly isAfterShort?: boolean;
}

/** Gaps that go into one question: more would make conditions of a size that no public client sends. */
const gapsPerRequest = 50;

/**
 * Follows the keys of a list page by page. A row that moves to another page while the list is read has a key
 * before the first page, between the last key of a page and the first of the next, or after the last page.
 */
export class KeyGaps {
  readonly #gaps: KeyGap[] = [];
  #last: number | undefined;

  /** Takes the keys of the next page; false when they do not rise: a row is repeated or out of its order. */
  add(keys: readonly number[], isAfterShort = false): boolean {
    const [first] = keys;
    if (first !== undefined && first > (this.#last ?? 0) + 1)
      this.#gaps.push({ after: this.#last, before: first, ...(isAfterShort && { isAfterShort }) });
    for (const key of keys) {
      if (this.#last !== undefined && key <= this.#last) return false;
      this.#last = key;
    }
    return true;
  }

  /** All gaps, those before the first and after the last page included, as many together as one question takes. */
  *batches(): Generator<readonly KeyGap[]> {
    const gaps = [...this.#gaps, { after: this.#last, before: undefined }];
    for (let start = 0; start < gaps.length; start += gapsPerRequest)
      yield gaps.slice(start, start + gapsPerRequest);
  }
}

export const containsKey = ({ after, before }: KeyGap, key: number): boolean =>
  (after === undefined || key > after) && (before === undefined || key < before);

/** Whether a key lies in one of these gaps. */
export const isInGap = (gaps: readonly KeyGap[], key: number): boolean =>
  gaps.some((gap) => containsKey(gap, key));
