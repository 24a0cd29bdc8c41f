/** `daybreak status`: students with their enrollments in, their statuses out, one JSON line each. */
import type { Writable } from 'node:stream';
import { dayNumber, dayText } from '../../enrollment/day-number.ts';
import { decideStatusInDays } from '../../enrollment/status-decision.ts';
import { defaultStatusRules, type NextSchoolYear } from '../../enrollment/status-rules.ts';
import { readLines, type Line } from './line-reader.ts';
import { createStudentLineParser } from './status-input.ts';

export interface StatusOptions {
  /** JSON lines as bytes; a `Readable` is one. */
  readonly input: AsyncIterable<Uint8Array | string>;
  readonly output: Writable;
  /** The district's own day. */
  readonly today: Temporal.PlainDate;
  /** The current school year, by the year it ends in. */
  readonly schoolYear: number;
  readonly nextSchoolYear: NextSchoolYear;
  readonly maxLineBytes?: number;
}

/**
 * Answers every line of `input` with one line on `output`, in order; blank lines are counted and skipped. A
 * line that can't be read is answered with `{"error", "line"}` and the rest goes on. Returns the exit
 * status: 0, or 1 after a bad line. Ends quietly when nobody reads the output any more; throws what
 * `input` throws, and any other fault of `output`.
 */
export async function runStatus(run: StatusOptions): Promise<number> {
  const processLine = createLineProcessor(run);
  const sink = openSink(run.output);
  let hasBadLine = false;
  let lineNumber = 0;
  for await (const lines of readLines(run.input, run.maxLineBytes)) {
    let text = '';
    for (const line of lines) {
      lineNumber += 1;
      if ('text' in line && line.text.trim() === '') continue;
      const result = processLine(line);
      if ('problem' in result) {
        hasBadLine = true;
        text += `${JSON.stringify({ error: result.problem, line: lineNumber })}\n`;
      } else text += `${result.json}\n`;
    }
    if (text !== '') await sink.write(text);
    if (sink.isClosed()) break;
  }
  return hasBadLine ? 1 : 0;
}

type LineResult = { readonly json: string } | { readonly problem: string };

function createLineProcessor({
  today,
  schoolYear,
  nextSchoolYear,
}: StatusOptions): (line: Line) => LineResult {
  const parse = createStudentLineParser();
  const rules = { ...defaultStatusRules, nextSchoolYear };
  const day = dayNumber(today);
  return (line) => {
    if ('problem' in line) return line;
    const parsed = parse(line.text);
    if ('problem' in parsed) return parsed;
    const { studentId, enrollments } = parsed.student;
    const decision = decideStatusInDays(enrollments, day, schoolYear, rules);
    return {
      json: JSON.stringify({
        studentId,
        status: decision.status,
        rule: decision.rule,
        decidedBy: decision.decidedBy,
        leftOut: decision.leftOut,
        changesOn: dayText(decision.changesOn),
      }),
    };
  };
}

interface Sink {
  /** Waits until the output wants more. */
  readonly write: (text: string) => Promise<void>;
  /** Whether the reader has gone away. */
  readonly isClosed: () => boolean;
}

/** Writing with back-pressure, where a reader who leaves (`| head`) is an end and not a fault. */
function openSink(output: Writable): Sink {
  let outputError: Error | undefined;
  const onError = (error: Error): void => {
    outputError = error;
  };
  output.on('error', onError);

  const isClosed = (): boolean => {
    if (outputError !== undefined && !isBrokenPipe(outputError)) {
      throw new StatusOutputError(outputError);
    }
    return outputError !== undefined || output.destroyed;
  };

  async function write(text: string): Promise<void> {
    if (isClosed() || output.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        for (const event of ['drain', 'error', 'close']) output.off(event, done);
        resolve();
      };
      for (const event of ['drain', 'error', 'close']) output.on(event, done);
    });
  }

  // Left listening: a pipe may report after the last line that its reader has gone.
  return { write, isClosed };
}

const isBrokenPipe = (error: Error): boolean =>
  'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');

/** The answers could not be written: a full disk, for one. */
class StatusOutputError extends Error {
  override readonly name = 'StatusOutputError';
  readonly code = 'status-output-failed';
  readonly advice = 'Make room or choose another place, then run the command again.';

  constructor(cause: Error) {
    super(`The answers could not be written (${cause.message}), so the output is incomplete.`, {
      cause,
    });
  }
}
