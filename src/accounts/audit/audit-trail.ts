/** The audit trail: who looked at or changed what. Lines are added, never changed or removed. */
import type pg from 'pg';
import type { Queryable } from '../../database/queryable.ts';

import type { AuditAction } from '../../contract/accounts/audit-actions.ts';
import { prepared } from '../../database/prepared-statement.ts';
import type { User } from '../accounts.ts';

/** Something that somebody did. `detail` names what, never a value of a child's record and never a secret. */
export interface AuditEvent {
  /** 0: nothing of one district, such as a technician who signs in. */
  readonly districtId: number;
  /** Absent: somebody who is not signed in. */
  readonly user: Pick<User, 'accountId' | 'name' | 'email' | 'role'> | undefined;
  readonly action: AuditAction;
  readonly studentId?: number | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
  /** The same by the same person within 15 minutes is one and adds no line: tabs, autosaves. */
  readonly isDeduplicated?: boolean | undefined;
  /** Network address of the caller. */
  readonly address?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Something that happens often: one line for the action, the minute and `countedBy`. */
export interface CountedEvent extends Omit<AuditEvent, 'studentId' | 'isDeduplicated'> {
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
const dedupeMinutes = 15;

/** Adds the event. Inside a transaction of a district, give its client: both happen or neither. */
export async function recordAudit(client: Queryable, event: AuditEvent): Promise<void> {
  await client.query({
    ...prepared(
      `insert into audit_events (district_id, account_id, account_name, account_email, account_role,
         action, student_id, detail, address, request_id)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
       ${event.isDeduplicated === true ? `where not exists (${findSameEvent})` : ''}`,
    ),
    values: [
      event.districtId,
      ...toUserColumns(event.user),
      event.action,
      event.studentId ?? null,
      JSON.stringify(event.detail ?? {}),
      event.address ?? null,
      event.requestId ?? null,
    ],
  });
}

/*
 * Of the latest lines about the student, in the order of their index: without statistics the planner would rather
 * read all that a busy person did in the time.
 */
const findSameEvent = `select from (
    select account_id, action, detail, happened_at from audit_events
    where district_id = $1 and student_id = $7 order by happened_at desc limit 100) latest
  where account_id = $2 and action = $6 and detail = $8
    and happened_at > now() - interval '${dedupeMinutes} minutes'`;

/** Adds what one person did to many students at once, a line for each, in one round trip. */
export async function recordAuditForStudents(
  client: Queryable,
  { user, ...event }: Omit<AuditEvent, 'studentId' | 'detail' | 'isDeduplicated'>,
  students: readonly Required<Pick<AuditEvent, 'studentId' | 'detail'>>[],
): Promise<void> {
  if (students.length === 0) return;
  await client.query({
    ...prepared(`insert into audit_events (district_id, account_id, account_name, account_email, account_role,
         action, student_id, detail, address, request_id)
       select $1, $2, $3, $4, $5, $6, given."studentId", given.detail, $7, $8
       from jsonb_to_recordset($9) as given ("studentId" bigint, detail jsonb)`),
    values: [
      event.districtId,
      ...toUserColumns(user),
      event.action,
      event.address ?? null,
      event.requestId ?? null,
      JSON.stringify(students),
    ],
  });
}

const toUserColumns = (user: AuditEvent['user']) => [
  user?.accountId ?? null,
  user?.name ?? null,
  user?.email ?? null,
  user?.role ?? null,
];

interface Sum {
  readonly event: CountedEvent;
  times: number;
  records: number | undefined;
  readonly filters: Set<string>;
}

async function recordCount(
  client: Queryable,
  { event, times, records, filters }: Sum,
): Promise<void> {
  await client.query({
    ...prepared('select count_audit_event($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)'),
    values: [
      event.districtId,
      ...toUserColumns(event.user),
      event.action,
      JSON.stringify(event.detail ?? {}),
      event.address ?? null,
      event.requestId ?? null,
      event.countedBy,
      times,
      records ?? null,
      [...filters],
    ],
  });
}

/** Writes what happens at every request, so that many requests at once cost few writes. */
export interface AuditTrail {
  /** Adds a look; the same look of several requests at once is written once. Resolves when the line is kept. */
  recordView(event: AuditEvent): Promise<void>;
  /** Counts the event. Resolves when its line is kept; see `openAuditTrail` for its number. */
  count(event: CountedEvent): Promise<void>;
  /** Writes the numbers that have gathered. */
  close(): Promise<void>;
}

export interface AuditTrailOptions {
  /**
   * How long the numbers of a line that is kept already may gather before they are written (default 0: each event
   * waits until it is counted). A process that is killed loses the numbers of this time, and no line.
   */
  readonly gatherMs?: number;
  /** Told of numbers that could not be written; the next event of their line waits and fails again. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Opens the trail over a pool. The first event of a line waits until the line is kept. While one number is being
 * written, the next ones of the same line gather (docs/decisions/0013-audit-trail.md).
 */
export function createAuditTrail(
  pool: pg.Pool,
  { gatherMs = 0, onError = () => undefined }: AuditTrailOptions = {},
): AuditTrail {
  const views = new Map<string, Promise<void>>();
  const counts = createCounts(async (sum) => recordCount(pool, sum));
  const gathered = new Map<string, Sum>();
  /** Lines of this minute; by the clock of the process, since a line of another minute is simply added. */
  const kept = { minute: 0, keys: new Set<string>() };
  let timer: NodeJS.Timeout | undefined;

  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const sums = [...gathered];
    gathered.clear();
    await Promise.all(
      sums.map(async ([key, sum]) => {
        try {
          await counts(key, sum);
        } catch (error) {
          kept.keys.delete(key);
          onError(error);
        }
      }),
    );
  };

