/**
 * The temporary file that holds an import's rows as COPY text until it is known which are needed, so that memory stays
 * constant. The file is private and is unlinked right after opening, so it disappears with the process.
 */
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CopyText } from '../../database/copy-text.ts';
import { errorCode } from '../../database/database-error.ts';
import { ImportError } from '../import-error.ts';
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

/** Writes one list. Without `end` the list does not exist. */
interface TempFileList {
  /** Adds the rows of a page. Their memory can be reused afterwards. */
  add(rows: Pick<EncodedRows, 'count' | 'text' | 'ends' | 'ids'>): void;
  flush(): Promise<void>;
  end(): Promise<void>;
}

interface ChunkPosition {
  readonly position: number;
  readonly rows: number;
  readonly ids: number;
  readonly textLength: number;
}

/** Reusable memory of a chunk: allocating memory costs more than filling it. */
interface ChunkBuffers {
  readonly text: CopyText;
  readonly ends: Uint32Array;
  ids: Float64Array;
}

/** The temporary file of one run. */
export class RowTempFile {
  readonly #file: FileHandle;
  readonly #folder: string;
  readonly #lists = new Map<string, readonly ChunkPosition[]>();
  readonly #pending = new Set<Promise<void>>();
  readonly #free: ChunkBuffers[] = [];
  #size = 0;
  #failure: { readonly error: unknown } | undefined;

  private constructor(file: FileHandle, folder: string) {
    this.#file = file;
    this.#folder = folder;
  }

  /** Creates the file in the folder for temporary files; `undefined` if that fails. */
  static async open(folder = tmpdir()): Promise<RowTempFile | undefined> {
    try {
      const privateFolder = await mkdtemp(join(folder, 'daybreak-'));
      try {
        return new RowTempFile(await open(join(privateFolder, 'rows'), 'wx+', 0o600), folder);
      } finally {
        await rm(privateFolder, { recursive: true, force: true });
      }
    } catch {
      return undefined;
    }
  }

  /** Starts a list with `width` ids per row. Several lists can be written concurrently. */
  list(name: string, width: number): TempFileList {
    const positions: ChunkPosition[] = [];
    let chunk = this.#chunk(width);
    let rows = 0;
    const cut = () => {
      if (rows === 0) return;
      const textLength = chunk.text.length;
      positions.push({ position: this.#size, rows, ids: rows * width, textLength });
      this.#write(chunk, rows, rows * width);
      chunk = this.#chunk(width);
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
      flush: async () => this.#settle(maxPending),
      end: async () => {
        cut();
        await this.#settle(0);
        this.#lists.set(name, positions);
      },
    };
  }

  /**
   * Returns the rows of a list in order, in chunks. A chunk is valid until the next one is requested, which is already
   * being read into other memory.
   */
  async *chunks(name: string): AsyncGenerator<RowChunk, void, undefined> {
    const positions = this.#lists.get(name) ?? [];
    const max = (of: (chunkPosition: ChunkPosition) => number) => Math.max(0, ...positions.map(of));
    const [even, odd] = [0, 1].map(() => ({
      ids: new Float64Array(max((chunkPosition) => chunkPosition.ids)),
      ends: new Uint32Array(max((chunkPosition) => chunkPosition.rows)),
      text: Buffer.allocUnsafeSlow(max((chunkPosition) => chunkPosition.textLength)),
    }));
    const read = (index: number) => {
      const chunkPosition = positions[index];
      const memory = index % 2 === 0 ? even : odd;
      if (chunkPosition === undefined || memory === undefined) return undefined;
      const reading = this.#read(chunkPosition, memory);
      // Awaited later, or never if the caller stops.
      reading.catch(() => undefined);
      return reading;
    };
    let next = read(0);
    for (let index = 0; next !== undefined; index++) {
      const chunk = await next;
      next = read(index + 1);
      yield chunk;
    }
  }

  async close(): Promise<void> {
    await this.#settle(0).catch(() => undefined);
    await this.#file.close();
  }

  #chunk(width: number): ChunkBuffers {
    const chunk = this.#free.pop() ?? {
      text: new CopyText(chunkLength),
      ends: new Uint32Array(chunkRows),
      ids: new Float64Array(chunkRows * width),
    };
    chunk.text.clear();
    if (chunk.ids.length < chunkRows * width) chunk.ids = new Float64Array(chunkRows * width);
    return chunk;
  }

  #write(chunk: ChunkBuffers, rows: number, ids: number): void {
    const parts = [chunk.ids.subarray(0, ids), chunk.ends.subarray(0, rows), chunk.text.written()];
    const writing = this.#writeParts(parts, this.#size)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#pending.delete(writing);
        this.#free.push(chunk);
      });
    this.#pending.add(writing);
    for (const part of parts) this.#size += part.byteLength;
  }

  async #writeParts(parts: readonly NodeJS.ArrayBufferView[], position: number): Promise<void> {
    const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
    const { bytesWritten } = await this.#file.writev(parts, position);
    if (bytesWritten < length) throw new Error('The rows were written only partially');
  }

  async #read(chunkPosition: ChunkPosition, memory: RowChunk): Promise<RowChunk> {
    const chunk = {
      ids: memory.ids.subarray(0, chunkPosition.ids),
      ends: memory.ends.subarray(0, chunkPosition.rows),
      text: memory.text.subarray(0, chunkPosition.textLength),
    };
    const parts = [chunk.ids, chunk.ends, chunk.text];
    const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
    const { bytesRead } = await this.#file
      .readv(parts, chunkPosition.position)
      .catch((error: unknown) => {
        throw this.#faultOf(error);
      });
    if (bytesRead < length) throw this.#faultOf(undefined);
    return chunk;
  }

  /** Waits until at most `max` writes are in progress. Throws if one has failed. */
  async #settle(max: number): Promise<void> {
    while (this.#pending.size > max) await Promise.race(this.#pending);
    if (this.#failure !== undefined) throw this.#faultOf(this.#failure.error);
  }

  #faultOf(error: unknown): ImportError {
    return new ImportError(
      'scratch-file-failed',
      `The temporary file in ${this.#folder} could not be used (${errorCode(error) ?? 'a part of it is missing'}).`,
      'Free some space there: an import needs about 300 MB for 100,000 students. Set the environment variable TMPDIR to use another folder. No data was changed.',
      error,
    );
  }
}
