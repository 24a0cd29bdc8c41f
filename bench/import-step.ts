/** One step of the import benchmark, run as a process of its own: the order on standard input, the figures on standard output. */
import { text } from 'node:stream/consumers';
import { openDatabase } from '../src/database/database.ts';
import { peakMemory } from './child-process.ts';
import { changeStudents } from './changed-students.ts';
import { timeCopy } from './copy-step.ts';
import { drain } from './drain-step.ts';
import type { ChildFigures, StepOrder } from './step-order.ts';
import { timeNight } from './night-step.ts';

const order = JSON.parse(await text(process.stdin)) as StepOrder;

async function run(): Promise<Omit<ChildFigures, 'peakBytes'>> {
  if (order.step === 'drain') return drain(order);
  if (order.step === 'change') return changeStudents(order);
  const database = await openDatabase({
    url: order.databaseUrl,
    dataDirectory: '',
    migrate: false,
  });
  try {
    return order.step === 'copy'
      ? await timeCopy(database.pool, order)
      : await timeNight(database.pool, order);
  } finally {
    await database.close();
  }
}

const figures = await run();
process.stdout.write(JSON.stringify({ ...figures, peakBytes: peakMemory() }));
