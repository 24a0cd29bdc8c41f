/** Runs a task at a fixed interval until the signal aborts; runs never overlap. */
import type { Logger } from 'pino';

export interface PeriodicTask {
  /** Names the task in the log. */
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
}

/** Runs the task now and then at each interval. A run that throws is logged; the next one runs as usual. */
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
