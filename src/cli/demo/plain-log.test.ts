import { expect, it } from 'vitest';
import { formatLogLine } from './plain-log.ts';

const time = Temporal.Instant.from('2026-11-30T17:45:00Z').epochMilliseconds;
const format = (fields: object) =>
  formatLogLine(JSON.stringify({ pid: 7, hostname: 'h', time, ...fields }), 'America/Chicago');

it('a log line of the demo is a sentence with its time and fields', () => {
  expect(format({ level: 40, msg: 'import failed', district: 'demo.example' })).toBe(
    '11:45 AM  Warning: import failed (district demo.example)\n',
  );
  expect(format({ level: 30, msg: 'nightly import queued' })).toBe(
    '11:45 AM  nightly import queued\n',
  );
});

it('an error in a log line is flat and without its stack', () => {
  const error = { name: 'ImportError', code: 'unreachable', stack: 'at …' };
  expect(format({ level: 50, msg: 'import failed', error })).toBe(
    '11:45 AM  Error: import failed (error name ImportError, error code unreachable)\n',
  );
});
