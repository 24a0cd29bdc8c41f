/** All districts for technicians in one query: their imports, students, access, setup request and mail. */
import type pg from 'pg';

import type { DistrictOverview } from '../contract/districts/districts.ts';
import { prepared } from '../database/prepared-statement.ts';
import {
  importStatusColumns,
  type ImportStatusRow,
  importStatusTables,
  toImportStatus,
} from './import-status.ts';

type Request = NonNullable<DistrictOverview['request']>;

interface Row extends ImportStatusRow, Pick<DistrictOverview, 'name' | 'domain'> {
  readonly heldSince: Temporal.Instant | null;
  readonly students: number | null;
  readonly studentsBefore: number | null;
  readonly accessExpiresOn: string | null;
  readonly requestId: number | null;
  readonly requestState: Request['state'] | null;
  readonly requestedAt: Temporal.Instant | null;
  readonly mailAt: Temporal.Instant | null;
  readonly needsReview: boolean | null;
}

const sumOf = (counts: string) =>
  `(select sum(value::integer)::integer from jsonb_each_text(done.report -> '${counts}'))`;

const selectOverviews = prepared(
  `select ${importStatusColumns}, d.name, d.domain, held.at as "heldSince",
     ${sumOf('statusesAfter')} as students, ${sumOf('statusesBefore')} as "studentsBefore",
     access.ends_on as "accessExpiresOn",
     request.id as "requestId", request.state as "requestState", request.requested_at as "requestedAt",
     mail.received_at as "mailAt", mail.needs_review as "needsReview"
   from ${importStatusTables}
   left join lateral (
     select coalesce(h.finished_at, h.started_at) as at from import_runs h
     where h.district_id = d.id and h.id = later."heldRunId") held on true
   left join lateral (
     select r.verification -> 'access' ->> 'expirationDate' as ends_on from setup_requests r
     where r.district_id = d.id and r.client_key = c.client_key
       and r.verification -> 'access' ->> 'key' = c.client_key
     order by r.id desc limit 1) access on true
   left join lateral (
     select r.id, r.state, r.requested_at from setup_requests r
     where r.district_id = d.id order by r.id desc limit 1) request on true
   left join lateral (
     select m.received_at, m.outcome = 'inbox' and m.handled_at is null as needs_review from support_mails m
     where m.district_id = d.id and m.outcome <> 'ignored' order by m.id desc limit 1) mail on true
   order by d.name, d.id`,
);

/** Returns every district, by name. */
export async function listDistrictOverviews(
  pool: pg.Pool,
  now: Temporal.Instant,
): Promise<DistrictOverview[]> {
  const { rows } = await pool.query<Row>(selectOverviews);
  return rows.map((row) => ({
    name: row.name,
    domain: row.domain,
    timeZone: row.timeZone,
    today: now.toZonedDateTimeISO(row.timeZone).toPlainDate().toString(),
    status: toImportStatus(row, now),
    heldSince: row.heldSince?.toString() ?? null,
    students:
      row.students === null
        ? null
        : { total: row.students, change: row.students - (row.studentsBefore ?? 0) },
    accessExpiresOn: row.accessExpiresOn,
    request: toRequest(row),
    lastMail:
      row.mailAt === null
        ? null
        : { receivedAt: row.mailAt.toString(), needsReview: row.needsReview === true },
  }));
}

function toRequest({ districtId, requestId, requestState, requestedAt }: Row): Request | null {
  return requestId === null || requestState === null || requestedAt === null
    ? null
    : { districtId, id: requestId, state: requestState, requestedAt: requestedAt.toString() };
}
