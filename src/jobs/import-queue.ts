/** Imports that wait for a worker: at most one of a district waits or runs at any time. */
import type { PgBoss, QueueOptions } from 'pg-boss';
import { z } from 'zod';

export const importQueue = 'import';

/** One import of one district, as it lies in the queue; holds no secret and no value of a child. */
export const ImportJob = z.object({
  districtId: z.int().positive(),
  domain: z.string(),
  isDryRun: z.boolean(),
  /** A person let a held run through: the brakes are off for this one. */
  allowsMassChange: z.boolean(),
  origin: z.enum(['schedule', 'person']),
  requestedBy: z.string().optional(),
  approvedRunId: z.int().positive().optional(),
});
export type ImportJob = z.infer<typeof ImportJob>;

const hour = 3600;

export const importQueueOptions = {
  // Of one district (the job's singleton key) one job waits or runs; a further one is not taken.
  policy: 'exclusive',
  // A worker that died is noticed within a minute, and another one takes the job.
  heartbeatSeconds: 30,
  expireInSeconds: 12 * hour,
  retryLimit: 5,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: 10 * 60,
  // A job that no worker takes within a day is yesterday's.
  retentionSeconds: 24 * hour,
  // How an import ended stands with its run; the job itself says nothing more.
  deleteAfterSeconds: 24 * hour,
} as const satisfies QueueOptions & { readonly policy: 'exclusive' };

/** An import that no worker has taken yet, or whose worker is just about to begin. */
export interface WaitingImport {
  readonly isDryRun: boolean;
  readonly requestedAt: string;
  readonly requestedBy: string | null;
}

export interface ImportQueue {
  /** Puts an import in; false when one of the district waits or runs already. */
  send(job: ImportJob): Promise<boolean>;
  /** What is in the queue for the district, begun or not. */
  findWaiting(districtId: number): Promise<WaitingImport | undefined>;
  /** Takes the waiting import out again; false when none waits any more. */
  cancelWaiting(districtId: number): Promise<boolean>;
}

/**
 * The queue over a started pg-boss; `wake` lets a worker of this process look at once, `findHost` names the
 * Skyward server of a district, whose imports are counted together.
 */
export function createImportQueue(
  boss: PgBoss,
  wake: () => void,
  findHost: (districtId: number) => Promise<string | null>,
): ImportQueue {
  const findQueued = async (districtId: number) =>
    boss.findJobs(importQueue, { key: toJobKey(districtId), queued: true, limit: 1 });
  return {
    async send(job) {
      const host = await findHost(job.districtId);
      const id = await boss.send(importQueue, job, {
        singletonKey: toJobKey(job.districtId),
        ...(host !== null && { group: { id: host } }),
      });
      if (id !== null) wake();
      return id !== null;
    },
    async findWaiting(districtId) {
      const jobs = await boss.findJobs(importQueue, { key: toJobKey(districtId) });
      const job = jobs.find(({ state }) => isPending(state));
      const data = job && ImportJob.safeParse(job.data).data;
      if (job === undefined || data === undefined) return undefined;
      return {
        isDryRun: data.isDryRun,
        requestedAt: job.createdOn.toISOString(),
        requestedBy: data.requestedBy ?? null,
      };
    },
    async cancelWaiting(districtId) {
      const [job] = await findQueued(districtId);
      if (job === undefined) return false;
      await boss.cancel(importQueue, job.id);
      const [remaining] = await boss.findJobs(importQueue, { id: job.id });
      return remaining === undefined || remaining.state === 'cancelled';
    },
  };
}

const isPending = (state: string) => state === 'created' || state === 'retry' || state === 'active';

const toJobKey = (districtId: number) => `district ${districtId}`;
