/** The queue of imports. Each district has at most one queued or running import at any time. */
import type { PgBoss, QueueOptions } from 'pg-boss';
import { z } from 'zod';

import { workerLiveness } from './worker-liveness.ts';

export const importQueue = 'import';

/** One import of one district, or an undo of one. Contains no secret and no student data. */
export const ImportJob = z.object({
  districtId: z.int().positive(),
  domain: z.string(),
  isDryRun: z.boolean(),
  /** A reviewer approved a held import: the safety limits do not apply. */
  allowsMassChange: z.boolean(),
  origin: z.enum(['schedule', 'person']),
  requestedBy: z.string().optional(),
  approvedRunId: z.int().positive().optional(),
  /** Undoes an import instead; `lastRunId` is the newest one that the user knew would be undone, too. */
  undo: z
    .object({
      runId: z.int().positive(),
      lastRunId: z.int().positive().optional(),
      reason: z.string().nullable(),
    })
    .optional(),
});
export type ImportJob = z.infer<typeof ImportJob>;

const hour = 3600;

export const importQueueOptions = {
  // One queued or running job for each district (the job's singleton key); another is rejected.
  policy: 'exclusive',
  heartbeatSeconds: workerLiveness.heartbeat,
  expireInSeconds: 12 * hour,
  retryLimit: 5,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: 10 * 60,
  // A job that no worker takes within a day is obsolete.
  retentionSeconds: 24 * hour,
  // The result of an import is stored with its run; the finished job holds nothing more.
  deleteAfterSeconds: 24 * hour,
} as const satisfies QueueOptions & { readonly policy: 'exclusive' };

/** A queued import, or one that a worker has taken. */
export interface WaitingImport {
  readonly isDryRun: boolean;
  /** A worker has taken it: it starts, runs or has just ended. */
  readonly isTaken: boolean;
  readonly requestedAt: string;
  readonly requestedBy: string | null;
}

export interface ImportQueue {
  /** Enqueues an import. Returns false when the district already has one queued or running. */
  send(job: ImportJob): Promise<boolean>;
  /** Returns the district's queued or running import. */
  findWaiting(districtId: number): Promise<WaitingImport | undefined>;
  /** Removes the queued import. Returns false when there is none, or when a worker has taken it. */
  cancelWaiting(districtId: number): Promise<boolean>;
}

/**
 * Returns the import queue of a started pg-boss. `wake` makes a worker of this process check the queue now;
 * `findHost` returns a district's Skyward host, by which pg-boss groups jobs for the limit per host.
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
        isTaken: job.state === 'active',
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
