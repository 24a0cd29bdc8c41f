/** The journal of a sandbox: a file with the changes that the control API made, so that a restart has them too. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { ControlChange } from './api/control-api.ts';
import type { Sandbox, SandboxOptions } from './sandbox.ts';

export interface Journal {
  /** Records each change; for `SandboxOptions`. */
  readonly onControlChange: NonNullable<SandboxOptions['onControlChange']>;
  /** Repeats the recorded changes on a new sandbox with the same options. */
  repeatOn(sandbox: Pick<Sandbox, 'app' | 'controlPath'>): Promise<void>;
}

/** Opens the journal in `file`, which is created by the first change. */
export function openJournal(file: string): Journal {
  const recorded = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  let isRepeating = false;
  return {
    onControlChange: (change) => {
      if (!isRepeating) appendFileSync(file, `${JSON.stringify(change)}\n`, { mode: 0o600 });
    },
    repeatOn: async ({ app, controlPath }) => {
      isRepeating = true;
      for (const line of recorded === '' ? [] : recorded.split('\n')) {
        const { method, path, body } = JSON.parse(line) as ControlChange;
        const response = await app.request(`${controlPath}${path}`, {
          method,
          headers: { 'content-type': 'application/json' },
          ...(method === 'POST' && { body }),
        });
        if (!response.ok) {
          throw new Error(`The journal ${file} does not fit the options: ${await response.text()}`);
        }
      }
      isRepeating = false;
    },
  };
}
