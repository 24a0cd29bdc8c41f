/** Sends what is due to webhooks, tries again what failed, and turns off a webhook whose receiver is gone. */
import type pg from 'pg';
import type { Logger } from 'pino';

import { transaction } from '../database/transaction.ts';
import type { SealingKey } from '../districts/sealed-secret.ts';
import type { CallOutcome, WebhookClient } from './webhook-request.ts';
import { openSecrets, targetColumns, type WebhookTarget } from './webhook-store.ts';

const minute = 60;
const hour = 60 * minute;

/** Seconds from a failed try to the next one; after the last of them a delivery is given up. */
const retryDelays = [minute, 5 * minute, 30 * minute, 2 * hour, 6 * hour, 12 * hour, 24 * hour];

/** A webhook without one success for so long is turned off when a delivery is given up. */
const disableAfterDays = 5;

/** Deliveries are kept for so long, delivered or not. */
const retentionDays = 30;

/** One receiver gets so many at once; one that has been failing gets one. */
const batchSize = 4;

/** So many receivers are called at once by one process: a slow one holds up nobody but itself. */
const maxConcurrentReceivers = 64;

/** From when on another process may take over what this one has taken; well above what a call may last. */
const leaseSeconds = 120;

export interface WebhookSenderDeps {
  readonly pool: pg.Pool;
  readonly log: Logger;
  readonly sealingKey: SealingKey;
  readonly client: WebhookClient;
  readonly now: () => Temporal.Instant;
}

export interface WebhookSender {
  /** Takes what is due and begins to send it; does not wait for the receivers. Throws `DatabaseError`. */
  sendDue(): Promise<void>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  /** Takes nothing more, and waits for what is under way. */
  close(): Promise<void>;
}

interface Delivery extends WebhookTarget {
  readonly id: string;
  readonly body: string;
  /** This one included. */
  readonly attempts: number;
}

/** Any number of processes may have one: what one takes, no other takes before its time is over. */
export function createWebhookSender(deps: WebhookSenderDeps): WebhookSender {
  const busy = new Set<number>();
  const batches = new Set<Promise<void>>();
  let lastTurn = Promise.resolve();
  let isClosing = false;

  const sendBatch = async (webhookId: number, batch: readonly Delivery[]) => {
    try {
      await Promise.all(batch.map(async (delivery) => deliver(deps, delivery)));
    } catch (error) {
      // What could not be recorded is sent again when its time is over: at least once.
      const kind = error instanceof Error ? error.name : 'unknown';
      deps.log.error({ part: 'webhooks', webhookId, kind }, 'deliveries were not recorded');
    } finally {
      busy.delete(webhookId);
    }
  };

  const takeAndSend = async () => {
    if (isClosing) return;
    const due = await takeDue(deps, [...busy], maxConcurrentReceivers - busy.size);
    const byWebhook = Map.groupBy(due, ({ webhookId }) => webhookId);
    for (const [webhookId, batch] of byWebhook) {
      busy.add(webhookId);
      const sending = sendBatch(webhookId, batch)
        // There may be more for this receiver; if that can't be found out, the next round does.
        .then(sendDue)
        .catch(() => undefined)
        .finally(() => batches.delete(sending));
      batches.add(sending);
    }
  };

  // One after the other, so that what is busy is known when more is taken.
  function sendDue(): Promise<void> {
    const turn = lastTurn.then(takeAndSend);
    lastTurn = turn.catch(() => undefined);
    return turn;
  }

  const settled = async () => {
    await lastTurn;
    while (batches.size > 0) await Promise.all(batches);
  };
  return {
    sendDue,
    settled,
    close: async () => {
      isClosing = true;
      await settled();
    },
  };
}

