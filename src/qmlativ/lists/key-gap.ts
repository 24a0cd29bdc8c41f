/** Finds the key gaps between the pages of a sorted list, where a row may have been missed. Pure. */

/** The keys between two received keys, exclusive; unbounded where a bound is undefined. */
export interface KeyGap {
  readonly after: number | undefined;
  readonly before: number | undefined;
  /** Whether the page before the gap had fewer rows than requested; rows in the gap were cut off it. */
  readonly isAfterShort?: boolean;
}

/** Gaps per request: more would make larger conditions than any public client sends. */
const gapsPerRequest = 50;

/**
 * Collects the gaps of a list page by page. A row that moves to another page while the list is read has a key before
 * the first page, between two pages, or after the last page.
 */
export class KeyGaps {
  readonly #gaps: KeyGap[] = [];
  #last: number | undefined;

  /** Adds the keys of the next page. Returns false if they are not ascending. */
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

  /** Returns all gaps, including those before the first and after the last page, in batches for one request. */
  *batches(): Generator<readonly KeyGap[]> {
    const gaps = [...this.#gaps, { after: this.#last, before: undefined }];
    for (let start = 0; start < gaps.length; start += gapsPerRequest)
      yield gaps.slice(start, start + gapsPerRequest);
  }
}

export const containsKey = ({ after, before }: KeyGap, key: number): boolean =>
  (after === undefined || key > after) && (before === undefined || key < before);

/** Returns whether a key is in one of the gaps. */
export const isInGap = (gaps: readonly KeyGap[], key: number): boolean =>
  gaps.some((gap) => containsKey(gap, key));
