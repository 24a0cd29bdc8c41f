/** Formats log lines of the demo for people: the time, what happened, and where. */

interface LogLine {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly [field: string]: unknown;
}

/** Fields that are the same in every line, or already shown. */
const leftOut = new Set(['level', 'time', 'msg', 'pid', 'hostname']);

const levelLabels = new Map([
  [40, 'Warning: '],
  [50, 'Error: '],
  [60, 'Error: '],
]);

/** Formats one line of the log, which is JSON, as text in a time zone. */
export function formatLogLine(json: string, timeZone: string): string {
  const line = JSON.parse(json) as LogLine;
  const time = Temporal.Instant.fromEpochMilliseconds(line.time)
    .toZonedDateTimeISO(timeZone)
    .toLocaleString('en-US', { hour: 'numeric', minute: '2-digit' });
  const details = Object.entries(line)
    .filter(([field]) => !leftOut.has(field))
    .map(([field, value]) => formatField(field, value))
    .join(', ');
  const { msg = 'Something happened' } = line;
  const sentence = `${levelLabels.get(line.level) ?? ''}${msg}`;
  return `${time}  ${sentence}${details === '' ? '' : ` (${details})`}\n`;
}

function formatField(field: string, value: unknown): string {
  if (typeof value !== 'object' || value === null) return `${field} ${String(value)}`;
  const inner = Object.entries(value).filter(([name]) => name !== 'stack');
  return inner.map(([name, one]) => formatField(`${field} ${name}`, one)).join(', ');
}
