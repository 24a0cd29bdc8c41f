/** Stores mail to the support address. A mail opens a setup request, joins one, needs review, or is ignored. */
import type pg from 'pg';

import { transaction } from '../database/transaction.ts';
import type { ReceivedMail } from '../mail/support-mailbox.ts';
import { listDistricts } from './district.ts';
import { openRequest, type SetupRequest } from './setup-requests.ts';
import { getDomain, toOutcome } from './mail-classification.ts';

/** The result of processing a mail. */
export interface ProcessedMail {
  readonly outcome: 'request' | 'joined' | 'inbox' | 'ignored';
  /** 0: not assigned to a district. */
  readonly districtId: number;
  readonly requestId: number | null;
}

/**
 * Stores a mail and opens the request it asks for (R15 to R18). Returns undefined for a mail that is stored already:
 * a server that lost our response sends it again.
 */
export async function processSupportMail(
  pool: pg.Pool,
  mail: ReceivedMail,
  ownAddresses: readonly string[],
): Promise<ProcessedMail | undefined> {
  const districts = await listDistricts(pool);
  const byDomain = new Map(districts.map((district) => [district.domain, district]));
  const outcome = toOutcome({ ...mail, sender: mail.sender.verdict }, ownAddresses, (domain) =>
    byDomain.has(domain) ? domain : undefined,
  );
  const claimed = byDomain.get(
    outcome.kind === 'request' ? outcome.domain : getDomain(mail.from[0] ?? ''),
  );
  // A mail whose sender is not confirmed is not assigned to the district it names.
  const districtId = outcome.kind === 'request' ? (claimed?.id ?? 0) : 0;
  return transaction(pool, async (client) => {
    const mailId = await storeMail(client, mail, districtId, outcome);
    if (mailId === undefined) return undefined;
    if (outcome.kind !== 'request') return { outcome: outcome.kind, districtId, requestId: null };
    const { request, isNew } = await openRequest(client, {
      districtId,
      channel: 'mail',
      requestedBy: outcome.from,
      requestedAt: mail.receivedAt,
    });
    const stored = isNew ? 'request' : 'joined';
    await client.query(
      `update support_mails set outcome = $3, request_id = $4 where district_id = $1 and id = $2`,
      [districtId, mailId, stored, request.id],
    );
    return { outcome: stored, districtId, requestId: request.id };
  });
}

async function storeMail(
  client: pg.ClientBase,
  mail: ReceivedMail,
  districtId: number,
  outcome: ReturnType<typeof toOutcome>,
): Promise<number | undefined> {
  const { rows } = await client.query<{ id: number }>(
    `insert into support_mails (district_id, received_at, envelope_from, header_from, subject, message_id,
       thread, body, bytes, sender, outcome, reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (district_id, message_id) do nothing returning id`,
    [
      districtId,
      mail.receivedAt.toString(),
      mail.envelopeFrom.slice(0, 320),
      mail.from.slice(0, 20).map((address) => address.slice(0, 320)),
      mail.subject.replaceAll('\0', '').slice(0, 500),
      mail.messageId,
      [...mail.references],
      mail.text,
      mail.bytes,
      JSON.stringify(mail.sender),
      outcome.kind,
      outcome.kind === 'request' ? null : outcome.reason,
    ],
  );
  return rows[0]?.id;
}

/** A stored mail as the technician's inbox shows it. */
export interface InboxMail {
  readonly districtId: number;
  readonly id: number;
  readonly receivedAt: Temporal.Instant;
  readonly from: readonly string[];
  readonly subject: string;
  readonly body: string;
  readonly sender: ReceivedMail['sender'];
  readonly outcome: ProcessedMail['outcome'];
  readonly reason: string | null;
  readonly requestId: number | null;
  readonly handledAt: Temporal.Instant | null;
  readonly handledBy: string | null;
}

/** Lists mails, newest first: those that need review, or all recent ones. */
export async function listInbox(
  pool: pg.Pool,
  which: 'waiting' | 'all',
  limit = 200,
): Promise<InboxMail[]> {
  const { rows } = await pool.query<InboxMail>(
    `select district_id as "districtId", id, received_at as "receivedAt", header_from as "from", subject,
       body, sender, outcome, reason, request_id as "requestId", handled_at as "handledAt",
       handled_by as "handledBy"
     from support_mails
     ${which === 'waiting' ? `where outcome = 'inbox' and handled_at is null` : ''}
     order by received_at desc, id desc limit $1`,
    [limit],
  );
  return rows;
}

