/**
 * Prints documents in a separate thread, as fast as the caller reads the file. This includes single documents, since the
 * layout of a very long word blocks its thread for seconds.
 */
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';

import { errorCode } from '../../database/database-error.ts';
import type { NamedDocument } from './zip.ts';

/** The thread's input. */
export interface PrintOptions {
  readonly as: 'pdf' | 'zip';
  readonly title: string;
  readonly districtName: string;
  /** Whether the PDF opens the print dialog. */
  readonly opensPrintDialog?: boolean;
  readonly letterhead:
    { readonly lines: readonly string[]; readonly logo: Uint8Array | null } | undefined;
}

/** Some documents; empty at the end. */
export type PrintPart = readonly Omit<NamedDocument, 'letterhead'>[];

/** Messages from the thread. */
export type PrintMessage =
  | { readonly kind: 'more' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end' };

/**
 * Far more than a thousand documents need; a print beyond it is terminated. A small young generation is collected more
 * often, which lowers memory by a third in the same time.
 */
const memoryLimits = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 8 } as const;

/** A print exceeds its time or memory limit, usually because its texts are far too long. */
export class PrintLimitError extends Error {
  override readonly name = 'PrintLimitError';

  constructor(limit: 'time' | 'memory', cause: unknown) {
    super(`A print was terminated: it takes too much ${limit}`, { cause });
  }
}

export interface PrintLimits {
  /** Time limit of the whole print. */
  readonly milliseconds: number;
  /** Ends the print when the caller no longer waits for it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Yields the file in chunks; throws `PrintLimitError`. `parts` is read only after the previous chunks were read.
 * Stopping the iteration ends the thread.
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
    throw new Error('The printing thread ended before its file was complete');
  } catch (error) {
    if (timeout.aborted) throw new PrintLimitError('time', error);
    if (errorCode(error) === 'ERR_WORKER_OUT_OF_MEMORY') throw new PrintLimitError('memory', error);
    throw error;
  } finally {
    await worker.terminate();
  }
}
