/**
 * Webhooks: signed messages about documents to other systems of a district. This file stores and reads webhooks and
 * their deliveries (migration 0021).
 */
import type pg from 'pg';

import type {
  WebhookUpdate,
  NewWebhook,
  Webhook,
  WebhookDelivery,
} from '../contract/districts/webhooks.ts';
import type { DistrictDatabase } from '../database/district-and-school-scope.ts';
import type { SealedColumn } from '../districts/resealing.ts';
import { openSecret, sealSecret, type SealingKey } from '../districts/sealed-secret.ts';
import type { CallOutcome } from './webhook-request.ts';
import { newWebhookSecret } from './webhook-signature.ts';

const sealPurpose = (districtId: number, webhookId: number) =>
  `webhook ${webhookId} of district ${districtId}`;

/** Earlier versions bound a secret to its district only. */
const formerSealPurpose = (districtId: number) => `webhook of district ${districtId}`;

const sealing = {
  table: 'webhooks',
  id: 'id',
  purpose: sealPurpose,
  formerPurpose: formerSealPurpose,
};

/** The columns with sealed secrets of webhooks. */
export const webhookSecrets: readonly SealedColumn[] = [
  { ...sealing, column: 'secret_sealed' },
  { ...sealing, column: 'former_secret_sealed' },
];

const formerSecretHours = 24;

/** Maximum number of webhooks per district. */
export const maxWebhooks = 10;

const maxListedDeliveries = 50;

interface WebhookRow extends Omit<Webhook, 'createdAt' | 'failingSince' | 'disabled'> {
  readonly createdAt: Temporal.Instant;
  readonly failingSince: Temporal.Instant | null;
  readonly disabledAt: Temporal.Instant | null;
  readonly disabledReason: 'gone' | 'failing' | null;
}

const webhookColumns = `id, url, events, is_active as "isActive", created_at as "createdAt",
  created_by_name as "createdBy", failing_since as "failingSince", disabled_at as "disabledAt",
  disabled_why as "disabledReason"`;

const toWebhook = ({ disabledAt, disabledReason, ...row }: WebhookRow): Webhook => ({
  ...row,
  createdAt: row.createdAt.toString(),
  failingSince: row.failingSince?.toString() ?? null,
  disabled:
    disabledAt === null || disabledReason === null
      ? null
      : { at: disabledAt.toString(), reason: disabledReason },
});

/** Lists all webhooks, oldest first. */
export async function listStoredWebhooks(database: DistrictDatabase): Promise<Webhook[]> {
  const rows = await database.rows<WebhookRow>(
    `select ${webhookColumns} from webhooks where district_id = $1 order by id`,
  );
  return rows.map(toWebhook);
}

/** Returns the webhook with this id, if the district has it. */
export async function findWebhook(
  database: DistrictDatabase,
  webhookId: number,
): Promise<Webhook | undefined> {
  return (await listStoredWebhooks(database)).find(({ id }) => id === webhookId);
}

/** Adds a webhook and returns its secret, this once only. `undefined`: the district has the maximum number. */
export async function insertWebhook(
  database: DistrictDatabase,
  { url, events }: NewWebhook,
  author: { readonly accountId: string; readonly name: string },
  key: SealingKey,
): Promise<{ readonly webhook: Webhook; readonly secret: string } | undefined> {
  const secret = newWebhookSecret();
  const row = await database.one<WebhookRow>(
    `insert into webhooks (district_id, url, secret_sealed, events, created_by, created_by_name)
     select $1, $2, '', $3, $4, $5 where (select count(*) from webhooks where district_id = $1) < $6
     returning ${webhookColumns}`,
    url,
    [...new Set(events)],
    author.accountId,
    author.name,
    maxWebhooks,
  );
  if (row === undefined) return undefined;
  // The secret is bound to the id of the row.
  await database.execute(
    'update webhooks set secret_sealed = $3 where district_id = $1 and id = $2',
    row.id,
    sealSecret(secret, sealPurpose(database.scope.districtId, row.id), key),
  );
  return { webhook: toWebhook(row), secret };
}

/** Sets the events of a webhook and whether it is on. Turning it on clears its failures. */
export async function updateWebhook(
  database: DistrictDatabase,
  webhookId: number,
  { events, isActive }: WebhookUpdate,
): Promise<Webhook | undefined> {
  const row = await database.one<WebhookRow>(
    `update webhooks set events = $3, is_active = $4,
       failing_since = case when $4 and not is_active then null else failing_since end,
       disabled_at = case when $4 then null else disabled_at end,
       disabled_why = case when $4 then null else disabled_why end,
       told_at = case when $4 then null else told_at end
     where district_id = $1 and id = $2 returning ${webhookColumns}`,
    webhookId,
    [...new Set(events)],
    isActive,
  );
  return row && toWebhook(row);
}

/** Removes a webhook with its deliveries. Returns false if there is no such webhook. */
export async function deleteWebhook(
  database: DistrictDatabase,
  webhookId: number,
): Promise<boolean> {
  return (
    (await database.execute(
      'delete from webhooks where district_id = $1 and id = $2',
      webhookId,
    )) === 1
  );
}

/**
 * Replaces the secret and returns the new one, this once only. The former one also signs for a day. Uses the pool,
 * since users' transactions may not read sealed secrets.
 */
