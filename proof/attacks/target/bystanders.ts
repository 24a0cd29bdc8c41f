/** Users of another district who work normally during an attack. */
import { setTimeout as delay } from 'node:timers/promises';

import type { Attempts } from '../attack.ts';
import { districtPath } from './callers.ts';
import type { Target } from './target.ts';

/** Longest allowed response time of bystanders; far more than a busy machine needs. */
const maxResponseMs = 5000;

export interface Bystanders {
  /** Stops their work and records their failed requests. */
  end(attempts: Attempts, attack: string): Promise<void>;
}

/** Repeatedly reads lists and records of district a, and the health checks. */
export function startBystanders(target: Target): Bystanders {
  const caller = target.caller('staff of a');
  const paths = [
    `${districtPath('a')}/students?search=Zqa`,
    '/healthz',
    `${districtPath('a')}/students/${target.records.a.student.one}`,
    '/readyz',
  ];
  const problems: string[] = [];
  const stop = new AbortController();
  let requestCount = 0;
  let worstMs = 0;
  const work = (async () => {
    while (!stop.signal.aborted) {
      const path = paths[requestCount % paths.length] ?? '';
      const response = await target.send(caller, { path });
      requestCount += 1;
      worstMs = Math.max(worstMs, response.durationMs);
      if (response.status !== 200) problems.push(`${path} got ${response.status}`);
      else if (response.durationMs > maxResponseMs)
        problems.push(`${path} took ${Math.round(response.durationMs)} ms`);
      await delay(50);
    }
  })();
  return {
    end: async (attempts, attack) => {
      stop.abort();
      await work;
      attempts.record(
        `others during ${attack}`,
        problems.length > 0 &&
          `${problems.length} of ${requestCount} requests failed: ${problems[0]}`,
      );
    },
  };
}
