/** What runs asked of Skyward: how often, with what success, and how long it took to answer. */
import type { Queryable } from '../../database/queryable.ts';

/** Requests of one run; `seconds` is the time of all of them together. */
export interface RequestStatistics {
  readonly requests: number;
  /** No answer, or one that says the server is in trouble or wants quiet (429, 5xx). */
  readonly failed: number;
  readonly seconds: number;
}

/** One finished request; `status` is 0 when no answer came. */
interface Request {
  readonly status: number;
  readonly ms: number;
}

/** Counts requests as they end. */
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
      if (request.status === 0 || request.status === 429 || request.status >= 500) failed++;
    },
    total: () => ({ requests, failed, seconds: ms / 1000 }),
  };
}

/** Keeps it with the run, however that ended. */
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
