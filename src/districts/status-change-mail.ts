/** Mails about statuses that the date alone would change for many students: ahead, and once they are on hold. */
import type pg from 'pg';

import { formatDay } from '../contract/day-format.ts';
import { countStudents, holdSentence } from '../contract/imports/upcoming-text.ts';
import type { DistrictEnrollmentStatus } from '../enrollment/enrollment-status.ts';
import { findNextMassChange, type MassChange } from '../enrollment/mass-change.ts';
import { layOutMail } from '../mail/mail-layout.ts';
import type { Mail } from '../mail/mailer.ts';
import type { NoticeOptions } from './district-notice-mail.ts';
import { recipientsOf } from './email-subscriptions.ts';

/** From this change of the number on, a mass change is mailed again. */
const muchShare = 0.2;

/**
 * Returns the mass change that is due to be mailed: the first within 30 days, unless it was mailed already with about the
 * same number of students. Pure.
 */
export function dueMassChange(
  holds: readonly MassChange[],
  today: Temporal.PlainDate,
  mailed: MassChange | null,
): MassChange | undefined {
  const next = findNextMassChange(holds, today);
  if (next === undefined || mailed?.on !== next.on) return next;
  const difference = Math.abs(next.students - mailed.students);
  return difference > mailed.students * muchShare ? next : undefined;
}

interface District {
  readonly id: number;
  readonly name: string;
  readonly domain: string;
  readonly recipients: readonly string[];
}

const district = `d.id, d.name, d.domain,
  array(select a.email from ${recipientsOf('notices')} order by a.email) as recipients`;

const newHolds = `
  with told as (
    update date_holds set notified_at = $1 where notified_at is null and ended_at is null and decision is null
    returning district_id, since, reason, counts
  )
  select ${district}, h.since::text, h.reason, h.counts
  from told h join districts d on d.id = h.district_id order by d.id`;

interface HoldRow extends District {
  readonly since: string;
  readonly reason: 'enrollments-ended' | 'year-turned';
  readonly counts: readonly {
    readonly from: DistrictEnrollmentStatus;
    readonly to: DistrictEnrollmentStatus;
    readonly students: number;
  }[];
}

const forecasts = `
  select ${district}, f.holds, f.notified, ($1::timestamptz at time zone d.time_zone)::date::text as today
  from status_forecasts f join districts d on d.id = f.district_id
  where f.holds <> '[]' and not exists (select from date_holds h
    where h.district_id = d.id and h.ended_at is null) order by d.id`;

interface ForecastRow extends District {
  readonly holds: readonly MassChange[];
  readonly notified: MassChange | null;
  readonly today: string;
}

/** Sends the mails that are due and returns how many changes they are about. Each is marked before it is mailed. */
export async function sendStatusChangeMails(options: NoticeOptions): Promise<number> {
  const { pool } = options;
  const now = options.now().toString();
  const held = await pool.query<HoldRow>(newHolds, [now]);
  for (const hold of held.rows) {
    const students = hold.counts.reduce((sum, one) => sum + one.students, 0);
    await sendToAll(options, hold, {
      kind: 'status-hold',
      subject: `${countStudents(students)} of ${hold.name} on hold: review the status changes`,
      paragraphs: [
        holdSentence(hold.reason, hold.since, hold.counts),
        'Everything else is up to date, and imports go on. Choose Count next year’s enrollments if these students come back, or Apply if the change is right.',
      ],
    });
  }
  return held.rows.length + (await sendForecasts(options, pool, now));
}

async function sendForecasts(options: NoticeOptions, pool: pg.Pool, now: string): Promise<number> {
  const { rows } = await pool.query<ForecastRow>(forecasts, [now]);
  let sent = 0;
  for (const row of rows) {
    const change = dueMassChange(row.holds, Temporal.PlainDate.from(row.today), row.notified);
    if (change === undefined) continue;
    const { rowCount } = await pool.query(
      `update status_forecasts set notified = $2
       where district_id = $1 and notified is not distinct from $3::jsonb`,
      [row.id, JSON.stringify(change), row.notified === null ? null : JSON.stringify(row.notified)],
    );
    if (rowCount !== 1) continue;
    sent++;
    const day = formatDay(change.on);
    await sendToAll(options, row, {
      kind: 'status-forecast',
      subject: `On ${day}, the status of ${countStudents(change.students)} of ${row.name} would change`,
      paragraphs: [
        `This follows from dates that are in Skyward now, such as the end of the school year. On ${day} these students will keep their status and wait for your decision.`,
        'Upcoming changes shows which students change from what to what, by school, and which setting for next year’s enrollments avoids it.',
      ],
    });
  }
  return sent;
}

async function sendToAll(
  { mailer, product, publicUrl }: NoticeOptions,
  { id, domain, recipients }: District,
  { kind, subject, paragraphs }: Pick<Mail, 'kind' | 'subject'> & { paragraphs: readonly string[] },
): Promise<void> {
  const content = layOutMail({
    heading: subject,
    paragraphs,
    ...(publicUrl !== undefined && {
      button: {
        label: 'Open upcoming changes',
        address: `${publicUrl}/a/${domain}/upcoming-changes`,
      },
    }),
    closing: [
      'You receive this mail because import and connection alerts are turned on for you. They can be turned off under Settings > Notifications.',
    ],
    product,
  });
  for (const to of recipients) {
    await mailer.send({ districtId: id, kind, to, subject, ...content });
  }
}
