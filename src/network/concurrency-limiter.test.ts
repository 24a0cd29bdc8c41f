/** The limiter keeps its limits, is fair between groups and owners, and runs everything once. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  createConcurrencyLimiter,
  FairSchedule,
  QueueFullError,
  type ConcurrencyLimits,
} from './concurrency-limiter.ts';

interface Ticket {
  readonly id: number;
  readonly group: number;
  readonly owner: number;
}

const limits = fc.record({
  maxRunning: fc.integer({ min: 1, max: 6 }),
  maxRunningPerGroup: fc.integer({ min: 1, max: 4 }),
  maxRunningPerOwner: fc.integer({ min: 1, max: 3 }),
  maxWaitingPerGroup: fc.integer({ min: 0, max: 6 }),
  maxWaitingPerOwner: fc.integer({ min: 0, max: 4 }),
  waiting: fc.integer({ min: 0, max: 12 }),
});

type Step = { readonly group: number; readonly owner: number } | { readonly pick: number };
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ group: fc.nat(2), owner: fc.nat(5) }) },
    { weight: 2, arbitrary: fc.record({ pick: fc.nat(), isLeaving: fc.constant(false) }) },
    { weight: 1, arbitrary: fc.record({ pick: fc.nat(), isLeaving: fc.constant(true) }) },
  ),
  { maxLength: 120 },
);

/** A schedule with its history and the rules that it broke. */
class Observed {
  readonly schedule: FairSchedule<Ticket>;
  readonly given: ConcurrencyLimits;
  readonly waiting: Ticket[] = [];
  readonly running: Ticket[] = [];
  readonly begun: Ticket[] = [];
  readonly left: Ticket[] = [];
  readonly breaches: string[] = [];
  entered = 0;

  constructor(given: ConcurrencyLimits) {
    this.given = given;
    this.schedule = new FairSchedule(given);
  }

  enter(group: number, owner: number): void {
    const ticket = { id: this.entered, group, owner };
    if (this.schedule.enter(ticket) === undefined) {
      this.entered += 1;
      this.waiting.push(ticket);
    }
    this.beginAll();
  }

  end(pick: number): void {
    if (this.running.length === 0) return;
    const [ticket] = this.running.splice(pick % this.running.length, 1);
    if (ticket !== undefined) this.schedule.end(ticket);
    this.beginAll();
  }

  leave(pick: number): void {
    if (this.waiting.length === 0) return;
    const [ticket] = this.waiting.splice(pick % this.waiting.length, 1);
    if (ticket === undefined) return;
    this.hold('a waiting ticket can leave', this.schedule.leave(ticket));
    this.hold('and only once', !this.schedule.leave(ticket));
    this.left.push(ticket);
    this.beginAll();
  }

  beginAll(): void {
    for (let next = this.schedule.next(); next !== undefined; next = this.schedule.next()) {
      const ticket = next;
      const place = this.waiting.indexOf(ticket);
      this.hold('who begins was waiting', place >= 0);
      const others = this.waiting.filter((one) => this.mayRun(one));
      this.hold(
        'nobody who may run has less',
        others.every((one) => this.count('group', ticket) <= this.count('group', one)),
      );
      this.waiting.splice(place, 1);
      this.running.push(ticket);
      this.begun.push(ticket);
    }
    this.hold('running is counted', this.schedule.running === this.running.length);
    this.hold('waiting is counted', this.schedule.waiting === this.waiting.length);
    this.hold('no place stays empty', !this.waiting.some((one) => this.mayRun(one)));
    this.checkLimits();
  }

