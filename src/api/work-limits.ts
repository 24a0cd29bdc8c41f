/** How much expensive work this process does at once, and for whom: the one table of turns. */
import { openTurns, type TurnLimits, type Turns } from '../network/turns.ts';

/** A group is a district, an owner a user. Whoever finds the line full is answered with 429. */
const workLimits = {
  /** From the request of a download until its last byte is sent; each may have a temporary file. */
  downloads: { atOnce: 60, perGroup: 20, perOwner: 3, waitingPerGroup: 0, retryAfterSeconds: 30 },
  /** Tables written into their files; each has a database connection meanwhile. */
  exports: { atOnce: 3, perGroup: 2, perOwner: 1, waitingPerGroup: 20, retryAfterSeconds: 15 },
  /** Prints of many documents, each in a thread of its own. One place always waits for another district. */
  prints: { atOnce: 2, perGroup: 1, perOwner: 1, waitingPerGroup: 10, retryAfterSeconds: 30 },
  /** Single documents on paper, each in a thread of its own. One place always waits for another district. */
  'single prints': { atOnce: 3, perGroup: 2, perOwner: 1, waitingPerGroup: 20 },
  /** PDF forms filled, each in a thread of its own. */
  'PDF fillings': { atOnce: 2, perGroup: 1, perOwner: 1, waitingPerGroup: 20 },
  /** Files that arrive, up to 10 MB each in memory, until they are answered. */
  uploads: { atOnce: 20, perGroup: 6, perOwner: 2, waitingPerGroup: 0, retryAfterSeconds: 30 },
  /** Uploaded PDF forms and logos opened for the first time: what is wrong with one must not delay fillings. */
  'PDF uploads': { atOnce: 2, perGroup: 1, perOwner: 1, waitingPerGroup: 4, retryAfterSeconds: 30 },
  /** Streams of events; between two events none of them has a connection. */
  'live updates': { atOnce: 300, perGroup: 100, perOwner: 6, waitingPerGroup: 0 },
} as const satisfies Readonly<Record<string, TurnLimits & { readonly retryAfterSeconds?: number }>>;

export type WorkKind = keyof typeof workLimits | 'requests';

export type Work = Readonly<Record<WorkKind, Turns>>;

/** What a test changes of the table. */
export type WorkLimits = Readonly<Partial<Record<WorkKind, Partial<TurnLimits>>>>;

/** Opens the turns of a process whose requests share so many database connections. */
export function openWork(connections: number, changed: WorkLimits = {}): Work {
  const open = (what: WorkKind, limits: TurnLimits & { readonly retryAfterSeconds?: number }) =>
    openTurns({ what, ...limits, ...changed[what] });
  const part = (share: number) => Math.max(1, Math.floor(connections * share));
  return {
    downloads: open('downloads', workLimits.downloads),
    exports: open('exports', {
      ...workLimits.exports,
      atOnce: Math.min(workLimits.exports.atOnce, Math.max(1, connections - 1)),
    }),
    prints: open('prints', workLimits.prints),
    'single prints': open('single prints', workLimits['single prints']),
    'PDF fillings': open('PDF fillings', workLimits['PDF fillings']),
    uploads: open('uploads', workLimits.uploads),
    'PDF uploads': open('PDF uploads', workLimits['PDF uploads']),
    'live updates': open('live updates', workLimits['live updates']),
    // Transactions of a district: slow searches of one leave connections to all others.
    requests: open('requests', {
      atOnce: connections,
      perGroup: part(0.6),
      perOwner: part(0.6),
      waitingPerOwner: 50,
      waitingPerGroup: 200,
      retryAfterSeconds: 5,
    }),
  };
}
