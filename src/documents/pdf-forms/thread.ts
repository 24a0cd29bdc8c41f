/** Opens PDFs and pictures from outside in a thread with little time and memory, so that none of them harms the server. */
import { Worker } from 'node:worker_threads';

import type { PdfFormProblem, ReadPdfForm } from './file.ts';
import type { FilledPdfForm } from './filling.ts';
import type { PdfFieldSetting } from './values.ts';

/** What the thread is told at its start. */
export type PdfThreadOptions =
  | { readonly task: 'read'; readonly file: Uint8Array }
  | { readonly task: 'logo'; readonly file: Uint8Array }
  | {
      readonly task: 'fill';
      readonly file: Uint8Array;
      readonly settings: readonly PdfFieldSetting[];
    };

/** What the thread says at its end. */
export type PdfThreadResult =
  | { readonly read: ReadPdfForm }
  | { readonly filled: FilledPdfForm }
  | { readonly logo: { readonly problem: string | undefined } }
  | { readonly problem: PdfFormProblem };

/** How long a thread may take and how much memory it may hold. */
interface Limits {
  readonly seconds: number;
  readonly memoryMb: number;
}

const defaultLimits: Limits = { seconds: 15, memoryMb: 256 };

/** How often the memory is looked at that the limit of the heap does not count: unpacked bytes. */
const memoryCheckIntervalMs = 25;

/** Does one order. What the file does to the thread is told as `refused`, never thrown. */
export async function openPdfInThread(
  options: PdfThreadOptions,
  { seconds, memoryMb }: Limits = defaultLimits,
): Promise<PdfThreadResult> {
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: options,
    // Nothing of the server's settings is in there, and nothing it prints gets into the log.
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
    // A thread that has ended has no figures any more; that is told by its exit.
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
