/**
 * Background work of a process: runs imports, starts nightly ones, sends notices and webhooks.
 *
 * This folder is the `daybreak` command; `commands` has one file per command.
 */
import type { Logger } from 'pino';

import type { Database } from '../database/database.ts';
import { sendNotices } from '../districts/district-notice-mail.ts';
import { sendStatusChangeMails } from '../districts/status-change-mail.ts';
import type { SealingKey } from '../districts/sealed-secret.ts';
import { sendWeeklySummaries } from '../districts/weekly-summary.ts';
import { type JobQueue, openJobQueue } from '../jobs/job-queue.ts';
import { startPeriodicTask } from '../jobs/periodic-task.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { VendorIdentity } from '../qmlativ/vendor-identity.ts';
import { createWebhookClient } from '../webhooks/webhook-request.ts';
import { notifyDisabled } from '../webhooks/webhook-notice-mail.ts';
import {
  createWebhookSender,
  removeOldDeliveries,
  type WebhookSenderDeps,
} from '../webhooks/webhook-sender.ts';
import { defaultProductName } from '../contract/product-name.ts';

export interface BackgroundWorkDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly sealingKey: SealingKey;
  readonly vendor: VendorIdentity;
  /** Undefined: no mail is sent. */
  readonly mailer: Mailer | undefined;
  readonly publicUrl: string | undefined;
  readonly allowPrivateWebhooks: boolean;
}

export interface BackgroundWork {
  readonly jobs: JobQueue;
  /** Takes no more work and stops; running imports are restarted by another process. */
  close(): Promise<void>;
}

/** How often notices of failed and held imports are sent. */
const noticeIntervalMs = 5 * 60_000;

/** How often pending webhook messages are sent. */
const webhookIntervalMs = 2_000;

const oldDeliveryIntervalMs = 60 * 60_000;

/** Starts the background work with up to `concurrency` imports at a time. Throws `DatabaseError`. */
export async function startBackgroundWork(
  {
    database,
    log,
    sealingKey,
    vendor,
    mailer,
    publicUrl,
    allowPrivateWebhooks,
  }: BackgroundWorkDeps,
  concurrency: number,
  perHost?: number,
): Promise<BackgroundWork> {
  const closing = new AbortController();
  const jobs = await openJobQueue({
    database,
    log,
    workers: {
      concurrency,
      sealingKey,
      vendor,
      runsSchedule: true,
      ...(perHost !== undefined && { perHost }),
    },
  });
  if (mailer) {
    const now = Temporal.Now.instant;
    const notices = { pool: database.pool, mailer, product: defaultProductName, publicUrl, now };
    const run = async () => {
      await sendNotices(notices);
      await sendStatusChangeMails(notices);
      await notifyDisabled(notices);
      await sendWeeklySummaries(notices);
    };
    startPeriodicTask({ name: 'notices', everyMs: noticeIntervalMs, run }, log, closing.signal);
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

/** Sends webhook messages until the signal aborts. Closing waits for requests in progress. */
function startWebhooks(
  deps: Omit<WebhookSenderDeps, 'client'>,
  allowPrivateAddresses: boolean,
  signal: AbortSignal,
): { close(): Promise<void> } {
  const { pool, log, now } = deps;
  const client = createWebhookClient({ allowPrivateAddresses });
  const sender = createWebhookSender({ ...deps, client });
  const run = async () => sender.sendDue();
  startPeriodicTask({ name: 'webhooks', everyMs: webhookIntervalMs, run }, log, signal);
  const removeOld = async () => removeOldDeliveries(pool, now());
  const cleanup = { name: 'old-deliveries', everyMs: oldDeliveryIntervalMs, run: removeOld };
  startPeriodicTask(cleanup, log, signal);
  return {
    close: async () => {
      await sender.close();
      await client.close();
    },
  };
}
