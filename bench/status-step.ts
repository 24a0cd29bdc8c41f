/** The process of one measured run of `daybreak status`: options on standard input, the result on standard output. */
import { createReadStream, createWriteStream } from 'node:fs';
import { devNull } from 'node:os';
import { text } from 'node:stream/consumers';
import { runStatus } from '../src/cli/commands/status.ts';
import { peakMemory } from './child-process.ts';

const { file, times } = JSON.parse(await text(process.stdin)) as { file: string; times: number };

/** Yields the file's bytes `times` times. */
async function* repeatFile(): AsyncGenerator<Uint8Array> {
  for (let time = 0; time < times; time++) {
    for await (const chunk of createReadStream(file, { highWaterMark: 64 * 1024 }))
      yield chunk as Uint8Array;
  }
}

const start = performance.now();
const exitStatus = await runStatus({
  input: repeatFile(),
  output: createWriteStream(devNull),
  today: Temporal.PlainDate.from('2026-11-23'),
  schoolYear: 2027,
  nextSchoolYear: 'current',
});
if (exitStatus !== 0) throw new Error('A line of the benchmark could not be read');
const seconds = (performance.now() - start) / 1000;
process.stdout.write(JSON.stringify({ seconds, peakBytes: peakMemory() }));
