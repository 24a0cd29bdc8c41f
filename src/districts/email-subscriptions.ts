/** Which mails each user of a district gets, and which mails were sent. */
import type pg from 'pg';

import type { DistrictDatabase } from '../database/district-and-school-scope.ts';

export interface EmailSubscription {
  /** The access expires, an import failed or is on hold, or imports find no changes. */
  readonly notices: boolean;
  /** A summary of the week's imports on Mondays. */
  readonly weekly: boolean;
}

/** Returns stored subscriptions by account id. Users without one have `defaultSubscription`. */
export async function readSubscriptions(
  database: DistrictDatabase,
): Promise<ReadonlyMap<string, EmailSubscription>> {
  const rows = await database.rows<EmailSubscription & { readonly accountId: string }>(
    `select account_id as "accountId", notices, weekly from mail_choices where district_id = $1`,
  );
  return new Map(rows.map(({ accountId, ...subscription }) => [accountId, subscription]));
}

/** Administrators get alerts by default; nobody gets the weekly summary without asking for it. */
export const defaultSubscription = (role: string): EmailSubscription => ({
  notices: role === 'administrator',
  weekly: false,
});

/** Stores the subscription of an account of this district. */
export async function saveSubscription(
  database: DistrictDatabase,
  accountId: string,
  { notices, weekly }: EmailSubscription,
): Promise<void> {
  await database.execute(
    `insert into mail_choices (district_id, account_id, notices, weekly) values ($1, $2, $3, $4)
     on conflict (district_id, account_id) do update set notices = excluded.notices, weekly = excluded.weekly`,
    accountId,
    notices,
    weekly,
  );
}

/** SQL for the recipients of a kind of mail, joined to `districts d`. Suspended users get none. */
export const recipientsOf = (kind: keyof EmailSubscription): string => `
  accounts a left join mail_choices m on m.district_id = d.id and m.account_id = a.id
  where a.district_id = d.id and a.locked_at is null
    and coalesce(m.${kind}, ${kind === 'notices' ? "a.role = 'administrator'" : 'false'})`;

/** Ends the weekly summary of the user with the token `district-token`. Returns false for an unknown token. */
export async function unsubscribeFromSummary(pool: pg.Pool, token: string): Promise<boolean> {
  const [districtId = '', ...rest] = token.split('-');
  const { rowCount } = await pool.query(
    // Compared as text, so that a token that is no UUID matches nothing.
    `update mail_choices set weekly = false where district_id = $1 and unsubscribe_token::text = $2`,
    [districtId, rest.join('-')],
  );
  return rowCount === 1;
}

export interface SentMail {
  readonly id: number;
  readonly sentAt: Temporal.Instant;
  readonly to: string;
  readonly subject: string;
  readonly state: 'sent' | 'failed';
  readonly response: string | null;
}

/** Returns the last mails of the district, newest first, and the number of all. */
export async function readSentMails(
  database: DistrictDatabase,
  limit: number,
): Promise<{ readonly sent: readonly SentMail[]; readonly total: number }> {
  const rows = await database.rows<SentMail>(
    `select id, sent_at as "sentAt", recipient as "to", subject, state, answer as response from sent_mails
     where district_id = $1 order by sent_at desc, id desc limit $2`,
    limit,
  );
  const counted = await database.one<{ total: number }>(
    'select count(*)::integer as total from sent_mails where district_id = $1',
  );
  return { sent: rows, total: counted?.total ?? 0 };
}
