/** The audit trail as a table for spreadsheets. */
import type { AuditEvent } from '../../contract/accounts/audit.ts';
import { toAuditSentence } from '../../contract/accounts/audit-sentences.ts';
import { csvLine } from '../../contract/csv-text.ts';

const columns: readonly (readonly [string, (event: AuditEvent) => string | null | undefined])[] = [
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
  ['Student', ({ student }) => student && String(student.id)],
  ['Detail', ({ detail }) => (Object.keys(detail).length === 0 ? '' : JSON.stringify(detail))],
  ['Network address', (event) => event.address],
  ['Request', (event) => event.requestId],
];

/** Returns CSV rows for the events, optionally with the header. */
export const toAuditRows = (
  events: readonly AuditEvent[],
  { withHeading }: { readonly withHeading: boolean },
): string =>
  [
    ...(withHeading ? [columns.map(([heading]) => heading)] : []),
    ...events.map((event) => columns.map(([, valueOf]) => valueOf(event) ?? null)),
  ]
    .map(csvLine)
    .join('');
