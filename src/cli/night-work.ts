/** What a process does for the nights: takes imports, begins nights, tells people what they have to know. */
import type { Logger } from 'pino';

import type { Database } from '../database/database.ts';
import { tellNotices } from '../districts/connection-notice-mail.ts';
import type { SealingKey } from '../districts/sealed-secret.ts';
import { sendWeeklySummaries } from '../districts/weekly-summary.ts';
import { type JobQueue, openJobQueue } from '../jobs/job-queue.ts';
import { startRounds } from '../jobs/rounds.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { VendorIdentity } from '../qmlativ/vendor-identity.ts';
import { createWebhookClient } from '../webhooks/webhook-request.ts';
import { tellTurnedOff } from '../webhooks/webhook-notice-mail.ts';
import {
  createWebhookSender,
  removeOldDeliveries,
  type WebhookSenderParts,
} from '../webhooks/webhook-sending.ts';

export interface NightWorkParts {
  readonly database: Database;
  readonly log: Logger;
  readonly sealingKey: SealingKey;
  readonly vendor: VendorIdentity;
  /** Undefined: nobody is told by mail. */
  readonly mailer: Mailer | undefined;
  readonly publicUrl: string | undefined;
  readonly allowPrivateWebhooks: boolean;
}

export interface NightWork {
  readonly jobs: JobQueue;
  /** Takes nothing new, hands over what is under way. */
  close(): Promise<void>;
}

/** How soon somebody hears that a night failed or is held. */
const noticesEveryMs = 5 * 60_000;

/** How soon a webhook is called. */
const webhooksEveryMs = 2_000;

const oldDeliveriesEveryMs = 60 * 60_000;

/** Starts working on so many imports at a time. Throws `DatabaseFault`. */
export async function openNightWork(
  { database, log, sealingKey, vendor, mailer, publicUrl, allowPrivateWebhooks }: NightWorkParts,
  concurrency: number,
  perHost?: number,
): Promise<NightWork> {
  const closing = new AbortController();
  const jobs = await openJobQueue({
    database,
    log,
    workers: {
      concurrency,
      sealingKey,
      vendor,
      beginsNights: true,
      ...(perHost !== undefined && { perHost }),
    },
  });
  if (mailer) {
    const now = Temporal.Now.instant;
    const notices = { pool: database.pool, mailer, product: 'SameGoal', publicUrl, now };
    const go = async () => {
      await tellNotices(notices);
      await tellTurnedOff(notices);
      await sendWeeklySummaries(notices);
    };
    startRounds({ name: 'notices', everyMs: noticesEveryMs, go }, log, closing.signal);
  }
  const webhooks = startWebhooks(
    { pool: database.pool, log, sealingKey, now: Temporal.Now.instant },
    allowPrivateWebhooks,
    closing.signal,
  );
  return {
    jobs,
    close: async () => {
      closing.abort();
      await Promise.all([jobs.close(), webhooks.close()]);
    },
  };
}

/** Calls webhooks again and again until the signal; closing waits for the calls under way. */
function startWebhooks(
  parts: Omit<WebhookSenderParts, 'client'>,
  allowPrivateAddresses: boolean,
  signal: AbortSignal,
): { close(): Promise<void> } {
  const { pool, log, now } = parts;
  const client = createWebhookClient({ allowPrivateAddresses });
  const sender = createWebhookSender({ ...parts, client });
  const go = async () => sender.round();
  startRounds({ name: 'webhooks', everyMs: webhooksEveryMs, go }, log, signal);
  const removeOld = async () => removeOldDeliveries(pool, now());
  const cleaning = { name: 'old-deliveries', everyMs: oldDeliveriesEveryMs, go: removeOld };
  startRounds(cleaning, log, signal);
  return {
    close: async () => {
      await sender.close();
      await client.close();
    },
  };
}