  return {
    recordView: async (event) => {
      const { districtId, user, action, studentId, detail } = event;
      const key = JSON.stringify([districtId, user?.accountId, action, studentId, detail]);
      const inProgress = views.get(key);
      if (inProgress !== undefined) return inProgress;
      const writing = recordAudit(pool, { ...event, isDeduplicated: true });
      views.set(key, writing);
      try {
        await writing;
      } finally {
        views.delete(key);
      }
    },
    async count(event) {
      const key = JSON.stringify([event.districtId, event.action, event.countedBy]);
      const minute = Math.floor(Date.now() / 60_000);
      if (minute !== kept.minute) {
        kept.minute = minute;
        kept.keys.clear();
      }
      if (gatherMs > 0 && kept.keys.has(key)) {
        const sum = gathered.get(key);
        if (sum === undefined) gathered.set(key, toSum(event));
        else add(sum, toSum(event));
        timer ??= setTimeout(() => void flush(), gatherMs).unref();
        return;
      }
      await counts(key, toSum(event));
      if (minute === kept.minute) kept.keys.add(key);
    },
    close: flush,
  };
}

/** Writes the sums of each key one after the other; those that come meanwhile are added up. */
function createCounts(write: (sum: Sum) => Promise<void>) {
  const lines = new Map<string, { writing: Promise<void>; next?: Sum }>();

  async function settle(key: string, line: { readonly writing: Promise<void> }): Promise<void> {
    try {
      await line.writing;
    } finally {
      if (lines.get(key) === line) lines.delete(key);
    }
  }

  return async (key: string, sum: Sum): Promise<void> => {
    const line = lines.get(key);
    if (line === undefined) {
      const first = { writing: write(sum) };
      lines.set(key, first);
      return settle(key, first);
    }
    if (line.next !== undefined) {
      add(line.next, sum);
      return line.writing;
    }
    // Whether the sum before was written is told to those who wait for that one.
    const before = line.writing.catch(() => undefined);
    const following: { writing: Promise<void>; next?: Sum } = {
      writing: Promise.resolve(),
      next: sum,
    };
    lines.set(key, following);
    following.writing = (async () => {
      await before;
      delete following.next;
      await write(sum);
    })();
    return settle(key, following);
  };
}

const toSum = (event: CountedEvent): Sum => ({
  event,
  times: 1,
  records: event.records,
  filters: new Set(event.filters),
});

function add(sum: Sum, more: Sum): void {
  sum.times += more.times;
  if (more.records !== undefined) sum.records = (sum.records ?? 0) + more.records;
  for (const filter of more.filters) sum.filters.add(filter);
}
