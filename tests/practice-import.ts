/**
 * One practice night as a process of its own, so that a test can kill it. Takes its order as JSON in the
 * first argument, tells each phase as it begins on a line of its own, and at last how the night ended.
 */
import { openPool } from '../src/database/database.ts';
import type { ImportPhase } from '../src/import/import-options.ts';
import { practiceNight } from './practice-night.ts';

/** What the parent hands over. */
export interface PracticeImportOrder {
  readonly database: Parameters<typeof openPool>[0];
  readonly skyward: Parameters<typeof practiceNight>[1];
  readonly districtId: number;
  /** The phase at whose beginning the process is killed; it runs to its end when none is given. */
  readonly killedAt?: ImportPhase;
}

const order = JSON.parse(process.argv[2] ?? '{}') as PracticeImportOrder;
const database = await openPool(order.database, { migrate: false }, async () => undefined);
let phase = '';
const outcome = await practiceNight(database.pool, order.skyward, order.districtId, {
  onProgress: (progress) => {
    if (progress.phase === phase) return;
    phase = progress.phase;
    process.stdout.write(`${phase}\n`);
    if (phase === order.killedAt) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write(`ended ${outcome.state}\n`);
await database.close();
