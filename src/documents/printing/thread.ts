/**
 * Prints documents in a thread of its own, as fast as the caller takes the file and no faster. Also a single one: a
 * text of one endless word keeps the thread that lays it out busy for seconds, and nobody else may wait for that.
 */
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';

import { errorCode } from '../../database/database-error.ts';
import type { NamedDocument } from './zip.ts';

/** What the thread is told at its start. */
export interface PrintOptions {
  readonly as: 'pdf' | 'zip';
  readonly title: string;
  readonly districtName: string;
  readonly letterhead:
    { readonly lines: readonly string[]; readonly logo: Uint8Array | null } | undefined;
}

/** Some documents; none: that was all. */
export type PrintPart = readonly Omit<NamedDocument, 'letterhead'>[];

/** What the thread says. */
export type PrintMessage =
  | { readonly kind: 'more' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end' };

/**
 * Far more than a thousand documents take; what needs more is ended, and the server goes on. Little room for
 * what is new: it is cleared more often, and memory stays lower by a third for the same time.
 */
const memoryLimits = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 8 } as const;

/** What is printed takes more time or memory than a print may, mostly because its texts are far too long. */
export class PrintLimitError extends Error {
  override readonly name = 'PrintLimitError';

  constructor(limit: 'time' | 'memory', cause: unknown) {
    super(`A print was given up: it takes too much ${limit}`, { cause });
  }
}

export interface PrintLimits {
  /** How long the whole print may take. */
  readonly milliseconds: number;
  /** Ends the print when nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The file, a piece at a time; throws `PrintLimitError`. `parts` gives the documents, and is asked only when the pieces before were taken.
 * Whoever stops reading ends the thread.
 */
export async function* printInThread(
  options: PrintOptions,
  parts: Iterator<PrintPart> | AsyncIterator<PrintPart>,
  { milliseconds, signal }: PrintLimits,
): AsyncGenerator<Uint8Array> {
  const timeout = AbortSignal.timeout(milliseconds);
  const end = AbortSignal.any([timeout, ...(signal ? [signal] : [])]);
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: options,
    resourceLimits: memoryLimits,
  });
  try {
    for await (const [message] of on(worker, 'message', { close: ['exit'], signal: end })) {
      const said = message as PrintMessage;
      if (said.kind === 'end') return;
      if (said.kind === 'bytes') {
        yield said.bytes;
        continue;
      }
      const { value, done } = await parts.next();
      worker.postMessage(done === true ? [] : value, []);
    }
    throw new Error('The thread that prints ended before its file did');
  } catch (error) {
    if (timeout.aborted) throw new PrintLimitError('time', error);
    if (errorCode(error) === 'ERR_WORKER_OUT_OF_MEMORY') throw new PrintLimitError('memory', error);
    throw error;
  } finally {
    await worker.terminate();
  }
}
