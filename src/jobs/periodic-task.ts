/** Something that is looked after again and again while a process runs. */
import type { Logger } from 'pino';

export interface PeriodicTask {
  /** For the log: what could not be done. */
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
}

/** Goes at once and then again and again, never twice at a time, until the signal. A round that fails is followed by the next. */
export function startPeriodicTask(
  { name, everyMs, run }: PeriodicTask,
  log: Logger,
  signal: AbortSignal,
): void {
  let isRunning = false;
  const runOnce = async () => {
    if (isRunning || signal.aborted) return;
    isRunning = true;
    try {
      await run();
    } catch (error) {
      if (signal.aborted) return;
      const kind = error instanceof Error ? error.name : 'unknown';
      log.error({ task: name, kind }, 'periodic task failed');
    } finally {
      isRunning = false;
    }
  };
  const timer = setInterval(() => void runOnce(), everyMs);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  void runOnce();
}
