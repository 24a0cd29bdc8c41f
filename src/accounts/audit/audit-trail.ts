/** The audit trail: who viewed or changed what. Entries are added, never changed or removed. */
import type pg from 'pg';
import type { Queryable } from '../../database/queryable.ts';

import type { AuditAction } from '../../contract/accounts/audit-actions.ts';
import { prepared } from '../../database/prepared-statement.ts';
import type { User } from '../accounts.ts';

/** An action of a user. `detail` never contains a value of a student's record or a secret. */
export interface AuditEvent {
  /** 0: no district, as when a technician signs in. */
  readonly districtId: number;
  /** Absent if nobody is signed in. */
  readonly user: Pick<User, 'accountId' | 'name' | 'email' | 'role'> | undefined;
  readonly action: AuditAction;
  readonly studentId?: number | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
  /** The same action by the same user within 15 minutes adds no entry: tabs, autosaves. */
  readonly isDeduplicated?: boolean | undefined;
  /** Network address of the caller. */
  readonly address?: string | undefined;
  readonly requestId?: string | undefined;
}

/** A frequent action: one entry per action, minute and `countedBy`. */
export interface CountedEvent extends Omit<AuditEvent, 'studentId' | 'isDeduplicated'> {
  readonly countedBy: string;
  /** How many records were shown. */
  readonly records?: number | undefined;
  /** Names of the filters used. */
  readonly filters?: readonly string[] | undefined;
}

/**
 * The same view within this time adds no entry, as when a user switches between the tabs of a student
 * (docs/decisions/0013-audit-trail.md).
 */
const dedupeMinutes = 15;

/** Adds the event; in the transaction of a district if its client is given. */
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
 * Searches the latest entries of the student in index order: without statistics the planner would read all recent
 * entries of a busy user instead.
 */
const findSameEvent = `select from (
    select account_id, action, detail, happened_at from audit_events
    where district_id = $1 and student_id = $7 order by happened_at desc limit 100) latest
  where account_id = $2 and action = $6 and detail = $8
    and happened_at > now() - interval '${dedupeMinutes} minutes'`;

/** Adds an entry for each of many students, in one round trip. */
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

/** Records frequent events with few writes. */
export interface AuditTrail {
  /** Adds a view; concurrent requests for the same view write it once. Resolves when the entry is stored. */
  recordView(event: AuditEvent): Promise<void>;
  /** Counts the event. Resolves when its entry is stored; the count may follow later (`gatherMs`). */
  count(event: CountedEvent): Promise<void>;
  /** Writes the gathered counts. */
  close(): Promise<void>;
}

export interface AuditTrailOptions {
  /**
   * How long counts of an existing entry may gather before they are written (default 0: each event waits until it
   * is counted). A process that is killed loses the counts of this time, but no entry.
   */
  readonly gatherMs?: number;
  /** Called if counts could not be written; the next event of that entry waits and fails again. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Creates the audit trail on a pool. The first event of an entry waits until the entry is stored. While a count is
 * being written, the next ones of the same entry gather (docs/decisions/0013-audit-trail.md).
 */
export function createAuditTrail(
  pool: pg.Pool,
  { gatherMs = 0, onError = () => undefined }: AuditTrailOptions = {},
): AuditTrail {
  const views = new Map<string, Promise<void>>();
  const counts = createCounts(async (sum) => recordCount(pool, sum));
  const gathered = new Map<string, Sum>();
  /** Entries of this minute, by the clock of the process: a different minute only adds another entry. */
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

/** Writes the sums of each key sequentially; sums that arrive during a write are added up. */
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
    // A failure of the previous write is reported to those who wait for that one.
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
