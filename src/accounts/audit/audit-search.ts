/**
 * Reads the audit trail page by page, newest first, filtered by user, action, student and days.
 *
 * This folder writes and reads the audit trail.
 */
import type {
  AuditAction,
  AuditEvent,
  AuditFilter,
  AuditPage,
  AuditUser,
} from '../../contract/accounts/audit.ts';
import type { Role } from '../../contract/endpoint.ts';
import { selectFullName } from '../../database/display-name.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { Parameters } from '../../database/parameters.ts';

/** What to read. Days are in `timeZone`; `before` is the id of an event. */
export interface AuditQuery extends AuditFilter {
  readonly before?: number | undefined;
  /** Default 50. */
  readonly pageSize?: number | undefined;
  readonly timeZone: string;
}

const defaultPageSize = 50;

interface AuditRow {
  readonly id: number;
  readonly happened_at: Temporal.Instant;
  readonly account_id: string | null;
  readonly account_name: string | null;
  readonly account_email: string | null;
  readonly account_role: Role | null;
  readonly action: AuditAction;
  readonly student_id: number | null;
  readonly student_name: string | null;
  readonly detail: AuditEvent['detail'];
  readonly times: number;
  readonly records: number | null;
  readonly filters: string[] | null;
  readonly address: string | null;
  readonly request_id: string | null;
}

/**
 * Returns one page of a district's audit trail (0: events of no district). Students have their current name;
 * deleted ones only their id. Pages are found by time and id of the last event (keyset pagination), so old ones
 * cost no more than new ones.
 */
export async function listAuditEvents(
  database: DistrictDatabase,
  query: AuditQuery,
): Promise<AuditPage> {
  const { pageSize = defaultPageSize } = query;
  const parameters = new Parameters();
  const conditions = buildConditions(query, parameters);
  const rows = await database.rows<AuditRow>(
    `select e.id, e.happened_at, e.account_id, e.account_name, e.account_email, e.account_role, e.action,
       e.student_id, e.detail, e.times, e.records, e.filters, e.address, e.request_id,
       (select ${selectFullName('s')} from students s
        where s.district_id = e.district_id and s.id = e.student_id) as student_name
     from audit_events e
     where ${conditions.join(' and ')}
     order by e.happened_at desc, e.id desc
     limit ${Math.trunc(pageSize) + 1}`,
    ...parameters.values,
  );
  const events = rows.slice(0, pageSize).map(toEvent);
  return { events, older: rows.length > pageSize ? (events.at(-1)?.id ?? null) : null };
}

function buildConditions(query: AuditQuery, parameters: Parameters): string[] {
  const place = (value: number | string) => parameters.add(value);
  const conditions = ['e.district_id = $1'];
  /** Returns the first instant of a day, or of one some days later, in the time zone. */
  const startOf = (day: string, daysLater: number) =>
    `((${place(day)}::date + ${daysLater})::timestamp at time zone ${place(timeZone)})`;
  const { user, action, student, from, to, before, timeZone } = query;
  if (user !== undefined) conditions.push(`e.account_id = ${place(user)}`);
  if (action !== undefined) conditions.push(`e.action = ${place(action)}`);
  if (student !== undefined) conditions.push(`e.student_id = ${place(student)}`);
  if (from !== undefined) {
    conditions.push(`e.happened_at >= ${startOf(from, 0)}`);
  }
  if (to !== undefined) {
    conditions.push(`e.happened_at < ${startOf(to, 1)}`);
  }
  if (before !== undefined) {
    conditions.push(
      `(e.happened_at, e.id) < (select b.happened_at, b.id from audit_events b
        where b.district_id = $1 and b.id = ${place(before)})`,
    );
  }
  return conditions;
}

const toEvent = (row: AuditRow): AuditEvent => ({
  id: row.id,
  happenedAt: row.happened_at.toString(),
  user:
    row.account_name === null
      ? null
      : {
          accountId: row.account_id,
          name: row.account_name,
          email: row.account_email,
          role: row.account_role,
        },
  action: row.action,
  student: row.student_id === null ? null : { id: row.student_id, name: row.student_name },
  detail: {
    ...row.detail,
    ...(row.filters?.length && { filters: row.filters }),
    ...(row.records !== null && { records: row.records }),
    ...(row.times > 1 && { times: row.times }),
  },
  address: row.address,
  requestId: row.request_id,
});

/**
 * Returns all users in the audit trail by their last recorded name, deleted accounts included. Steps from account
 * to account along the index, so the cost depends on the number of users and not of events.
 */
export async function listAuditUsers(database: DistrictDatabase): Promise<readonly AuditUser[]> {
  return database.rows<AuditUser>(
    `with recursive people as (
       (select account_id, account_name, account_email from audit_events
        where district_id = $1 and account_id is not null
        order by account_id, happened_at desc, id desc limit 1)
       union all
       select next.* from people, lateral (
         select e.account_id, e.account_name, e.account_email from audit_events e
         where e.district_id = $1 and e.account_id > people.account_id
         order by e.account_id, e.happened_at desc, e.id desc limit 1) next)
     select account_id as "accountId", coalesce(account_name, 'Unknown user') as name, account_email as email
     from people order by 2, 1`,
  );
}
