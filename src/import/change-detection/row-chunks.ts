/** Gathers the rows of lists into chunks, and bounds how many of these are being written. */
import { CopyText } from '../../database/copy-text.ts';
import type { EncodedRows } from './row-encoding.ts';

/** A chunk is full with this many bytes of text or rows. */
const chunkLength = 1024 * 1024;
const chunkRows = 16_384;

/** Chunks being written at the same time. */
const maxPending = 2;

/** Consecutive rows of one list. */
export interface RowChunk {
  /** The rows as COPY text. */
  readonly text: Buffer;
  /** Where each row ends in `text`. */
  readonly ends: Uint32Array;
  /** The ids in the id columns, row by row; NaN for no id. */
  readonly ids: Float64Array;
}

/** Takes the rows of one list. */
export interface RowSink {
  /** Adds the rows of a page. Their memory can be reused afterwards. */
  add(rows: Pick<EncodedRows, 'count' | 'text' | 'ends' | 'ids'>): void;
  /** Waits until few chunks are being written. Throws if writing has failed. */
  flush(): Promise<void>;
  /** Waits until all rows are written. */
  end(): Promise<void>;
}

/** Reusable memory of a chunk: allocating memory costs more than filling it. */
interface ChunkBuffers {
  readonly text: CopyText;
  readonly ends: Uint32Array;
  ids: Float64Array;
}

/** The chunks of all lists that are written to one place. */
export class RowChunks {
  readonly #pending = new Set<Promise<void>>();
  readonly #free: ChunkBuffers[] = [];
  #failure: { readonly error: unknown } | undefined;

  /** Starts a list with `width` ids per row. `write` is called in the order of the rows; a chunk is valid until it ends. */
  list(width: number, write: (chunk: RowChunk) => Promise<void>): RowSink {
    let chunk = this.#take(width);
    let rows = 0;
    const cut = () => {
      if (rows === 0) return;
      this.#write(chunk, { rows, width }, write);
      chunk = this.#take(width);
      rows = 0;
    };
    return {
      add: (page) => {
        for (let from = 0; from < page.count;) {
          if (rows === chunkRows) cut();
          const to = Math.min(page.count, from + chunkRows - rows);
          const start = from === 0 ? 0 : (page.ends[from - 1] ?? 0);
          const end = page.ends[to - 1] ?? start;
          if (chunk.text.length + end - start > chunkLength) cut();
          const shift = chunk.text.length - start;
          chunk.text.addEncoded(page.text, start, end);
          chunk.ids.set(page.ids.subarray(from * width, to * width), rows * width);
          for (; from < to; from++) chunk.ends[rows++] = (page.ends[from] ?? 0) + shift;
        }
      },
      flush: async () => this.settle(maxPending),
      end: async () => {
        cut();
        this.#free.push(chunk);
        await this.settle();
      },
    };
  }

  /** Waits until at most `max` chunks are being written. Throws if writing one has failed. */
  async settle(max = 0): Promise<void> {
    while (this.#pending.size > max) await Promise.race(this.#pending);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #take(width: number): ChunkBuffers {
    const chunk = this.#free.pop() ?? {
      text: new CopyText(chunkLength),
      ends: new Uint32Array(chunkRows),
      ids: new Float64Array(chunkRows * width),
    };
    chunk.text.clear();
    if (chunk.ids.length < chunkRows * width) chunk.ids = new Float64Array(chunkRows * width);
    return chunk;
  }

  #write(
    chunk: ChunkBuffers,
    { rows, width }: { rows: number; width: number },
    write: (chunk: RowChunk) => Promise<void>,
  ): void {
    const writing = write({
      text: chunk.text.written(),
      ends: chunk.ends.subarray(0, rows),
      ids: chunk.ids.subarray(0, rows * width),
    })
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#pending.delete(writing);
        this.#free.push(chunk);
      });
    this.#pending.add(writing);
  }
}
