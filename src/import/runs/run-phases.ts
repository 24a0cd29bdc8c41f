/** Reports the phases of a run as they start, and measures how long each takes. */
import type { ImportPhase, RunningOptions } from '../import-options.ts';
import type { ProgressRecorder } from './run-progress.ts';

export type RunPhases = ReturnType<typeof createPhases>;

export function createPhases(
  options: Pick<RunningOptions, 'now' | 'signal' | 'onProgress'>,
  progress: ProgressRecorder,
) {
  const seconds: Record<string, number> = {};
  let phase: ImportPhase | undefined;
  let since = options.now();
  const close = () => {
    const now = options.now();
    if (phase !== undefined) {
      seconds[phase] = (seconds[phase] ?? 0) + now.since(since).total('seconds');
    }
    since = now;
  };
  return {
    async begin(next: ImportPhase): Promise<void> {
      options.signal.throwIfAborted();
      close();
      phase = next;
      options.onProgress({ phase: next });
      await progress.begin(next);
    },
    seconds(): Record<string, number> {
      close();
      return { ...seconds };
    },
  };
}
