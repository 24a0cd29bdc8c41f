/** People of another district who go on working while something is attacked. */
import { setTimeout as delay } from 'node:timers/promises';

import type { Tries } from './attack.ts';
import { districtPath } from './callers.ts';
import type { Target } from './target.ts';

/** Nobody waits longer because of others; far more than a busy machine needs. */
const longestMs = 5000;

export interface Bystanders {
  /** Ends their work and notes what they met. */
  end(tries: Tries, attack: string): Promise<void>;
}

/** Somebody of district a reads lists and records, and what watches the server asks how it is, over and over. */
export function startBystanders(target: Target): Bystanders {
  const caller = target.caller('staff of a');
  const paths = [
    `${districtPath('a')}/students?search=Zqa`,
    '/healthz',
    `${districtPath('a')}/students/${target.records.a.student.one}`,
    '/readyz',
  ];
  const met: string[] = [];
  const over = new AbortController();
  let asked = 0;
  let worstMs = 0;
  const work = (async () => {
    while (!over.signal.aborted) {
      const path = paths[asked % paths.length] ?? '';
      const answer = await target.ask(caller, { path });
      asked += 1;
      worstMs = Math.max(worstMs, answer.ms);
      if (answer.status !== 200) met.push(`${path} answered ${answer.status}`);
      else if (answer.ms > longestMs) met.push(`${path} took ${Math.round(answer.ms)} ms`);
      await delay(50);
    }
  })();
  return {
    end: async (tries, attack) => {
      over.abort();
      await work;
      tries.note(
        `others during ${attack}`,
        met.length > 0 && `${met.length} of ${asked} requests failed: ${met[0]}`,
      );
    },
  };
}
