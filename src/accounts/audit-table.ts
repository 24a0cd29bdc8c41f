/** The audit trail as a table for spreadsheets: CSV (RFC 4180). */
import { type AuditEvent, toAuditSentence } from '../contract/audit.ts';
import { guardCell } from '../contract/csv-text.ts';

const columns: readonly (readonly [string, (event: AuditEvent) => unknown])[] = [
  ['When (UTC)', (event) => event.happenedAt],
  ['Person', (event) => event.user?.name],
  ['E-mail', (event) => event.user?.email],
  ['Role', (event) => event.user?.role],
  [
    'What',
    (event) =>
      toAuditSentence(event)
        .map(({ text }) => text)
        .join(''),
  ],
  ['Action', (event) => event.action],
  ['Student', (event) => event.student?.id],
  ['Detail', ({ detail }) => (Object.keys(detail).length === 0 ? '' : JSON.stringify(detail))],
  ['Network address', (event) => event.address],
  ['Request', (event) => event.requestId],
];

/** Lines for the events, each with its line end; the first of a file with the heading. */
export const toAuditRows = (
  events: readonly AuditEvent[],
  { withHeading }: { readonly withHeading: boolean },
): string =>
  [
    ...(withHeading ? [columns.map(([heading]) => heading)] : []),
    ...events.map((event) => columns.map(([, valueOf]) => valueOf(event))),
  ]
    .map((cells) => `${cells.map(formatCell).join(',')}\r\n`)
    .join('');

/** Quoted always. */
function formatCell(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  return `"${guardCell(text).replaceAll('"', '""')}"`;
}
