/** What a process does for the nights: takes imports, begins nights, tells people what they have to know. */
import type { Logger } from 'pino';

import type { Database } from '../database/database.ts';
import { tellNotices } from '../districts/connection-notice-mail.ts';
import type { SealingKey } from '../districts/sealed-secret.ts';
import { sendWeeklySummaries } from '../districts/weekly-summary.ts';
import { type JobQueue, openJobQueue } from '../jobs/job-queue.ts';
import { startRounds } from '../jobs/rounds.ts';
import type { Mailer } from '../mail/mailer.ts';

export interface NightWorkParts {
  readonly database: Database;
  readonly log: Logger;
  readonly sealingKey: SealingKey;
  /** Undefined: nobody is told by mail. */
  readonly mailer: Mailer | undefined;
  readonly publicUrl: string | undefined;
}

export interface NightWork {
  readonly jobs: JobQueue;
  /** Takes nothing new, hands over what is under way. */
  close(): Promise<void>;
}

/** How soon somebody hears that a night failed or is held. */
const noticesEveryMs = 5 * 60_000;

/** Starts working on so many imports at a time. Throws `DatabaseFault`. */
export async function openNightWork(
  { database, log, sealingKey, mailer, publicUrl }: NightWorkParts,
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
      beginsNights: true,
      ...(perHost !== undefined && { perHost }),
    },
  });
  if (mailer) {
    const now = Temporal.Now.instant;
    const notices = { pool: database.pool, mailer, product: 'SameGoal', publicUrl, now };
    const go = async () => {
      await tellNotices(notices);
      await sendWeeklySummaries(notices);
    };
    startRounds({ name: 'notices', everyMs: noticesEveryMs, go }, log, closing.signal);
  }
  return {
    jobs,
    close: async () => {
      closing.abort();
      await jobs.close();
    },
  };
}
