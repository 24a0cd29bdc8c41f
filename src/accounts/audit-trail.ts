/** The audit trail: who looked at or changed what. Lines are added, never changed or removed. */
import type pg from 'pg';

import type { AuditAction } from '../contract/audit.ts';
import type { Person } from './accounts.ts';

/** Something that somebody did. `detail` names what, never a value of a child's record and never a secret. */
export interface AuditEvent {
  /** 0: nothing of one district, such as a technician who signs in. */
  readonly districtId: number;
  /** Absent: somebody who is not signed in. */
  readonly person: Pick<Person, 'accountId' | 'name' | 'email' | 'role'> | undefined;
  readonly action: AuditAction;
  readonly studentId?: number | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
  /** Network address of the caller. */
  readonly address?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Adds the event. Inside a transaction of a district, give its client: both happen or neither. */
export async function recordAudit(
  client: Pick<pg.ClientBase | pg.Pool, 'query'>,
  event: AuditEvent,
): Promise<void> {
  const { person } = event;
  await client.query(
    `insert into audit_events (district_id, account_id, account_name, account_email, account_role,
       action, student_id, detail, address, request_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      event.districtId,
      person?.accountId ?? null,
      person?.name ?? null,
      person?.email ?? null,
      person?.role ?? null,
      event.action,
      event.studentId ?? null,
      JSON.stringify(event.detail ?? {}),
      event.address ?? null,
      event.requestId ?? null,
    ],
  );
}
