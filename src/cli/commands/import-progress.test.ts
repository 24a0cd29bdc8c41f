import { Writable } from 'node:stream';
import { assert, integer, option, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import { createImportProgressDisplay, progressLine } from './import-progress.ts';

it('shows phase, rows, rate and time left while reading', () => {
  const line = progressLine(
    { phase: 'reading', object: 'Demographics/Name', objectRows: 10, rows: 50_000 },
    { seconds: 2, rowsExpected: 100_000 },
  );
  expect(line).toBe(
    'Reading from Skyward  [██████████░░░░░░░░░░]  50,000 rows  25,000 rows/s  about 2 s left  Demographics/Name',
  );
});

it('never shows an overfull bar, a negative time or NaN', () => {
  const pace = record({
    rows: integer({ min: 0, max: 50_000_000 }),
    milliseconds: integer({ min: 0, max: 1_000_000 }),
    rowsExpected: option(integer({ min: 0, max: 50_000_000 }), { nil: undefined }),
  });
  assert(
    property(pace, ({ rows, milliseconds, rowsExpected }) => {
      const line = progressLine(
        { phase: 'reading', object: 'Student/Student', rows },
        { seconds: milliseconds / 1000, rowsExpected },
      );
      expect(line).not.toMatch(/NaN|Infinity|-\d/);
      const bar = /\[(.*)\]/.exec(line)?.[1] ?? '░'.repeat(20);
      expect(bar).toHaveLength(20);
    }),
  );
});

it('writes one line per phase without a terminal', () => {
  const lines: string[] = [];
  const output = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const display = createImportProgressDisplay({ output, rowsExpected: undefined, now: () => 0 });
  display.show({ phase: 'connecting' });
  display.show({ phase: 'reading' });
  display.show({ phase: 'reading', object: 'Student/Student', objectRows: 5, rows: 5 });
  display.show({ phase: 'finished' });
  display.end();
  expect(lines).toEqual(['Connecting to Skyward …\n', 'Reading from Skyward …\n']);
});
