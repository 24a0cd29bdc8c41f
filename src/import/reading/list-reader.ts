/** What reads lists for a night: this thread by itself, or another one (reading-thread.ts). */
import type { UnusableRow } from '../../roster/row-problem.ts';
import type { RosterList, RowCounts } from './roster-source.ts';
import { RowEncoder, RowMemory, type EncodedRows } from '../change-detection/row-encoding.ts';

/** A page, ready to be kept and folded. */
export interface EncodedPage {
  /** They hold until the next page is asked for. */
  readonly rows: EncodedRows;
  readonly unusable: readonly UnusableRow[];
  /** See `RosterPage`. */
  readonly unresolved: RowCounts;
}

export interface ListReader {
  /** Reads a list as its `pages` do; throws what these throw. */
  pages(list: RosterList, signal: AbortSignal): AsyncIterable<EncodedPage>;
}

/** Reads in this thread. */
export function createOwnReader(): ListReader {
  const memory = new RowMemory();
  return {
    async *pages(list, signal) {
      const encoder = new RowEncoder(list.table);
      for await (const { rows, ...about } of list.pages(signal))
        yield {
          rows: encoder.encode(rows, memory),
          unusable: about.unusable,
          unresolved: about.unresolved,
        };
    },
  };
}
