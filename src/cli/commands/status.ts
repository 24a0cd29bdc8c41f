/** The work of `daybreak status`: reads students with their enrollments and writes their statuses, as JSON lines. */
import type { Writable } from 'node:stream';
import { dayNumber, dayText } from '../../enrollment/day-number.ts';
import { decideStatusInDays } from '../../enrollment/status-decision.ts';
import { defaultStatusRules, type NextSchoolYear } from '../../enrollment/status-settings.ts';
import { readLines, type Line } from './line-reader.ts';
import { createStudentLineParser } from './status-input.ts';

export interface StatusOptions {
  /** JSON lines as bytes, such as a `Readable`. */
  readonly input: AsyncIterable<Uint8Array | string>;
  readonly output: Writable;
  /** Today in the district's time zone. */
  readonly today: Temporal.PlainDate;
  /** The current school year, by the year it ends in. */
  readonly schoolYear: number;
  readonly nextSchoolYear: NextSchoolYear;
  readonly maxLineBytes?: number;
}

/**
 * Writes one line to `output` for every line of `input`, in order. Blank lines are counted and skipped; for an
 * invalid line it writes `{"error", "line"}` and continues. Returns the exit status: 1 if a line was invalid, else 0.
 * Returns early when the reader closes the output; throws any other error of `output`, and errors of `input`.
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
        leftOut: decision.uncounted,
        changesOn: dayText(decision.changesOn),
      }),
    };
  };
}

interface Sink {
  /** Resolves when the output can take more. */
  readonly write: (text: string) => Promise<void>;
  /** Whether the reader has closed the output. */
  readonly isClosed: () => boolean;
}

/** Writes with backpressure. A reader that closes the output early (`| head`) is not an error. */
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

  // The listener stays: a pipe may report after the last line that its reader has closed it.
  return { write, isClosed };
}

const isBrokenPipe = (error: Error): boolean =>
  'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');

/** The output could not be written, for example because the disk is full. */
class StatusOutputError extends Error {
  override readonly name = 'StatusOutputError';
  readonly code = 'status-output-failed';
  readonly advice = 'Free some space or write to another place, then run the command again.';

  constructor(cause: Error) {
    super(`The output could not be written (${cause.message}), so it is incomplete.`, {
      cause,
    });
  }
}
