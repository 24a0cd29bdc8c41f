/** Mails a summary of the week's imports on Monday mornings to the users who subscribed to it. */
import type pg from 'pg';

import { formatDay } from '../contract/day-format.ts';
import { layOutMail } from '../mail/mail-layout.ts';
import type { Mail } from '../mail/mailer.ts';
import type { NoticeOptions } from './district-notice-mail.ts';
import { recipientsOf } from './email-subscriptions.ts';

export interface SummaryRun {
  readonly importDate: Temporal.PlainDate;
  readonly state: 'published' | 'unchanged' | 'held' | 'failed';
  /** Numbers of new students and of changed records. */
  readonly added: number;
  readonly changed: number;
}

export interface WeekFacts {
  readonly districtName: string;
  /** The Monday of the summary, which is about the week before it. */
  readonly monday: Temporal.PlainDate;
  readonly runs: readonly SummaryRun[];
}

/** The hour, district time, after which the nightly import is over. */
const fromHour = 6;

/** Returns the Monday whose summary is due now; `undefined` on other days and before 6 AM. */
export function findDueMonday(now: Temporal.PlainDateTime): Temporal.PlainDate | undefined {
  return now.dayOfWeek === 1 && now.hour >= fromHour ? now.toPlainDate() : undefined;
}

/** Returns the subject and paragraphs of the summary. Pure. */
export function summaryText({ districtName, monday, runs }: WeekFacts): {
  readonly subject: string;
  readonly paragraphs: readonly string[];
} {
  const first = monday.subtract({ days: 7 });
  const span = `${formatDay(first)} to ${formatDay(monday.subtract({ days: 1 }))}`;
  const subject = `Weekly import summary for ${districtName}: ${span}`;
  if (runs.length === 0) {
    return {
      subject,
      paragraphs: ['No import ran. See Settings > District Information for the reason.'],
    };
  }
  const sum = (one: (run: SummaryRun) => number) =>
    runs.reduce((total, run) => total + one(run), 0);
  const successful = runs.filter(({ state }) => state === 'published' || state === 'unchanged');
  const unsuccessful = runs.filter(({ state }) => state === 'held' || state === 'failed');
  return {
    subject,
    paragraphs: [
      `${successful.length} of ${formatCount(runs.length, 'import')} completed. ${formatCount(
        sum(({ added }) => added),
        'new student',
      )}, ${formatCount(
        sum(({ changed }) => changed),
        'record',
      )} changed.`,
      ...unsuccessful.map(({ importDate, state }) =>
        state === 'held'
          ? `${formatDay(importDate)}: the import was put on hold for review.`
          : `${formatDay(importDate)}: the import failed; no data was changed.`,
      ),
    ],
  };
}

const formatCount = (number: number, what: string): string =>
  `${number.toLocaleString('en-US')} ${what}${number === 1 ? '' : 's'}`;

interface DistrictWeek {
  readonly id: number;
  readonly name: string;
  readonly domain: string;
  readonly timeZone: string;
}

interface SummaryRecipient {
  readonly email: string;
  readonly token: string;
}

/** Sends the summaries that are due and were not sent before, by one process only. Returns the number of mails. */
export async function sendWeeklySummaries(options: NoticeOptions): Promise<number> {
  const { pool, mailer } = options;
  const now = options.now();
  const { rows } = await pool.query<DistrictWeek>(
    `select d.id, d.name, d.domain, d.time_zone as "timeZone" from districts d
     where exists (select from ${recipientsOf('weekly')})`,
  );
  let sent = 0;
  for (const district of rows) {
    const local = now.toZonedDateTimeISO(district.timeZone).toPlainDateTime();
    const monday = findDueMonday(local);
    if (monday === undefined) continue;
    const { rowCount } = await pool.query(
      `insert into connection_notices (district_id, kind, about, told_at)
       values ($1, 'weekly-summary', $2, $3) on conflict do nothing`,
      [district.id, monday.toString(), now.toString()],
    );
    if (rowCount !== 1) continue;
    const runs = await listRunsBefore(pool, district.id, monday);
    const summary = summaryText({ districtName: district.name, monday, runs });
    for (const recipient of await listRecipients(pool, district.id)) {
      await mailer.send(summaryMail(district, summary, recipient, options));
      sent++;
    }
  }
  return sent;
}

async function listRecipients(
  pool: pg.Pool,
  districtId: number,
): Promise<readonly SummaryRecipient[]> {
  const { rows } = await pool.query<SummaryRecipient>(
    `select r.email, r.token from districts d,
       lateral (select a.email, d.id || '-' || m.unsubscribe_token as token from ${recipientsOf('weekly')}) r
     where d.id = $1 order by r.email`,
    [districtId],
  );
  return rows;
}

/** Lists the last run of each of the seven days before the Monday, oldest first, without dry runs. */
async function listRunsBefore(
  pool: pg.Pool,
  districtId: number,
  monday: Temporal.PlainDate,
): Promise<readonly SummaryRun[]> {
  const { rows } = await pool.query<{
    readonly importDate: string;
    readonly state: SummaryRun['state'];
    readonly added: number;
    readonly changed: number;
  }>(
    `select distinct on (today) today::text as "importDate", state,
       coalesce((report ->> 'added')::integer, 0) as added,
       coalesce((report ->> 'changed')::integer, 0) as changed
     from import_runs where district_id = $1 and not is_dry_run and state in ('published', 'unchanged', 'held', 'failed')
       and today >= $2::date - 7 and today < $2::date
     order by today, started_at desc`,
    [districtId, monday.toString()],
  );
  return rows.map((row) => ({ ...row, importDate: Temporal.PlainDate.from(row.importDate) }));
}

function summaryMail(
  { id, domain }: DistrictWeek,
  { subject, paragraphs }: ReturnType<typeof summaryText>,
  { email, token }: SummaryRecipient,
  { product, publicUrl }: NoticeOptions,
): Mail {
  const content = layOutMail({
    heading: subject,
    paragraphs,
    ...(publicUrl !== undefined && {
      button: { label: 'Open import history', address: `${publicUrl}/a/${domain}/imports` },
    }),
    closing: [
      publicUrl === undefined
        ? 'You receive this summary because you subscribed to it. An administrator can turn it off under Settings.'
        : `You receive this summary because you subscribed to it. To unsubscribe: ${publicUrl}/unsubscribe/${token}`,
    ],
    product,
  });
  return {
    districtId: id,
    kind: 'weekly-summary',
    to: email,
    subject,
    ...content,
    ...(publicUrl !== undefined && {
      unsubscribeAddress: `${publicUrl}/api/mail/unsubscribe/${token}`,
    }),
  };
}
