/** Sends due deliveries to webhooks, retries failed ones, and turns off webhooks whose receiver is gone. */
import type pg from 'pg';
import type { Logger } from 'pino';

import { transaction } from '../database/transaction.ts';
import type { SealingKey } from '../districts/sealed-secret.ts';
import type { CallOutcome, WebhookClient } from './webhook-request.ts';
import { openSecrets, targetColumns, type WebhookTarget } from './webhook-store.ts';

const minute = 60;
const hour = 60 * minute;

/** Seconds from a failed attempt to the next one. After the last, a delivery fails for good. */
const retryDelays = [minute, 5 * minute, 30 * minute, 2 * hour, 6 * hour, 12 * hour, 24 * hour];

/** A webhook without success for this long is turned off when a delivery fails for good. */
const disableAfterDays = 5;

/** How long deliveries are kept, delivered or not. */
const retentionDays = 30;

/** Concurrent deliveries per receiver; one if it has been failing. */
const batchSize = 4;

/** Receivers called concurrently by one process, so that a slow one does not delay the others. */
const maxConcurrentReceivers = 64;

/** After this time another process may take over a delivery. It is well above the timeout of a call. */
const leaseSeconds = 120;

export interface WebhookSenderDeps {
  readonly pool: pg.Pool;
  readonly log: Logger;
  readonly sealingKey: SealingKey;
  readonly client: WebhookClient;
  readonly now: () => Temporal.Instant;
}

export interface WebhookSender {
  /** Takes due deliveries and starts sending them, without waiting for receivers. Throws `DatabaseError`. */
  sendDue(): Promise<void>;
  /** Resolves when no delivery is in progress. */
  settled(): Promise<void>;
  /** Takes no more deliveries and waits for those in progress. */
  close(): Promise<void>;
}

interface Delivery extends WebhookTarget {
  readonly id: string;
  readonly body: string;
  /** Including this one. */
  readonly attempts: number;
}

/** Several processes can each have a sender: a delivery that one takes is leased to it. */
export function createWebhookSender(deps: WebhookSenderDeps): WebhookSender {
  const busy = new Set<number>();
  const batches = new Set<Promise<void>>();
  let lastTurn = Promise.resolve();
  let isClosing = false;

  const sendBatch = async (webhookId: number, batch: readonly Delivery[]) => {
    try {
      await Promise.all(batch.map(async (delivery) => deliver(deps, delivery)));
    } catch (error) {
      // A delivery without a recorded result is sent again after its lease (at-least-once delivery).
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
        // There may be more for this receiver. If this fails, the next periodic call tries again.
        .then(sendDue)
        .catch(() => undefined)
        .finally(() => batches.delete(sending));
      batches.add(sending);
    }
  };

  // Sequential, so that `busy` is up to date when more is taken.
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

/** Takes a batch for each receiver with due deliveries that is not busy, for at most `free` receivers. */
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
          problem: 'The secret can no longer be opened. Create a new one for the webhook.',
        }
      : await client.call({ url, secrets, id: messageId(id), body, at: now() });
  const { status, problem, reason } = outcome;
  if (problem !== null) {
    const { attempts } = delivery;
    log.warn({ part: 'webhooks', districtId, webhookId, status, reason, attempts }, problem);
  }
  await record(deps, delivery, outcome);
}

/** Returns the message id by which a receiver recognizes a repeated message. */
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
    // The webhook is locked before the delivery, as when a webhook is removed, so there is no deadlock.
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
    // If another process has taken over, it has counted another attempt, and this result is outdated.
    await client.query(
      `update webhook_deliveries set tried_at = $4, next_try_at = $5, last_status = $6, last_problem = $7,
         delivered_at = case when $7::text is null then $4::timestamptz end,
         failed_at = case when $7::text is not null and $5::timestamptz is null then $4::timestamptz end
       where district_id = $1 and id = $2 and tries = $3 and delivered_at is null`,
      [districtId, id, attempts, at.toString(), next, status, problem],
    );
  });
}

/** Removes deliveries older than 30 days. Returns how many. */
export async function removeOldDeliveries(pool: pg.Pool, now: Temporal.Instant): Promise<number> {
  const { rowCount } = await pool.query(
    'delete from webhook_deliveries where created_at < $1::timestamptz - make_interval(days => $2)',
    [now.toString(), retentionDays],
  );
  return rowCount ?? 0;
}
