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
  /** The same by the same person within 15 minutes is one and adds no line: tabs, autosaves. */
  readonly isOnceInAWhile?: boolean | undefined;
  /** Network address of the caller. */
  readonly address?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Something that happens often: one line for the action, the minute and `countedBy`. */
export interface CountedEvent extends Omit<AuditEvent, 'studentId' | 'isOnceInAWhile'> {
  readonly countedBy: string;
  /** How many records were shown. */
  readonly records?: number | undefined;
  /** Names of the filters used. */
  readonly filters?: readonly string[] | undefined;
}

/**
 * Somebody who goes through the tabs of a student, or comes back to it, looks once: the same within this
 * time adds nothing (docs/decisions/0013-audit-trail.md).
 */
const onceInMinutes = 15;

type Client = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** Adds the event. Inside a transaction of a district, give its client: both happen or neither. */
export async function recordAudit(client: Client, event: AuditEvent): Promise<void> {
  await client.query(
    prepared(
      `insert into audit_events (district_id, account_id, account_name, account_email, account_role,
         action, student_id, detail, address, request_id)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
       ${event.isOnceInAWhile === true ? `where not exists (${theSame})` : ''}`,
      [
        event.districtId,
        ...whoOf(event.person),
        event.action,
        event.studentId ?? null,
        JSON.stringify(event.detail ?? {}),
        event.address ?? null,
        event.requestId ?? null,
      ],
    ),
  );
}

/*
 * Of the latest lines about the student, in the order of their index: without statistics the planner would rather
 * read all that a busy person did in the time.
 */
const theSame = `select from (
    select account_id, action, detail, happened_at from audit_events
    where district_id = $1 and student_id = $7 order by happened_at desc limit 100) latest
  where account_id = $2 and action = $6 and detail = $8
    and happened_at > now() - interval '${onceInMinutes} minutes'`;

/** Adds what one person did to many students at once, a line for each, in one round trip. */
export async function recordAuditOfMany(
  client: Client,
  { person, ...event }: Omit<AuditEvent, 'studentId' | 'detail' | 'isOnceInAWhile'>,
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
        ...whoOf(person),
        event.action,
        event.address ?? null,
        event.requestId ?? null,
        JSON.stringify(students),
      ],
    ),
  );
}

const whoOf = (person: AuditEvent['person']) => [
  person?.accountId ?? null,
  person?.name ?? null,
  person?.email ?? null,
  person?.role ?? null,
];

interface Sum {
  readonly event: CountedEvent;
  times: number;
  records: number | undefined;
  readonly filters: Set<string>;
}

async function recordCount(client: Client, { event, times, records, filters }: Sum): Promise<void> {
  await client.query(
    prepared('select count_audit_event($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)', [
      event.districtId,
      ...whoOf(event.person),
      event.action,
      JSON.stringify(event.detail ?? {}),
      event.address ?? null,
      event.requestId ?? null,
      event.countedBy,
      times,
      records ?? null,
      [...filters],
    ]),
  );
}

/** Writes what happens at every request, so that many requests at once cost few writes. */
export interface AuditTrail {
  /** Adds a look; the same of several requests at once is written once. Done when the line is kept. */
  look(event: AuditEvent): Promise<void>;
  /** Counts the event in. Done when the count is kept. */
  count(event: CountedEvent): Promise<void>;
}

/**
 * Opens the trail over a pool. Nothing waits in memory once a promise is fulfilled, so no process that ends
 * takes a line along: while one count is being written, those of the same line gather for the next writing.
 */
export function openAuditTrail(pool: pg.Pool): AuditTrail {
  const looks = new Map<string, Promise<void>>();
  const counts = new Map<string, { writing: Promise<void>; next?: Sum }>();

  const count: AuditTrail['count'] = async (event) => {
    const key = JSON.stringify([event.districtId, event.action, event.countedBy]);
    const line = counts.get(key);
    if (line === undefined) {
      const entry = { writing: recordCount(pool, sumOf(event)) };
      counts.set(key, entry);
      return settle(key, entry);
    }
    if (line.next !== undefined) {
      addTo(line.next, event);
      return line.writing;
    }
    const next = sumOf(event);
    // What becomes of the count before is told to those who wait for that one.
    const before = line.writing.catch(() => undefined);
    const entry: { writing: Promise<void>; next?: Sum } = { writing: Promise.resolve(), next };
    counts.set(key, entry);
    entry.writing = (async () => {
      await before;
      delete entry.next;
      await recordCount(pool, next);
    })();
    return settle(key, entry);
  };

  async function settle(key: string, entry: { readonly writing: Promise<void> }): Promise<void> {
    try {
      await entry.writing;
    } finally {
      if (counts.get(key) === entry) counts.delete(key);
    }
  }

  return {
    look: async (event) => {
      const { districtId, person, action, studentId, detail } = event;
      const key = JSON.stringify([districtId, person?.accountId, action, studentId, detail]);
      const underWay = looks.get(key);
      if (underWay !== undefined) return underWay;
      const writing = recordAudit(pool, { ...event, isOnceInAWhile: true });
      looks.set(key, writing);
      try {
        await writing;
      } finally {
        looks.delete(key);
      }
    },
    count,
  };
}

const sumOf = (event: CountedEvent): Sum => ({
  event,
  times: 1,
  records: event.records,
  filters: new Set(event.filters),
});

function addTo(sum: Sum, { records, filters = [] }: CountedEvent): void {
  sum.times += 1;
  if (records !== undefined) sum.records = (sum.records ?? 0) + records;
  for (const filter of filters) sum.filters.add(filter);
}