/** Takes a batch for each receiver that has something due and is not busy, at most `free` of them. */
async function takeDue(
  { pool, now }: WebhookSenderDeps,
  busy: readonly number[],
  free: number,
): Promise<readonly Delivery[]> {
  const { rows } = await pool.query<Delivery>(
    `with waiting as (
       select w.district_id, w.id, w.failing_since, w.url, w.secret_sealed, w.former_secret_sealed,
         w.former_secret_until
       from webhooks w
       where w.is_active and w.id <> all ($2::bigint[]) and exists (select from webhook_deliveries d
         where d.district_id = w.district_id and d.webhook_id = w.id and d.next_try_at <= $1)
       limit $3
     ), taken as materialized (
       select w.*, d.id as delivery_id from waiting w cross join lateral (
         select d.id from webhook_deliveries d
         where d.district_id = w.district_id and d.webhook_id = w.id and d.next_try_at <= $1
         order by d.next_try_at limit case when w.failing_since is null then $4 else 1 end
         for update skip locked) d
     )
     update webhook_deliveries d
     set tries = d.tries + 1, next_try_at = $1::timestamptz + make_interval(secs => $5)
     from taken w where d.district_id = w.district_id and d.id = w.delivery_id
     returning d.district_id as "districtId", d.id, d.body, d.tries as attempts,
       ${targetColumns}`,
    [now().toString(), busy, free, batchSize, leaseSeconds],
  );
  return rows;
}

async function deliver(deps: WebhookSenderDeps, delivery: Delivery): Promise<void> {
  const { client, log, sealingKey, now } = deps;
  const { districtId, webhookId, id, url, body } = delivery;
  const secrets = tryOpenSecrets(delivery, sealingKey);
  const outcome: CallOutcome =
    secrets === undefined
      ? {
          status: null,
          problem: 'The secret can not be opened any more; give the webhook a new one.',
        }
      : await client.call({ url, secrets, id: messageId(id), body, at: now() });
  const { status, problem, reason } = outcome;
  if (problem !== null) {
    const { attempts } = delivery;
    log.warn({ part: 'webhooks', districtId, webhookId, status, reason, attempts }, problem);
  }
  await record(deps, delivery, outcome);
}

/** What a receiver tells a repeated message by. */
export const messageId = (deliveryId: string): string => `msg_${deliveryId}`;

function tryOpenSecrets(target: WebhookTarget, key: SealingKey): readonly string[] | undefined {
  try {
    return openSecrets(target, key);
  } catch {
    return undefined;
  }
}

async function record(
  { pool, now, log }: WebhookSenderDeps,
  { districtId, webhookId, id, attempts }: Delivery,
  { status, problem }: CallOutcome,
): Promise<void> {
  const at = now();
  const wait = retryDelays[attempts - 1];
  const isOver = problem === null || wait === undefined;
  const next = isOver ? null : at.add({ seconds: wait }).toString();
  await transaction(pool, async (client) => {
    // The webhook before the delivery, as whoever removes a webhook does: they never wait for each other.
    if (problem === null) {
      await client.query(
        `update webhooks set failing_since = null
         where district_id = $1 and id = $2 and failing_since is not null`,
        [districtId, webhookId],
      );
    } else {
      const { rows } = await client.query<{ why: string | null }>(
        `update webhooks set failing_since = coalesce(failing_since, $3),
           is_active = f.why is null and is_active,
           disabled_at = case when f.why is not null and is_active then $3 else disabled_at end,
           disabled_why = case when is_active then f.why else disabled_why end
         from (select case when $4 then 'gone' when $5 and exists (select from webhooks
             where district_id = $1 and id = $2
               and failing_since < $3::timestamptz - make_interval(days => $6)) then 'failing' end as why) f
         where district_id = $1 and id = $2 returning f.why`,
        [districtId, webhookId, at.toString(), status === 410, isOver, disableAfterDays],
      );
      const why = rows[0]?.why ?? null;
      if (why !== null) log.warn({ part: 'webhooks', districtId, webhookId, why }, 'turned off');
    }
    // Somebody who took over after us has counted one more try: then this outcome is no longer the last.
    await client.query(
      `update webhook_deliveries set tried_at = $4, next_try_at = $5, last_status = $6, last_problem = $7,
         delivered_at = case when $7::text is null then $4::timestamptz end,
         failed_at = case when $7::text is not null and $5::timestamptz is null then $4::timestamptz end
       where district_id = $1 and id = $2 and tries = $3 and delivered_at is null`,
      [districtId, id, attempts, at.toString(), next, status, problem],
    );
  });
}

/** Removes what is older than 30 days; gives how many deliveries that were. */
export async function removeOldDeliveries(pool: pg.Pool, now: Temporal.Instant): Promise<number> {
  const { rowCount } = await pool.query(
    'delete from webhook_deliveries where created_at < $1::timestamptz - make_interval(days => $2)',
    [now.toString(), retentionDays],
  );
  return rowCount ?? 0;
}
