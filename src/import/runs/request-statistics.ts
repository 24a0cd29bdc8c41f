/** Request statistics of a run: number, failures and duration of requests to Skyward. */
import type { Queryable } from '../../database/queryable.ts';

/** `seconds` is the total duration of all requests. */
export interface RequestStatistics {
  readonly requests: number;
  /** No response, or status 429 or 5xx; not those that were canceled. */
  readonly failed: number;
  readonly seconds: number;
}

/** One finished request; `status` is 0 without a response. */
interface Request {
  readonly status: number;
  readonly ms: number;
  readonly isCancelled?: boolean;
}

/** Returns a counter of finished requests. */
export function createRequestCounter(): {
  readonly add: (request: Request) => void;
  readonly total: () => RequestStatistics;
} {
  let requests = 0;
  let failed = 0;
  let ms = 0;
  return {
    add: (request) => {
      requests++;
      ms += request.ms;
      const { status } = request;
      const hasFailed = status === 0 || status === 429 || status >= 500;
      if (hasFailed && request.isCancelled !== true) failed++;
    },
    total: () => ({ requests, failed, seconds: ms / 1000 }),
  };
}

/** Stores the statistics with the run. */
export async function recordRequestStatistics(
  db: Queryable,
  districtId: number,
  runId: number,
  { requests, failed, seconds }: RequestStatistics,
): Promise<void> {
  await db.query(
    `update import_runs set requests = $3, requests_failed = $4, request_seconds = $5
     where district_id = $1 and id = $2`,
    [districtId, runId, requests, failed, seconds],
  );
}
