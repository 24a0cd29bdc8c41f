/**
 * An import from the sandbox in its own process, so that a test can kill it. Reads its options as JSON from the
 * first argument, and prints the start of each phase and finally the state of the run.
 */
import { openPool } from '../../src/database/database.ts';
import type { ImportPhase } from '../../src/import/import-options.ts';
import { runSandboxImport } from './sandbox-district.ts';

/** Options from the parent process. */
export interface ImportProcessOptions {
  readonly database: Parameters<typeof openPool>[0];
  readonly skyward: Parameters<typeof runSandboxImport>[1];
  readonly districtId: number;
  /** The phase at whose start the process is killed; undefined to run to the end. */
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
