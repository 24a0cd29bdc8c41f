/**
 * Limits how much expensive work runs at once, in all and per group and owner, and shares the places fairly: groups
 * take turns, and so do the owners of one group. In the API a group is a district and an owner is a user.
 */

/** Who the work is for. The same owner may come with several groups. */
export interface WorkOwner {
  readonly group: string | number;
  readonly owner: string | number;
}

export interface ConcurrencyLimits {
  /** Work that runs at once, in all. */
  readonly maxRunning: number;
  /** Of them for one owner (default `atOnce`). */
  readonly maxRunningPerOwner?: number;
  /** Of them for one group (default `atOnce`). */
  readonly maxRunningPerGroup?: number;
  /** Work of one owner that may wait (default `waitingPerGroup`). */
  readonly maxWaitingPerOwner?: number;
  /** Work of one group that may wait. */
  readonly maxWaitingPerGroup: number;
  /** Work that may wait in all (default ten times `waitingPerGroup`). */
  readonly waiting?: number;
}

/** Whose line is full: the owner's, the group's, or that of all. */
export type FullQueue = 'owner' | 'group' | 'all';

/** Thrown when the line is full; the API answers it with 429 and Retry-After. */
export class QueueFullError extends Error {
  override readonly name = 'TurnsFullError';
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
   * Runs `work` when its turn comes, and gives its place back when it is done, however it ends. Throws
   * `TurnsFullError` at once when the line is full. An aborted `signal` takes waiting work out of the line; work
   * that runs has to look at the signal itself.
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
  /** What Retry-After says (default 10). */
  readonly retryAfterSeconds?: number;
}

/** Opens the turns of one kind of work in this process. */
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

/** The order of turns without clock or promises: who waits, who runs, who is next. */
export class FairSchedule<Ticket extends WorkOwner> {
  readonly #limits: Required<ConcurrencyLimits>;
  readonly #groups = new Shares();
  readonly #owners = new Shares();
  /** In the order of arrival. */
  readonly #line = new Set<Ticket>();
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
    return this.#line.size;
  }

  /** Adds a ticket, or returns which line is full. A ticket that may run at once needs no room in a line. */
  enter(ticket: Ticket): FullQueue | undefined {
    const full = this.#mayRun(ticket) ? undefined : this.#fullLine(ticket);
    if (full === undefined) this.#line.add(ticket);
    return full;
  }

  /** Takes a waiting ticket out of the line; false when it was not waiting. */
  leave(ticket: Ticket): boolean {
    return this.#line.delete(ticket);
  }

  /** Lets the next ticket run; undefined while none may. Call it until then after every `enter`, `leave` and `end`. */
  next(): Ticket | undefined {
    let best: Ticket | undefined;
    for (const ticket of this.#line) {
      if (!this.#mayRun(ticket)) continue;
      if (best === undefined || this.#isBefore(ticket, best)) best = ticket;
    }
    if (best === undefined) return undefined;
    this.#line.delete(best);
    this.#running += 1;
    this.#groups.begin(best.group);
    this.#owners.begin(best.owner);
    this.#forget();
    return best;
  }

  /** Takes the place of a ticket back that `next` returned. */
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

  #fullLine(ticket: Ticket): FullQueue | undefined {
    const { maxWaitingPerOwner, maxWaitingPerGroup, waiting } = this.#limits;
    let ofOwner = 0;
    let ofGroup = 0;
    for (const { owner, group } of this.#line) {
      if (owner === ticket.owner) ofOwner += 1;
      if (group === ticket.group) ofGroup += 1;
    }
    const isOwnersFull = ofOwner >= maxWaitingPerOwner;
    const isGroupsFull = ofGroup >= maxWaitingPerGroup;
    if (!isOwnersFull && !isGroupsFull && this.#line.size < waiting) return undefined;
    // Names who is in the way: nobody is told of work of their own who has none.
    if (isOwnersFull && ofOwner + this.#owners.running(ticket.owner) > 0) return 'owner';
    const isGroupInTheWay = ofGroup + this.#groups.running(ticket.group) > 0;
    return (isOwnersFull || isGroupsFull) && isGroupInTheWay ? 'group' : 'all';
  }

  /** Whether `one`, which came later, goes first all the same. */
  #isBefore(one: Ticket, other: Ticket): boolean {
    const byGroup = this.#groups.compare(one.group, other.group);
    return (byGroup === 0 ? this.#owners.compare(one.owner, other.owner) : byGroup) < 0;
  }

  /** Turns of the past matter only to those who wait. */
  #forget(): void {
    const queue = [...this.#line];
    this.#groups.forget(new Set(queue.map(({ group }) => group)));
    this.#owners.forget(new Set(queue.map(({ owner }) => owner)));
  }
}

/** How much of the work each group (or owner) has now, and who had the latest turn. */
class Shares {
  readonly #running = new Map<string | number, number>();
  /** In the order of their latest turns, the oldest first; who is not in it comes before all. */
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

  /** Below 0: `one` is due before `other`, because it has less now, or had its turn longer ago. */
  compare(one: string | number, other: string | number): number {
    return (
      this.running(one) - this.running(other) ||
      (this.#turns.get(one) ?? 0) - (this.#turns.get(other) ?? 0)
    );
  }

  /** Drops the turns that no longer put anyone behind those who wait, so that the memory stays bounded. */
  forget(waiting: ReadonlySet<string | number>): void {
    for (const key of this.#turns.keys()) {
      if (waiting.has(key)) return;
      if (this.running(key) === 0) this.#turns.delete(key);
    }
  }
}
