/**
 * A download waits here for its reader, so that nothing else does: neither a database connection nor a turn. A small
 * one stays in memory. The file of a larger one is private and is unlinked right after opening, so it disappears with
 * the process, however that ends.
 */
import { close, open, read, write } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { errorCode } from '../../database/database-error.ts';

// Descriptors instead of `FileHandle`: a garbage-collected FileHandle ends the process.
const [openFile, readFile, writeFile, closeFile] = [
  promisify(open),
  promisify(read),
  promisify(write),
  promisify(close),
];

export interface TemporaryFileOptions {
  /** Folder of the files (default: the system's, see `TMPDIR`). */
  readonly folder?: string | undefined;
  /** The largest file (default 512 MB). */
  readonly maxFileBytes?: number | undefined;
  /** All open files together (default 2 GB). */
  readonly maxBytes?: number | undefined;
  /** The files of one group, so that one district cannot use all the space (default half of `maxBytes`). */
  readonly maxGroupBytes?: number | undefined;
}

/** The folder is not writable, usually because its disk is full. */
export class TemporaryFileError extends Error {
  override readonly name = 'TemporaryFileError';

  constructor(folder: string, cause: unknown) {
    super(`A temporary file in ${folder} failed (${errorCode(cause) ?? 'unknown error'})`, {
      cause,
    });
  }
}

/** The file is too large, or there is no space for more at the moment. */
export class TemporaryFileTooLargeError extends Error {
  override readonly name = 'TemporaryFileTooLargeError';
  readonly limit: 'file' | 'group' | 'all';
  readonly maxBytes: number;

  constructor(limit: 'file' | 'group' | 'all', maxBytes: number) {
    super(`A temporary file has reached the limit (${limit})`);
    this.limit = limit;
    this.maxBytes = maxBytes;
  }
}

const megabyte = 1024 * 1024;
const pieceBytes = 64 * 1024;
const maxInMemory = 256 * 1024;

/** The temporary files of one process, with a limit on their total size. */
export class TemporaryFiles {
  readonly #options: TemporaryFileOptions;
  readonly maxFileBytes: number;
  readonly maxBytes: number;
  readonly maxGroupBytes: number;
  #bytes = 0;
  readonly #groups = new Map<string | number, number>();

  constructor(options: TemporaryFileOptions = {}) {
    this.#options = options;
    this.maxFileBytes = options.maxFileBytes ?? 512 * megabyte;
    this.maxBytes = options.maxBytes ?? 2048 * megabyte;
    this.maxGroupBytes = options.maxGroupBytes ?? this.maxBytes / 2;
  }

  /** The size of all open files. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Returns an empty file of this group; creates nothing on disk yet. */
  create(group: string | number): TemporaryFile {
    const folder = this.#options.folder ?? tmpdir();
    return new TemporaryFile(folder, (bytes, before) => this.#count(group, bytes, before));
  }

  #count(group: string | number, bytes: number, before: number): void {
    const ofGroup = (this.#groups.get(group) ?? 0) + bytes;
    if (bytes > 0 && before + bytes > this.maxFileBytes) {
      throw new TemporaryFileTooLargeError('file', this.maxFileBytes);
    }
    if (bytes > 0 && ofGroup > this.maxGroupBytes) {
      throw new TemporaryFileTooLargeError('group', this.maxGroupBytes);
    }
    if (bytes > 0 && this.#bytes + bytes > this.maxBytes) {
      throw new TemporaryFileTooLargeError('all', this.maxBytes);
    }
    this.#bytes += bytes;
    if (ofGroup === 0) this.#groups.delete(group);
    else this.#groups.set(group, ofGroup);
  }
}

/** One file: written to its end, then read from its beginning. */
export class TemporaryFile {
  readonly #folder: string;
  readonly #count: (bytes: number, before: number) => void;
  #inMemory: Uint8Array[] = [];
  #descriptor: number | undefined;
  #size = 0;
  #isClosed = false;
  #reading: Promise<{ readonly bytesRead: number }> | undefined;

  constructor(folder: string, count: (bytes: number, before: number) => void) {
    this.#folder = folder;
    this.#count = count;
  }

  get size(): number {
    return this.#size;
  }

  /** Appends. Throws `TemporaryFileError` and `TemporaryFileTooLargeError`. */
  async write(piece: Uint8Array | string): Promise<void> {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    this.#count(bytes.byteLength, this.#size);
    const position = this.#size;
    this.#size += bytes.byteLength;
    if (this.#size <= maxInMemory) {
      this.#inMemory.push(bytes);
      return;
    }
    try {
      this.#descriptor ??= await this.#open();
      const before = this.#inMemory;
      this.#inMemory = [];
      if (before.length > 0) await this.#writeAll(Buffer.concat(before), 0);
      await this.#writeAll(bytes, position);
    } catch (error) {
      throw new TemporaryFileError(this.#folder, error);
    }
  }

  /** Returns the content of a small file; undefined if it is on disk. */
  inMemory(): Uint8Array<ArrayBuffer> | undefined {
    return this.#descriptor === undefined ? Buffer.concat(this.#inMemory) : undefined;
  }

  /** Yields the content from disk, piece by piece as it is consumed. */
  async *pieces(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let position = 0; position < this.#size;) {
      const piece = new Uint8Array(Math.min(pieceBytes, this.#size - position));
      if (this.#descriptor === undefined || this.#isClosed) return;
      this.#reading = readFile(this.#descriptor, piece, 0, piece.length, position);
      const { bytesRead } = await this.#reading;
      if (bytesRead === 0) throw new TemporaryFileError(this.#folder, undefined);
      position += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  }

  /** Frees the space. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#inMemory = [];
    this.#count(-this.#size, 0);
    // The number of a closed descriptor can be reused immediately, so wait for a read in progress.
    await this.#reading?.catch(() => undefined);
    if (this.#descriptor !== undefined) await closeFile(this.#descriptor);
  }

  async #open(): Promise<number> {
    const own = await mkdtemp(join(this.#folder, 'daybreak-'));
    try {
      return await openFile(join(own, 'download'), 'wx+', 0o600);
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  }

  async #writeAll(bytes: Uint8Array, position: number): Promise<void> {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    for (let start = 0; start < bytes.byteLength;) {
      const length = bytes.byteLength - start;
      const { bytesWritten } = await writeFile(descriptor, bytes, start, length, position + start);
      start += bytesWritten;
    }
  }
}
