/** One measured run of `daybreak status`, as a process of its own: the file and how often to read it on standard input, the figures on standard output. */
import { createReadStream, createWriteStream } from 'node:fs';
import { devNull } from 'node:os';
import { text } from 'node:stream/consumers';
import { runStatus } from '../src/cli/commands/status.ts';
import { peakMemory } from './child-process.ts';

const { file, times } = JSON.parse(await text(process.stdin)) as { file: string; times: number };

/** The file's bytes, one time after the other. */
async function* repeated(): AsyncGenerator<Uint8Array> {
  for (let time = 0; time < times; time++) {
    for await (const chunk of createReadStream(file, { highWaterMark: 64 * 1024 }))
      yield chunk as Uint8Array;
  }
}

const start = performance.now();
const exitStatus = await runStatus({
  input: repeated(),
  output: createWriteStream(devNull),
  today: Temporal.PlainDate.from('2026-11-23'),
  schoolYear: 2027,
  nextSchoolYear: 'current',
});
if (exitStatus !== 0) throw new Error('A line of the benchmark could not be read');
const seconds = (performance.now() - start) / 1000;
process.stdout.write(JSON.stringify({ seconds, peakBytes: peakMemory() }));
