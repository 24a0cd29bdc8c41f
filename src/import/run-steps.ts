/** The steps of a run: told as they begin, and how long each took. */
import type { ImportPhase, RunningOrder } from './import-order.ts';
import type { ProgressRecord } from './run-progress.ts';

export type RunSteps = ReturnType<typeof createSteps>;

/** Tells the phases as they begin and keeps the time that each took. */
export function createSteps(order: RunningOrder, progress: ProgressRecord) {
  const seconds: Record<string, number> = {};
  let phase: ImportPhase | undefined;
  let since = order.now();
  const close = () => {
    const now = order.now();
    if (phase !== undefined) {
      seconds[phase] = (seconds[phase] ?? 0) + now.since(since).total('seconds');
    }
    since = now;
  };
  return {
    async begin(next: ImportPhase): Promise<void> {
      order.signal.throwIfAborted();
      close();
      phase = next;
      order.onProgress({ phase: next });
      await progress.begin(next);
    },
    seconds(): Record<string, number> {
      close();
      return { ...seconds };
    },
  };
}