  checkLimits(): void {
    const {
      maxRunning,
      maxRunningPerGroup = maxRunning,
      maxRunningPerOwner = maxRunning,
    } = this.given;
    this.hold('atOnce', this.running.length <= maxRunning);
    for (const one of this.running) {
      this.hold('perGroup', this.count('group', one) <= maxRunningPerGroup);
      this.hold('perOwner', this.count('owner', one) <= maxRunningPerOwner);
    }
    const { waiting = Infinity, maxWaitingPerGroup, maxWaitingPerOwner = Infinity } = this.given;
    this.hold('waiting', this.waiting.length <= waiting);
    for (const one of this.waiting) {
      this.hold('waitingPerGroup', this.count('group', one, this.waiting) <= maxWaitingPerGroup);
      this.hold('waitingPerOwner', this.count('owner', one, this.waiting) <= maxWaitingPerOwner);
    }
  }

  count(key: 'group' | 'owner', ticket: Ticket, of: readonly Ticket[] = this.running): number {
    return of.filter((one) => one[key] === ticket[key]).length;
  }

  mayRun(ticket: Ticket): boolean {
    const {
      maxRunning,
      maxRunningPerGroup = maxRunning,
      maxRunningPerOwner = maxRunning,
    } = this.given;
    return (
      this.running.length < maxRunning &&
      this.count('group', ticket) < maxRunningPerGroup &&
      this.count('owner', ticket) < maxRunningPerOwner
    );
  }

  hold(rule: string, isHeld: boolean): void {
    if (!isHeld) this.breaches.push(rule);
  }
}

function play(observed: Observed, all: readonly (Step & { isLeaving?: boolean })[]): void {
  for (const step of all) {
    if ('group' in step) observed.enter(step.group, step.owner);
    else if (step.isLeaving === true) observed.leave(step.pick);
    else observed.end(step.pick);
  }
}

describe('the schedule', () => {
  it('keeps every limit, leaves no place empty, and prefers those with less running', () => {
    fc.assert(
      fc.property(limits, steps, (given, all) => {
        const observed = new Observed(given);
        play(observed, all);
        expect(observed.breaches).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('runs once everything that was added and not removed', () => {
    fc.assert(
      fc.property(limits, steps, (given, all) => {
        const observed = new Observed(given);
        play(observed, all);
        while (observed.running.length > 0) observed.end(0);
        const ids = [...observed.begun, ...observed.left].map(({ id }) => id);
        expect(ids.toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: observed.entered }, (_, id) => id),
        );
      }),
    );
  });

  it('starts a new group before further work of one that has its share', () => {
    fc.assert(
      fc.property(limits, steps, fc.nat(), (given, all, pick) => {
        const observed = new Observed({ ...given, waiting: 1000, maxWaitingPerGroup: 100 });
        play(observed, all);
        const before = observed.begun.length;
        const served = new Set(observed.running.map(({ group }) => group));
        observed.enter(99, 99);
        const isIn = [...observed.waiting, ...observed.running].some(({ group }) => group === 99);
        fc.pre(isIn);
        for (let tries = pick; observed.waiting.some(({ group }) => group === 99); tries++) {
          observed.end(tries);
        }
        const groups = observed.begun.slice(before).map(({ group }) => group);
        const passed = groups.slice(0, groups.indexOf(99));
        expect(passed.filter((group) => served.has(group))).toEqual([]);
        expect(passed).toHaveLength(new Set(passed).size);
      }),
    );
  });

  it('serves groups in rotation, so that a busy group does not overtake those that wait', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 60 }), (groups) => {
        const observed = new Observed({ maxRunning: 1, maxWaitingPerGroup: 100, waiting: 1000 });
        observed.enter(0, 0);
        observed.enter(0, 0);
        // Others come and go, one after the other; each group passes by once at the most.
        for (const group of groups) {
          observed.enter(group + 1, 1);
          observed.end(0);
          if (observed.begun.filter((one) => one.group === 0).length > 1) break;
        }
        const passed = observed.begun
          .slice(1)
          .map(({ group }) => group)
          .filter((group) => group !== 0);
        expect(passed).toHaveLength(new Set(passed).size);
      }),
    );
  });

  it('serves the owners of one group in rotation as well', () => {
    const observed = new Observed({ maxRunning: 1, maxWaitingPerGroup: 10 });
    for (const owner of [1, 1, 1, 2, 3]) observed.enter(0, owner);
    for (let left = 5; left > 0; left--) observed.end(0);
    expect(observed.begun.map(({ owner }) => owner)).toEqual([1, 2, 3, 1, 1]);
  });

  it('prefers a group with less running to one with an older turn', () => {
    const observed = new Observed({ maxRunning: 4, maxWaitingPerGroup: 10 });
    for (const group of [1, 1, 2, 3, 1, 2]) observed.enter(group, 10 * group);
    observed.end(3);
    expect(observed.begun.at(-1)?.group).toBe(2);
  });

  it('names the full queue', () => {
    const schedule = new FairSchedule<Ticket>({
      maxRunning: 1,
      maxWaitingPerOwner: 1,
      maxWaitingPerGroup: 2,
      waiting: 3,
    });
    const enter = (group: number, owner: number) => schedule.enter({ id: 0, group, owner });
    expect(enter(1, 1)).toBe(undefined);
    schedule.next();
    expect([enter(1, 1), enter(1, 1)]).toEqual([undefined, 'owner']);
    expect([enter(1, 2), enter(1, 3)]).toEqual([undefined, 'group']);
    expect([enter(2, 4), enter(2, 5)]).toEqual([undefined, 'all']);
  });
});

