/** Opens uploaded PDFs and images in a thread with limited time and memory, to protect the server. */
import { Worker } from 'node:worker_threads';

import type { PdfFormProblem, ReadPdfForm } from './file.ts';
import type { FilledPdfForm } from './filling.ts';
import type { PdfFieldSetting } from './values.ts';

/** The thread's input. */
export type PdfThreadOptions =
  | { readonly task: 'read'; readonly file: Uint8Array }
  | { readonly task: 'logo'; readonly file: Uint8Array }
  | {
      readonly task: 'fill';
      readonly file: Uint8Array;
      readonly settings: readonly PdfFieldSetting[];
    };

/** The thread's result. */
export type PdfThreadResult =
  | { readonly read: ReadPdfForm }
  | { readonly filled: FilledPdfForm }
  | { readonly logo: { readonly problem: string | undefined } }
  | { readonly problem: PdfFormProblem };

/** Time and memory limits of a thread. */
interface Limits {
  readonly seconds: number;
  readonly memoryMb: number;
}

const defaultLimits: Limits = { seconds: 15, memoryMb: 256 };

/** Interval for checking memory outside the heap limit, such as unpacked bytes. */
const memoryCheckIntervalMs = 25;

/** Runs one task. A crash caused by the file is returned as a rejection, never thrown. */
export async function openPdfInThread(
  options: PdfThreadOptions,
  { seconds, memoryMb }: Limits = defaultLimits,
): Promise<PdfThreadResult> {
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: options,
    // The thread gets none of the server's settings, and its output does not reach the log.
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, stackSizeMb: 4 },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  const { promise, resolve } = Promise.withResolvers<PdfThreadResult>();
  const fail = (problem: PdfFormProblem) => resolve({ problem });
  worker.once('message', (result: PdfThreadResult) => resolve(result));
  worker.once('error', (error: Error & { readonly code?: string }) =>
    fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'too-large' : 'broken'),
  );
  worker.once('exit', () => fail('broken'));
  const timer = setTimeout(() => fail('too-slow'), seconds * 1000);
  const memoryCheck = setInterval(() => void checkMemory(), memoryCheckIntervalMs);
  const checkMemory = async (): Promise<void> => {
    // An exited thread has no statistics; its exit is handled below.
    const statistics = await worker.getHeapStatistics().catch(() => undefined);
    if ((statistics?.external_memory ?? 0) > memoryMb * 1024 * 1024) fail('too-large');
  };
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    clearInterval(memoryCheck);
    await worker.terminate();
  }
}
