/**
 * One practice night as a process of its own, so that a test can kill it. Takes its order as JSON in the
 * first argument, tells each phase as it begins on a line of its own, and at last how the night ended.
 */
import { openPool } from '../../src/database/database.ts';
import type { ImportPhase } from '../../src/import/import-options.ts';
import { runSandboxImport } from './sandbox-district.ts';

/** What the parent hands over. */
export interface ImportProcessOptions {
  readonly database: Parameters<typeof openPool>[0];
  readonly skyward: Parameters<typeof runSandboxImport>[1];
  readonly districtId: number;
  /** The phase at whose beginning the process is killed; it runs to its end when none is given. */
  readonly killedAt?: ImportPhase;
}

const options = JSON.parse(process.argv[2] ?? '{}') as ImportProcessOptions;
const database = await openPool(options.database, { migrate: false }, async () => undefined);
let phase = '';
const outcome = await runSandboxImport(database.pool, options.skyward, options.districtId, {
  onProgress: (progress) => {
    if (progress.phase === phase) return;
    phase = progress.phase;
    process.stdout.write(`${phase}\n`);
    if (phase === options.killedAt) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write(`ended ${outcome.state}\n`);
await database.close();