/** Marks a mail as done, or as needing review again. Returns false if there is no such mail. */
export async function markHandled(
  pool: pg.Pool,
  mail: Pick<InboxMail, 'districtId' | 'id'>,
  by: { readonly name: string; readonly at: Temporal.Instant } | undefined,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'update support_mails set handled_at = $3, handled_by = $4 where district_id = $1 and id = $2',
    [mail.districtId, mail.id, by?.at.toString() ?? null, by?.name ?? null],
  );
  return rowCount === 1;
}

export type OpenRequestOutcome =
  | { readonly kind: 'opened'; readonly request: SetupRequest; readonly isNew: boolean }
  /** There is no such mail, or it does not need review. */
  | { readonly kind: 'not-found' }
  /** There is no such district, or the mail has no single sender with the domain of one. */
  | { readonly kind: 'no-district' };

/**
 * Opens the request for a mail after a technician has checked that it is genuine: mail that the sender's domain does
 * not confirm opens no request automatically (R16). `ofDistrict` is the district's domain; null: that of the sender.
 */
export async function openRequestFromMail(
  pool: pg.Pool,
  mail: Pick<InboxMail, 'districtId' | 'id'>,
  ofDistrict: string | null,
  by: { readonly name: string; readonly at: Temporal.Instant },
): Promise<OpenRequestOutcome> {
  const byDomain = new Map((await listDistricts(pool)).map(({ domain, id }) => [domain, id]));
  return transaction(pool, async (client) => {
    const { rows } = await client.query<Pick<InboxMail, 'from' | 'receivedAt'>>(
      `select header_from as "from", received_at as "receivedAt" from support_mails
       where district_id = $1 and id = $2 and outcome = 'inbox' for update`,
      [mail.districtId, mail.id],
    );
    const [stored] = rows;
    if (stored === undefined) return { kind: 'not-found' };
    const [from = '', ...others] = stored.from;
    const districtId = byDomain.get(ofDistrict ?? getDomain(from));
    if (districtId === undefined || from === '' || (ofDistrict === null && others.length > 0))
      return { kind: 'no-district' };
    const opened = await openRequest(client, {
      districtId,
      channel: 'mail',
      requestedBy: from,
      requestedAt: stored.receivedAt,
    });
    await client.query(
      `update support_mails set district_id = $3, request_id = $4, outcome = $5, handled_at = $6, handled_by = $7
       where district_id = $1 and id = $2`,
      [
        mail.districtId,
        mail.id,
        districtId,
        opened.request.id,
        opened.isNew ? 'request' : 'joined',
        by.at.toString(),
        by.name,
      ],
    );
    return { kind: 'opened', ...opened };
  });
}

/** Returns the thread of a request: the ids of its mails, oldest first, and the subject and address for a reply. */
export async function findThread(
  pool: pg.Pool,
  districtId: number,
  requestId: number,
): Promise<
  { readonly subject: string; readonly ids: readonly string[]; readonly to: string } | undefined
> {
  const { rows } = await pool.query<{
    subject: string;
    thread: string[];
    messageId: string;
    from: string[];
  }>(
    `select subject, thread, message_id as "messageId", header_from as "from" from support_mails
     where district_id = $1 and request_id = $2 order by received_at desc, id desc limit 1`,
    [districtId, requestId],
  );
  const [last] = rows;
  const to = last?.from[0];
  if (last === undefined || to === undefined) return undefined;
  return { subject: last.subject, ids: [...last.thread, last.messageId], to };
}

/** Returns what a reply to a mail needs; `undefined` if there is no such mail or it has no sender. */
export async function findReplyThread(
  pool: pg.Pool,
  { districtId, id }: Pick<InboxMail, 'districtId' | 'id'>,
): Promise<
  { readonly subject: string; readonly ids: readonly string[]; readonly to: string } | undefined
> {
  const { rows } = await pool.query<{
    subject: string;
    ids: string[];
    to: string | null;
  }>(
    `select subject, thread || message_id as ids, header_from[1] as "to" from support_mails
     where district_id = $1 and id = $2`,
    [districtId, id],
  );
  const [mail] = rows;
  return mail === undefined || mail.to === null ? undefined : { ...mail, to: mail.to };
}
