/** Mails the notices about connections to their recipients, each once. */
import type pg from 'pg';

import { formatDay } from '../contract/day-format.ts';
import { layOutMail } from '../mail/mail-layout.ts';
import type { Mail, Mailer } from '../mail/mailer.ts';
import { recipientsOf } from './email-subscriptions.ts';
import { dueNotices, type FinishedRun, type Notice, type NoticeKind } from './district-notices.ts';

interface NoticeText {
  readonly subject: string;
  readonly paragraphs: readonly string[];
}

const renewal =
  'Extend or delete the Expiration Date in Skyward: Administrative Access > API > Integration > SameGoal Demographics > Integration Accesses. If you have already done this, you can ignore this mail.';

const noticeTexts: Readonly<Record<NoticeKind, (district: string, day: string) => NoticeText>> = {
  'expires-30': (district, day) => ({
    subject: `The Skyward access of ${district} expires on ${day}`,
    paragraphs: [`Student data is updated from Skyward until ${day}. ${renewal}`],
  }),
  'expires-7': (district, day) => ({
    subject: `One week left: the Skyward access of ${district} expires on ${day}`,
    paragraphs: [`After ${day}, student data won’t update. ${renewal}`],
  }),
  'expires-1': (district, day) => ({
    subject: `Last day: the Skyward access of ${district} expires on ${day}`,
    paragraphs: [`After ${day}, student data won’t update. ${renewal}`],
  }),
  expired: (district, day) => ({
    subject: `The Skyward access of ${district} expired on ${day}`,
    paragraphs: [
      `Student data has not been updated since. Existing records are kept, and statuses are still recalculated every day. ${renewal}`,
    ],
  }),
  'import-failed': (district, day) => ({
    subject: `The import of ${day} failed for ${district}`,
    paragraphs: [
      'Nothing was changed; the data of the last completed import is kept. The import report says what happened and what to do. The next nightly import tries again automatically.',
    ],
  }),
  'import-held': (district, day) => ({
    subject: `Import on hold: the import of ${day} for ${district} needs review`,
    paragraphs: [
      'It would have changed more than your district’s limits allow. Nothing was changed yet. Look through the preview of changes, then choose Import anyway or Discard.',
    ],
  }),
  'no-changes': (district, day) => ({
    subject: `No changes from Skyward for ${district} since ${day}`,
    paragraphs: [
      'The last three nightly imports found no changes. This is normal during a vacation. During the school year, check in Skyward that records are being updated.',
    ],
  }),
};

/** Returns the mail for one notice to one person. */
function noticeMail(
  district: { readonly id: number; readonly name: string; readonly domain: string },
  { kind, about }: Notice,
  to: string,
  more: { readonly product: string; readonly publicUrl: string | undefined },
): Mail {
  const { subject, paragraphs } = noticeTexts[kind](district.name, formatDay(about));
  const isAboutImport = kind.startsWith('import') || kind === 'no-changes';
  const path = `/a/${district.domain}/${isAboutImport ? 'imports' : 'settings'}`;
  const content = layOutMail({
    heading: subject,
    paragraphs,
    ...(more.publicUrl !== undefined && {
      button: {
        label: isAboutImport ? 'Open import history' : 'Open District Information',
        address: `${more.publicUrl}${path}`,
      },
    }),
    closing: [
      'You receive this mail because import and connection alerts are turned on for you. They can be turned off under Settings > E-mail notifications.',
    ],
    product: more.product,
  });
  return { districtId: district.id, kind: `connection-${kind}`, to, subject, ...content };
}

interface DistrictFacts {
  readonly id: number;
  readonly name: string;
  readonly domain: string;
  readonly today: string;
  readonly expiresOn: string | null;
  readonly runs: readonly { readonly importDate: string; readonly state: FinishedRun['state'] }[];
  readonly recipients: readonly string[];
}

/** Connected districts with the expiration of their access and their imports of the last 20 days. */
const selectFacts = `
  select d.id, d.name, d.domain, ($1::timestamptz at time zone d.time_zone)::date as today,
    (select r.verification -> 'access' ->> 'expirationDate' from setup_requests r
      where r.district_id = d.id and r.verification -> 'access' ->> 'key' = c.client_key
      order by r.id desc limit 1) as "expiresOn",
    coalesce((select jsonb_agg(jsonb_build_object('importDate', n.today, 'state', n.state) order by n.today desc)
      from (select distinct on (today) today, state from import_runs r
        where r.district_id = d.id and not r.is_dry_run and r.state not in ('running', 'recalculated', 'undone', 'restored')
          and r.today > ($1::timestamptz at time zone d.time_zone)::date - 20
        order by today desc, started_at desc) n), '[]') as runs,
    array(select a.email from ${recipientsOf('notices')} order by a.email) as recipients
  from districts d join skyward_connections c on c.district_id = d.id
  where not d.nights_paused and not exists (select from import_runs undo
    where undo.district_id = d.id and undo.undoes_run_id is not null and undo.state = 'restored'
      and undo.continued_at is null)`;

export interface NoticeOptions {
  readonly pool: pg.Pool;
  readonly mailer: Mailer;
  readonly product: string;
  readonly publicUrl: string | undefined;
  readonly now: () => Temporal.Instant;
}

/**
 * Sends the notices that are due and were not sent before. Returns how many. A notice is recorded before its mails
 * are sent, so it is never sent twice, also with several processes.
 */
export async function sendNotices(options: NoticeOptions): Promise<number> {
  const { pool, mailer } = options;
  const now = options.now().toString();
  const { rows } = await pool.query<DistrictFacts>(selectFacts, [now]);
  let sent = 0;
  for (const district of rows) {
    const due = dueNotices({
      today: Temporal.PlainDate.from(district.today),
      expiresOn: district.expiresOn === null ? null : Temporal.PlainDate.from(district.expiresOn),
      runs: district.runs.map(({ importDate, state }) => ({
        importDate: Temporal.PlainDate.from(importDate),
        state,
      })),
    });
    for (const notice of due) {
      const { rowCount } = await pool.query(
        `insert into connection_notices (district_id, kind, about, told_at) values ($1, $2, $3, $4)
         on conflict do nothing`,
        [district.id, notice.kind, notice.about.toString(), now],
      );
      if (rowCount !== 1) continue;
      sent++;
      for (const to of district.recipients) {
        await mailer.send(noticeMail(district, notice, to, options));
      }
    }
  }
  return sent;
}
