/** The audit trail: who looked at or changed what. Lines are added, never changed or removed. */
import type pg from 'pg';

import type { AuditAction } from '../contract/audit-actions.ts';
import { prepared } from '../database/prepared-statement.ts';
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

/**
 * Somebody who goes through the tabs of a student, or comes back to it, looks once: a second look within
 * this time adds nothing (docs/decisions/0013-audit-trail.md).
 */
const sameLookMinutes = 15;

/**
 * Adds the event. Inside a transaction of a district, give its client: both happen or neither. A look at a
 * student whom the same person looked at within the last 15 minutes is the same look and adds no line.
 */
export async function recordAudit(
  client: Pick<pg.ClientBase | pg.Pool, 'query'>,
  event: AuditEvent,
): Promise<void> {
  const { person } = event;
  const isLook = event.action === 'student-viewed';
  await client.query(
    prepared(
      `insert into audit_events (district_id, account_id, account_name, account_email, account_role,
         action, student_id, detail, address, request_id)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
       ${isLook ? `where not exists (${sameLook})` : ''}`,
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
    ),
  );
}

/** Adds what one person did to many students at once, a line for each, over one way to the server. */
export async function recordAuditOfMany(
  client: Pick<pg.ClientBase, 'query'>,
  { person, ...event }: Omit<AuditEvent, 'studentId' | 'detail'>,
  students: readonly Required<Pick<AuditEvent, 'studentId' | 'detail'>>[],
): Promise<void> {
  if (students.length === 0) return;
  await client.query(
    prepared(
      `insert into audit_events (district_id, account_id, account_name, account_email, account_role,
         action, student_id, detail, address, request_id)
       select $1, $2, $3, $4, $5, $6, given."studentId", given.detail, $7, $8
       from jsonb_to_recordset($9) as given ("studentId" bigint, detail jsonb)`,
      [
        event.districtId,
        person?.accountId ?? null,
        person?.name ?? null,
        person?.email ?? null,
        person?.role ?? null,
        event.action,
        event.address ?? null,
        event.requestId ?? null,
        JSON.stringify(students),
      ],
    ),
  );
}

const sameLook = `select from audit_events where district_id = $1 and student_id = $7 and account_id = $2
  and action = $6 and happened_at > now() - interval '${sameLookMinutes} minutes'`;