export async function replaceSecret(
  pool: pg.Pool,
  districtId: number,
  webhookId: number,
  key: SealingKey,
): Promise<string | undefined> {
  const secret = newWebhookSecret();
  const { rowCount } = await pool.query(
    `update webhooks set former_secret_sealed = secret_sealed, secret_sealed = $3,
       former_secret_until = now() + make_interval(hours => $4)
     where district_id = $1 and id = $2`,
    [
      districtId,
      webhookId,
      sealSecret(secret, sealPurpose(districtId, webhookId), key),
      formerSecretHours,
    ],
  );
  return rowCount === 1 ? secret : undefined;
}

/** The address of a webhook and the sealed secrets that sign for it now. */
export interface WebhookTarget {
  readonly districtId: number;
  readonly webhookId: number;
  readonly url: string;
  readonly secretSealed: string;
  /** Null if there is none or it has expired. */
  readonly formerSecretSealed: string | null;
}

/** SQL columns of a `WebhookTarget`, where `w` is `webhooks`. */
export const targetColumns = `w.id as "webhookId", w.url, w.secret_sealed as "secretSealed",
  case when w.former_secret_until > now() then w.former_secret_sealed end as "formerSecretSealed"`;

/** Returns the address of a webhook and its sealed secrets. */
export async function findTarget(
  pool: pg.Pool,
  districtId: number,
  webhookId: number,
): Promise<WebhookTarget | undefined> {
  const { rows } = await pool.query<WebhookTarget>(
    `select w.district_id as "districtId", ${targetColumns} from webhooks w
     where w.district_id = $1 and w.id = $2`,
    [districtId, webhookId],
  );
  return rows[0];
}

/** Returns the secrets that sign now. Throws `SealError`. */
export const openSecrets = (
  { districtId, webhookId, secretSealed, formerSecretSealed }: WebhookTarget,
  key: SealingKey,
): readonly string[] =>
  [secretSealed, formerSecretSealed]
    .filter((sealed) => sealed !== null)
    .map((sealed) =>
      openSecret(sealed, sealPurpose(districtId, webhookId), key, formerSealPurpose(districtId)),
    );

interface DeliveryRow extends Omit<
  WebhookDelivery,
  'state' | 'createdAt' | 'lastAttemptAt' | 'nextAttemptAt'
> {
  readonly createdAt: Temporal.Instant;
  readonly lastAttemptAt: Temporal.Instant | null;
  readonly nextAttemptAt: Temporal.Instant | null;
  readonly deliveredAt: Temporal.Instant | null;
}

const deliveryColumns = `id, event, document_id as "documentId", created_at as "createdAt", tries as attempts,
  tried_at as "lastAttemptAt", next_try_at as "nextAttemptAt", delivered_at as "deliveredAt", last_status as status,
  last_problem as problem`;

const toDelivery = ({ deliveredAt, ...row }: DeliveryRow): WebhookDelivery => ({
  ...row,
  state: deliveredAt !== null ? 'delivered' : row.nextAttemptAt === null ? 'failed' : 'waiting',
  createdAt: row.createdAt.toString(),
  lastAttemptAt: row.lastAttemptAt?.toString() ?? null,
  nextAttemptAt: row.nextAttemptAt?.toString() ?? null,
});

/** Lists the last 50 deliveries, newest first. */
export async function listStoredDeliveries(
  database: DistrictDatabase,
  webhookId: number,
): Promise<WebhookDelivery[]> {
  const rows = await database.rows<DeliveryRow>(
    `select ${deliveryColumns} from webhook_deliveries
     where district_id = $1 and webhook_id = $2 order by created_at desc, id limit $3`,
    webhookId,
    maxListedDeliveries,
  );
  return rows.map(toDelivery);
}

/** Stores a test delivery with its result. */
export async function insertTest(
  database: DistrictDatabase,
  webhookId: number,
  sent: { readonly id: string; readonly body: string; readonly outcome: CallOutcome },
): Promise<WebhookDelivery | undefined> {
  const { status, problem } = sent.outcome;
  const row = await database.one<DeliveryRow>(
    `insert into webhook_deliveries (district_id, webhook_id, id, event, body, next_try_at, tries, tried_at,
       delivered_at, failed_at, last_status, last_problem)
     select $1, $2, $3, 'webhook.test', $4, null, 1, now(), case when $6::text is null then now() end,
       case when $6::text is not null then now() end, $5, $6
     where exists (select from webhooks where district_id = $1 and id = $2)
     returning ${deliveryColumns}`,
    webhookId,
    sent.id,
    sent.body,
    status,
    problem,
  );
  return row && toDelivery(row);
}

/** Schedules a failed delivery for another attempt. `undefined`: there is no such failed delivery. */
export async function retryDelivery(
  database: DistrictDatabase,
  webhookId: number,
  deliveryId: string,
): Promise<WebhookDelivery | undefined> {
  const row = await database.one<DeliveryRow>(
    `update webhook_deliveries set next_try_at = now(), failed_at = null
     where district_id = $1 and webhook_id = $2 and id = $3 and failed_at is not null
       and event <> 'webhook.test'
     returning ${deliveryColumns}`,
    webhookId,
    deliveryId,
  );
  return row && toDelivery(row);
}
