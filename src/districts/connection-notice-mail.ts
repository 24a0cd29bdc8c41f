/** What each notice about a connection says, and the round that tells them, each once. */
import type pg from 'pg';

import { formatDay } from '../contract/day-format.ts';
import { layOutMail } from '../mail/mail-layout.ts';
import type { Mail, Mailer } from '../mail/mailer.ts';
import { recipientsOf } from './email-subscriptions.ts';
import {
  dueNotices,
  type FinishedRun,
  type Notice,
  type NoticeKind,
} from './connection-notices.ts';

interface NoticeText {
  readonly subject: string;
  readonly paragraphs: readonly string[];
}

const renewal =
  'Extend or delete the Expiration Date in Skyward: Administrative Access > API > Integration > SameGoal Demographics > Integration Accesses. If you have done so already, nothing is left to do.';

const noticeTexts: Readonly<Record<NoticeKind, (district: string, day: string) => NoticeText>> = {
  'expires-30': (district, day) => ({
    subject: `The Skyward access of ${district} expires on ${day}`,
    paragraphs: [`Students and parents come from Skyward until ${day}. ${renewal}`],
  }),
  'expires-7': (district, day) => ({
    subject: `A week left: the Skyward access of ${district} expires on ${day}`,
    paragraphs: [`From the night after ${day} on, nothing comes from Skyward. ${renewal}`],
  }),
  'expires-1': (district, day) => ({
    subject: `Last day: the Skyward access of ${district} expires on ${day}`,
    paragraphs: [`From the night after ${day} on, nothing comes from Skyward. ${renewal}`],
  }),
  expired: (district, day) => ({
    subject: `The Skyward access of ${district} expired on ${day}`,
    paragraphs: [
      `Nothing has come from Skyward since. What was there stays, and statuses go on following the date. ${renewal}`,
    ],
  }),
  'import-failed': (district, day) => ({
    subject: `The night of ${day} failed for ${district}`,
    paragraphs: [
      'Nothing was changed; yesterday’s data stay. The screen of that night says what happened and what to do. The next night tries again by itself.',
    ],
  }),
  'import-held': (district, day) => ({
    subject: `The night of ${day} waits for your decision at ${district}`,
    paragraphs: [
      'It would have changed more than your district lets through unasked. Nothing was changed yet: look at what it would do, then release or reject it.',
    ],
  }),
  'no-changes': (district, day) => ({
    subject: `Nothing new from Skyward for ${district} since ${day}`,
    paragraphs: [
      'Three nights in a row brought not one change. In a vacation that is as it should be; in the school year, check in Skyward whether records are still kept up.',
    ],
  }),
};

/** The mail for one notice to one person. `address`: where the district’s screens are, when there is one. */
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
        label: isAboutImport ? 'Look at the nights' : 'Open District Information',
        address: `${more.publicUrl}${path}`,
      },
    }),
    closing: [
      'You receive this mail because you look after the connection of your district; who does is chosen under Settings.',
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

/** Connected districts with what is known of their access and their last 20 nights. */
const selectFacts = `
  select d.id, d.name, d.domain, ($1::timestamptz at time zone d.time_zone)::date as today,
    (select r.verification -> 'access' ->> 'expirationDate' from setup_requests r
      where r.district_id = d.id and r.verification -> 'access' ->> 'key' = c.client_key
      order by r.id desc limit 1) as "expiresOn",
    coalesce((select jsonb_agg(jsonb_build_object('importDate', n.today, 'state', n.state) order by n.today desc)
      from (select distinct on (today) today, state from import_runs r
        where r.district_id = d.id and not r.is_dry_run and r.state not in ('running', 'recalculated')
          and r.today > ($1::timestamptz at time zone d.time_zone)::date - 20
        order by today desc, started_at desc) n), '[]') as runs,
    array(select a.email from ${recipientsOf('notices')} order by a.email) as recipients
  from districts d join skyward_connections c on c.district_id = d.id
  where not d.nights_paused`;

export interface NoticeOptions {
  readonly pool: pg.Pool;
  readonly mailer: Mailer;
  readonly product: string;
  readonly publicUrl: string | undefined;
  readonly now: () => Temporal.Instant;
}

/**
 * Tells what is due and was not told before; gives how many notices. A notice is kept before its mails go out:
 * of several processes one tells it, and none tells it twice.
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
