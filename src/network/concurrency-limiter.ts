/**
 * Limits how much expensive work runs at once, in total and per group and owner. Waiting groups are served in rotation,
 * and so are the owners of one group. In the API a group is a district and an owner is a user.
 */

/** Who the work is for. An owner may belong to several groups. */
export interface WorkOwner {
  readonly group: string | number;
  readonly owner: string | number;
}

export interface ConcurrencyLimits {
  /** How much runs at once in total. */
  readonly maxRunning: number;
  /** How much runs at once for one owner (default `maxRunning`). */
  readonly maxRunningPerOwner?: number;
  /** How much runs at once for one group (default `maxRunning`). */
  readonly maxRunningPerGroup?: number;
  /** How much of one owner may wait (default `maxWaitingPerGroup`). */
  readonly maxWaitingPerOwner?: number;
  /** How much of one group may wait. */
  readonly maxWaitingPerGroup: number;
  /** How much may wait in total (default ten times `maxWaitingPerGroup`). */
  readonly waiting?: number;
}

/** Which queue is full: the owner's, the group's, or the whole. */
export type FullQueue = 'owner' | 'group' | 'all';

/** Thrown if the queue is full. The API responds with 429 and Retry-After. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
  /** What is limited, in the plural: "exports". */
  readonly what: string;
  readonly queue: FullQueue;
  readonly retryAfterSeconds: number;

  constructor(what: string, queue: FullQueue, retryAfterSeconds: number) {
    super(`Too many ${what} are in progress or waiting`);
    this.what = what;
    this.queue = queue;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface ConcurrencyCounts {
  readonly running: number;
  readonly waiting: number;
  /** Since the process started. */
  readonly rejected: number;
}

export interface ConcurrencyLimiter {
  /**
   * Runs `work` when it is its turn. Throws `QueueFullError` at once if the queue is full. An aborted `signal` removes
   * waiting work from the queue; running work must check the signal itself.
   */
  take<Result>(
    whose: WorkOwner,
    work: () => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result>;
  counts(): ConcurrencyCounts;
}

export interface ConcurrencyLimiterOptions extends ConcurrencyLimits {
  /** What is limited, in the plural, for messages and metrics: "exports". */
  readonly what: string;
  /** The value of Retry-After (default 10). */
  readonly retryAfterSeconds?: number;
}

/** Returns a limiter for one kind of work in this process. */
export function createConcurrencyLimiter({
  what,
  retryAfterSeconds = 10,
  ...limits
}: ConcurrencyLimiterOptions): ConcurrencyLimiter {
  interface Ticket extends WorkOwner {
    readonly begin: () => void;
  }
  const schedule = new FairSchedule<Ticket>(limits);
  let rejected = 0;
  const beginNext = () => {
    for (let next = schedule.next(); next !== undefined; next = schedule.next()) next.begin();
  };
  return {
    async take({ group, owner }, work, signal) {
      signal?.throwIfAborted();
      const turn = Promise.withResolvers<void>();
      let hasBegun = false;
      const begin = () => {
        hasBegun = true;
        turn.resolve();
      };
      const ticket = { group, owner, begin };
      const full = schedule.enter(ticket);
      if (full !== undefined) {
        rejected += 1;
        throw new QueueFullError(what, full, retryAfterSeconds);
      }
      beginNext();
      if (!hasBegun) {
        const leave = () => {
          if (schedule.leave(ticket)) turn.reject(signal?.reason);
        };
        signal?.addEventListener('abort', leave, { once: true });
        try {
          await turn.promise;
        } finally {
          signal?.removeEventListener('abort', leave);
        }
      }
      try {
        return await work();
      } finally {
        schedule.end(ticket);
        beginNext();
      }
    },
    counts: () => ({ running: schedule.running, waiting: schedule.waiting, rejected }),
  };
}

/** The queue without clock or promises: which tickets wait, which run, which is next. */
export class FairSchedule<Ticket extends WorkOwner> {
  readonly #limits: Required<ConcurrencyLimits>;
  readonly #groups = new Shares();
  readonly #owners = new Shares();
  /** In the order of arrival. */
  readonly #queue = new Set<Ticket>();
  #running = 0;

  constructor(limits: ConcurrencyLimits) {
    this.#limits = {
      maxRunningPerOwner: limits.maxRunning,
      maxRunningPerGroup: limits.maxRunning,
      maxWaitingPerOwner: limits.maxWaitingPerGroup,
      waiting: 10 * limits.maxWaitingPerGroup,
      ...limits,
    };
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Adds a ticket, or returns which queue is full. A ticket that can run at once needs no space in a queue. */
  enter(ticket: Ticket): FullQueue | undefined {
    const full = this.#mayRun(ticket) ? undefined : this.#findFullQueue(ticket);
    if (full === undefined) this.#queue.add(ticket);
    return full;
  }

  /** Removes a waiting ticket; returns false if it was not waiting. */
  leave(ticket: Ticket): boolean {
    return this.#queue.delete(ticket);
  }

  /** Starts the next ticket; undefined if none may run. Call it until then after every `enter`, `leave` and `end`. */
  next(): Ticket | undefined {
    let best: Ticket | undefined;
    for (const ticket of this.#queue) {
      if (!this.#mayRun(ticket)) continue;
      if (best === undefined || this.#isBefore(ticket, best)) best = ticket;
    }
    if (best === undefined) return undefined;
    this.#queue.delete(best);
    this.#running += 1;
    this.#groups.begin(best.group);
    this.#owners.begin(best.owner);
    this.#forget();
    return best;
  }

  /** Frees the place of a ticket that `next` returned. */
  end(ticket: Ticket): void {
    this.#running -= 1;
    this.#groups.end(ticket.group);
    this.#owners.end(ticket.owner);
  }

  #mayRun({ group, owner }: Ticket): boolean {
    const { maxRunning, maxRunningPerGroup, maxRunningPerOwner } = this.#limits;
    return (
      this.#running < maxRunning &&
      this.#groups.running(group) < maxRunningPerGroup &&
      this.#owners.running(owner) < maxRunningPerOwner
    );
  }

  #findFullQueue(ticket: Ticket): FullQueue | undefined {
    const { maxWaitingPerOwner, maxWaitingPerGroup, waiting } = this.#limits;
    let ofOwner = 0;
    let ofGroup = 0;
    for (const { owner, group } of this.#queue) {
      if (owner === ticket.owner) ofOwner += 1;
      if (group === ticket.group) ofGroup += 1;
    }
    const isOwnerFull = ofOwner >= maxWaitingPerOwner;
    const isGroupFull = ofGroup >= maxWaitingPerGroup;
    if (!isOwnerFull && !isGroupFull && this.#queue.size < waiting) return undefined;
    // Names the owner only if the owner has work here, and the group likewise.
    if (isOwnerFull && ofOwner + this.#owners.running(ticket.owner) > 0) return 'owner';
    const hasGroupWork = ofGroup + this.#groups.running(ticket.group) > 0;
    return (isOwnerFull || isGroupFull) && hasGroupWork ? 'group' : 'all';
  }

  /** Whether `one`, which was added later, is before `other`. */
  #isBefore(one: Ticket, other: Ticket): boolean {
    const byGroup = this.#groups.compare(one.group, other.group);
    return (byGroup === 0 ? this.#owners.compare(one.owner, other.owner) : byGroup) < 0;
  }

  /** Past turns matter only for waiting tickets. */
  #forget(): void {
    const waiting = [...this.#queue];
    this.#groups.forget(new Set(waiting.map(({ group }) => group)));
    this.#owners.forget(new Set(waiting.map(({ owner }) => owner)));
  }
}

/** How much each group (or owner) has running, and when it had its latest turn. */
class Shares {
  readonly #running = new Map<string | number, number>();
  /** The latest turn of each, oldest first. One without a turn is before all others. */
  readonly #turns = new Map<string | number, number>();
  #turn = 0;

  running(key: string | number): number {
    return this.#running.get(key) ?? 0;
  }

  begin(key: string | number): void {
    this.#running.set(key, this.running(key) + 1);
    this.#turns.delete(key);
    this.#turns.set(key, ++this.#turn);
  }

  end(key: string | number): void {
    const left = this.running(key) - 1;
    if (left === 0) this.#running.delete(key);
    else this.#running.set(key, left);
  }

  /** Negative if `one` is before `other`: it has less running, or its latest turn is older. */
  compare(one: string | number, other: string | number): number {
    return (
      this.running(one) - this.running(other) ||
      (this.#turns.get(one) ?? 0) - (this.#turns.get(other) ?? 0)
    );
  }

  /** Drops turns that no longer affect the order, so that memory is bounded. */
  forget(waiting: ReadonlySet<string | number>): void {
    for (const key of this.#turns.keys()) {
      if (waiting.has(key)) return;
      if (this.running(key) === 0) this.#turns.delete(key);
    }
  }
}
