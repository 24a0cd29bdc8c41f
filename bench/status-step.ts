/** One measured run of `daybreak status`, as a process of its own: the file's path on standard input, the figures on standard output. */
import { createReadStream, createWriteStream } from 'node:fs';
import { devNull } from 'node:os';
import { text } from 'node:stream/consumers';
import { runStatus } from '../src/cli/status.ts';
import { peakMemory } from './child-process.ts';

const { file } = JSON.parse(await text(process.stdin)) as { file: string };
const start = performance.now();
const exitStatus = await runStatus({
  input: createReadStream(file, { highWaterMark: 64 * 1024 }),
  output: createWriteStream(devNull),
  today: Temporal.PlainDate.from('2026-11-23'),
  schoolYear: 2027,
  includeUpcoming: false,
});
if (exitStatus !== 0) throw new Error('A line of the benchmark could not be read');
const seconds = (performance.now() - start) / 1000;
process.stdout.write(JSON.stringify({ seconds, peakBytes: peakMemory() }));
