/**
 * The temporary file that holds an import's rows as COPY text until it is known which are needed, so that memory stays
 * constant. The file is private and is unlinked right after opening, so it disappears with the process.
 */
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../../database/database-error.ts';
import { ImportError } from '../import-error.ts';
import { RowChunks, type RowChunk, type RowSink } from './row-chunks.ts';

interface ChunkPosition {
  readonly position: number;
  readonly rows: number;
  readonly ids: number;
  readonly textLength: number;
}

/** The temporary file of one run. */
export class RowTempFile {
  readonly #file: FileHandle;
  readonly #folder: string;
  readonly #lists = new Map<string, readonly ChunkPosition[]>();
  readonly #chunks = new RowChunks();
  #size = 0;

  private constructor(file: FileHandle, folder: string) {
    this.#file = file;
    this.#folder = folder;
  }

  /** Creates the file in the folder for temporary files; `undefined` if that fails. */
  static async open(folder = tmpdir()): Promise<RowTempFile | undefined> {
    try {
      const privateFolder = await mkdtemp(join(folder, 'daybreak-'));
      let file: FileHandle | undefined;
      try {
        file = await open(join(privateFolder, 'rows'), 'wx+', 0o600);
      } finally {
        await rm(privateFolder, { recursive: true, force: true }).catch(async (error: unknown) => {
          await file?.close();
          throw error;
        });
      }
      return new RowTempFile(file, folder);
    } catch {
      return undefined;
    }
  }

  /** Starts a list with `width` ids per row. Without `end` the list does not exist. */
  list(name: string, width: number): RowSink {
    const positions: ChunkPosition[] = [];
    const sink = this.#chunks.list(width, async (chunk) => {
      const { text, ends, ids } = chunk;
      const position = this.#size;
      const parts = [ids, ends, text];
      for (const part of parts) this.#size += part.byteLength;
      positions.push({
        position,
        rows: ends.length,
        ids: ids.length,
        textLength: text.length,
      });
      await this.#writeParts(parts, position);
    });
    return {
      ...sink,
      end: async () => {
        await sink.end();
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
    await this.#chunks.settle().catch(() => undefined);
    await this.#file.close();
  }

  async #writeParts(parts: readonly NodeJS.ArrayBufferView[], position: number): Promise<void> {
    const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
    const { bytesWritten } = await this.#file.writev(parts, position).catch((error: unknown) => {
      throw this.#faultOf(error);
    });
    if (bytesWritten < length) throw this.#faultOf(undefined);
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

  #faultOf(error: unknown): ImportError {
    return new ImportError(
      'temporary-file-failed',
      `The temporary file in ${this.#folder} could not be used (${errorCode(error) ?? 'a part of it is missing'}).`,
      'Free some space there: an import needs about 300 MB for 100,000 students. Set the environment variable TMPDIR to use another folder. No data was changed.',
      error,
    );
  }
}
