/** The process of one step of the import benchmark: options on standard input, the result on standard output. */
import { text } from 'node:stream/consumers';
import { openDatabase } from '../src/database/database.ts';
import { peakMemory } from './child-process.ts';
import { changeStudents } from './changed-students.ts';
import { timeCopy } from './copy-step.ts';
import { drain } from './drain-step.ts';
import type { StepResult, StepOptions } from './step-options.ts';
import { timeImport } from './whole-import-step.ts';

const options = JSON.parse(await text(process.stdin)) as StepOptions;

async function run(): Promise<Omit<StepResult, 'peakBytes'>> {
  if (options.step === 'drain') return drain(options);
  if (options.step === 'change') return changeStudents(options);
  const database = await openDatabase({
    url: options.databaseUrl,
    dataDirectory: '',
    migrate: false,
  });
  try {
    return options.step === 'copy'
      ? await timeCopy(database.pool, options)
      : await timeImport(database.pool, options);
  } finally {
    await database.close();
  }
}

const result = await run();
process.stdout.write(JSON.stringify({ ...result, peakBytes: peakMemory() }));