describe('the limiter', () => {
  const whose = (group: string, owner = group) => ({ group, owner });

  it('frees the place when the work throws, and passes the error on', async () => {
    const limiter = createConcurrencyLimiter({
      what: 'exports',
      maxRunning: 1,
      maxWaitingPerGroup: 5,
    });
    const broken = limiter.take(whose('a'), () => Promise.reject(new Error('the disk is full')));
    const next = limiter.take(whose('a'), () => Promise.resolve('done'));
    await expect(broken).rejects.toThrow('the disk is full');
    expect(await next).toBe('done');
    const thrown = limiter.take(whose('a'), () => {
      throw new Error('at once');
    });
    await expect(thrown).rejects.toThrow('at once');
    expect(limiter.counts()).toEqual({ running: 0, waiting: 0, rejected: 0 });
  });

  it('throws at once if the queue is full', async () => {
    const limiter = createConcurrencyLimiter({
      what: 'exports',
      maxRunning: 1,
      maxWaitingPerGroup: 0,
      retryAfterSeconds: 7,
    });
    const gate = Promise.withResolvers<string>();
    const first = limiter.take(whose('a'), () => gate.promise);
    const rejected = limiter.take(whose('a', 'b'), () => Promise.resolve('never'));
    await expect(rejected).rejects.toBeInstanceOf(QueueFullError);
    await expect(rejected).rejects.toMatchObject({
      what: 'exports',
      queue: 'group',
      retryAfterSeconds: 7,
    });
    expect(limiter.counts()).toEqual({ running: 1, waiting: 0, rejected: 1 });
    gate.resolve('done');
    expect(await first).toBe('done');
  });

  it('removes waiting work when its signal aborts, and nothing else', async () => {
    const limiter = createConcurrencyLimiter({
      what: 'exports',
      maxRunning: 1,
      maxWaitingPerGroup: 5,
    });
    const gate = Promise.withResolvers<string>();
    const gone = new AbortController();
    const first = limiter.take(whose('a'), () => gate.promise, gone.signal);
    const second = limiter.take(whose('a'), () => Promise.resolve('never'), gone.signal);
    const third = limiter.take(whose('a'), () => Promise.resolve('third'));
    gone.abort(new Error('the reader left'));
    await expect(second).rejects.toThrow('the reader left');
    await expect(
      limiter.take(whose('a'), () => Promise.resolve('never'), gone.signal),
    ).rejects.toThrow('the reader left');
    gate.resolve('first');
    expect(await first).toBe('first');
    expect(await third).toBe('third');
    expect(limiter.counts()).toEqual({ running: 0, waiting: 0, rejected: 0 });
  });
});
