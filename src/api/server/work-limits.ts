/** Concurrency limits of expensive work in this process. */
import {
  createConcurrencyLimiter,
  type ConcurrencyLimits,
  type ConcurrencyLimiter,
} from '../../network/concurrency-limiter.ts';

/** A group is a district, an owner a user. If the queue is full, the response is a 429. */
const workLimits = {
  /** From a download's request until its last byte is sent; each may have a temporary file. */
  downloads: {
    maxRunning: 60,
    maxRunningPerGroup: 20,
    maxRunningPerOwner: 3,
    maxWaitingPerGroup: 0,
    retryAfterSeconds: 30,
  },
  /** Exports being written; each uses a database connection. */
  exports: {
    maxRunning: 3,
    maxRunningPerGroup: 2,
    maxRunningPerOwner: 1,
    maxWaitingPerGroup: 20,
    retryAfterSeconds: 15,
  },
  /** Prints of many documents, each in its own thread. One slot is always left for another district. */
  prints: {
    maxRunning: 2,
    maxRunningPerGroup: 1,
    maxRunningPerOwner: 1,
    maxWaitingPerGroup: 10,
    retryAfterSeconds: 30,
  },
  /** Prints of single documents, each in its own thread. One slot is always left for another district. */
  'single prints': {
    maxRunning: 3,
    maxRunningPerGroup: 2,
    maxRunningPerOwner: 1,
    maxWaitingPerGroup: 20,
  },
  /** PDF forms being filled, each in its own thread. */
  'PDF fillings': {
    maxRunning: 2,
    maxRunningPerGroup: 1,
    maxRunningPerOwner: 1,
    maxWaitingPerGroup: 20,
  },
  /** Uploads, up to 10 MB each in memory, until they are answered. */
  uploads: {
    maxRunning: 20,
    maxRunningPerGroup: 6,
    maxRunningPerOwner: 2,
    maxWaitingPerGroup: 0,
    retryAfterSeconds: 30,
  },
  /** Uploaded PDF forms and logos being checked; separate, so that a broken file does not delay filling. */
  'PDF uploads': {
    maxRunning: 2,
    maxRunningPerGroup: 1,
    maxRunningPerOwner: 1,
    maxWaitingPerGroup: 4,
    retryAfterSeconds: 30,
  },
  /** Event streams; between events they use no database connection. */
  'live updates': {
    maxRunning: 300,
    maxRunningPerGroup: 100,
    maxRunningPerOwner: 6,
    maxWaitingPerGroup: 0,
  },
} as const satisfies Readonly<
  Record<string, ConcurrencyLimits & { readonly retryAfterSeconds?: number }>
>;

export type WorkKind = keyof typeof workLimits | 'requests';

export type Work = Readonly<Record<WorkKind, ConcurrencyLimiter>>;

/** What a test changes in the table. */
export type WorkLimiters = Readonly<Partial<Record<WorkKind, Partial<ConcurrencyLimits>>>>;

/** Creates the limits of a process whose requests share this many database connections. */
export function createWorkLimiters(connections: number, changed: WorkLimiters = {}): Work {
  const open = (
    what: WorkKind,
    limits: ConcurrencyLimits & { readonly retryAfterSeconds?: number },
  ) => createConcurrencyLimiter({ what, ...limits, ...changed[what] });
  const part = (share: number) => Math.max(1, Math.floor(connections * share));
  return {
    downloads: open('downloads', workLimits.downloads),
    exports: open('exports', {
      ...workLimits.exports,
      maxRunning: Math.min(workLimits.exports.maxRunning, Math.max(1, connections - 1)),
    }),
    prints: open('prints', workLimits.prints),
    'single prints': open('single prints', workLimits['single prints']),
    'PDF fillings': open('PDF fillings', workLimits['PDF fillings']),
    uploads: open('uploads', workLimits.uploads),
    'PDF uploads': open('PDF uploads', workLimits['PDF uploads']),
    'live updates': open('live updates', workLimits['live updates']),
    // Transactions of a district: slow searches of one district leave connections for the others.
    requests: open('requests', {
      maxRunning: connections,
      maxRunningPerGroup: part(0.6),
      maxRunningPerOwner: part(0.6),
      maxWaitingPerOwner: 50,
      maxWaitingPerGroup: 200,
      retryAfterSeconds: 5,
    }),
  };
}
