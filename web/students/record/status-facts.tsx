/** The enrollment status as sentences: why it is so, and what changes next. */
import type { StudentStatus } from '../../../src/contract/students/students.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';

/** The reason, with the status at its beginning in bold. */
export function StatusReason({
  status,
}: {
  readonly status: Pick<StudentStatus, 'value' | 'reason'>;
}) {
  const label = statusLabels[status.value];
  return (
    <span>
      <strong>{label}</strong>
      {status.reason.slice(label.length)}
    </span>
  );
}

/** Returns the reason without the status, as a sentence of its own: `Starts Jan 6, 2027 at Lakeview High.` */
export function factsOf({ value, reason }: Pick<StudentStatus, 'value' | 'reason'>): string {
  const facts = reason.slice(`${statusLabels[value]}: `.length);
  return facts.charAt(0).toUpperCase() + facts.slice(1);
}

/** The reason, the next change, and a note if the status is not of today. */
export function StatusFacts({ status }: { readonly status: StudentStatus }) {
  return (
    <>
      <p className="status-sentence">
        <span className="status-dot" data-status={status.value} />
        <StatusReason status={status} />
      </p>
      {status.onHold === null ? (
        <p>{status.change}</p>
      ) : (
        <p className="changes-on">{status.onHold}</p>
      )}
      {status.staleNote !== null && <p className="changes-on">{status.staleNote}</p>}
    </>
  );
}
