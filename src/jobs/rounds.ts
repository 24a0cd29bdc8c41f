/** Something that is looked after again and again while a process runs. */
import type { Logger } from 'pino';

export interface Round {
  /** For the log: what could not be done. */
  readonly name: string;
  readonly everyMs: number;
  readonly go: () => Promise<unknown>;
}

/** Goes at once and then again and again, never twice at a time, until the signal. A round that fails is followed by the next. */
export function startRounds({ name, everyMs, go }: Round, log: Logger, signal: AbortSignal): void {
  let isUnderWay = false;
  const round = async () => {
    if (isUnderWay || signal.aborted) return;
    isUnderWay = true;
    try {
      await go();
    } catch (error) {
      if (signal.aborted) return;
      const kind = error instanceof Error ? error.name : 'unknown';
      log.error({ round: name, kind }, 'a round failed');
    } finally {
      isUnderWay = false;
    }
  };
  const timer = setInterval(() => void round(), everyMs);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  void round();
}
