/** A timer that can be paused and resumed. */
import { useEffect, useRef } from 'react';

/** Calls `onEnd` once after `durationMs` during which `isPaused` was false; ends with the component. */
export function usePausableTimer(onEnd: () => void, durationMs: number, isPaused: boolean): void {
  const latest = useRef(onEnd);
  const leftMs = useRef(durationMs);
  useEffect(() => {
    latest.current = onEnd;
  });
  useEffect(() => {
    if (isPaused) return undefined;
    const startedAt = performance.now();
    const timer = setTimeout(() => latest.current(), leftMs.current);
    return () => {
      clearTimeout(timer);
      leftMs.current = Math.max(leftMs.current - (performance.now() - startedAt), 0);
    };
  }, [isPaused]);
}
