/** Turns: never more than the limits, fair between groups and owners, nothing lost and nothing twice. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { openTurns, TurnSchedule, TurnsFullError, type TurnLimits } from './turns.ts';

interface Ticket {
  readonly id: number;
  readonly group: number;
  readonly owner: number;
}

const limits = fc.record({
  atOnce: fc.integer({ min: 1, max: 6 }),
  perGroup: fc.integer({ min: 1, max: 4 }),
  perOwner: fc.integer({ min: 1, max: 3 }),
  waitingPerGroup: fc.integer({ min: 0, max: 6 }),
  waitingPerOwner: fc.integer({ min: 0, max: 4 }),
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

/** A schedule with all that ever happened in it, and what it did that it must not. */
class Observed {
  readonly schedule: TurnSchedule<Ticket>;
  readonly given: TurnLimits;
  readonly waiting: Ticket[] = [];
  readonly running: Ticket[] = [];
  readonly begun: Ticket[] = [];
  readonly left: Ticket[] = [];
  readonly breaches: string[] = [];
  entered = 0;

  constructor(given: TurnLimits) {
    this.given = given;
    this.schedule = new TurnSchedule(given);
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
    const { atOnce, perGroup = atOnce, perOwner = atOnce } = this.given;
    this.hold('atOnce', this.running.length <= atOnce);
    for (const one of this.running) {
      this.hold('perGroup', this.count('group', one) <= perGroup);
      this.hold('perOwner', this.count('owner', one) <= perOwner);
    }
    const { waiting = Infinity, waitingPerGroup, waitingPerOwner = Infinity } = this.given;
    this.hold('waiting', this.waiting.length <= waiting);
    for (const one of this.waiting) {
      this.hold('waitingPerGroup', this.count('group', one, this.waiting) <= waitingPerGroup);
      this.hold('waitingPerOwner', this.count('owner', one, this.waiting) <= waitingPerOwner);
    }
  }

  count(key: 'group' | 'owner', ticket: Ticket, of: readonly Ticket[] = this.running): number {
    return of.filter((one) => one[key] === ticket[key]).length;
  }

  mayRun(ticket: Ticket): boolean {
    const { atOnce, perGroup = atOnce, perOwner = atOnce } = this.given;
    return (
      this.running.length < atOnce &&
      this.count('group', ticket) < perGroup &&
      this.count('owner', ticket) < perOwner
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
  it('keeps every limit, leaves no place empty, and prefers who has less', () => {
    fc.assert(
      fc.property(limits, steps, (given, all) => {
        const observed = new Observed(given);
        play(observed, all);
        expect(observed.breaches).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('runs everything once that was taken in and did not leave', () => {
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

  it('lets a new group begin before any further work of one that has its share', () => {
    fc.assert(
      fc.property(limits, steps, fc.nat(), (given, all, pick) => {
        const observed = new Observed({ ...given, waiting: 1000, waitingPerGroup: 100 });
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

  it('serves groups in rotation, so that nobody who comes again and again passes by those who wait', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 60 }), (groups) => {
        const observed = new Observed({ atOnce: 1, waitingPerGroup: 100, waiting: 1000 });
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
    const observed = new Observed({ atOnce: 1, waitingPerGroup: 10 });
    for (const owner of [1, 1, 1, 2, 3]) observed.enter(0, owner);
    for (let left = 5; left > 0; left--) observed.end(0);
    expect(observed.begun.map(({ owner }) => owner)).toEqual([1, 2, 3, 1, 1]);
  });

  it('prefers a group with less running over one whose turn is longer ago', () => {
    const observed = new Observed({ atOnce: 4, waitingPerGroup: 10 });
    for (const group of [1, 1, 2, 3, 1, 2]) observed.enter(group, 10 * group);
    observed.end(3);
    expect(observed.begun.at(-1)?.group).toBe(2);
  });

  it('says whose line is full', () => {
    const schedule = new TurnSchedule<Ticket>({
      atOnce: 1,
      waitingPerOwner: 1,
      waitingPerGroup: 2,
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

describe('turns', () => {
  const whose = (group: string, owner = group) => ({ group, owner });

  it('give the place back when the work throws, and pass on what it threw', async () => {
    const turns = openTurns({ what: 'exports', atOnce: 1, waitingPerGroup: 5 });
    const broken = turns.take(whose('a'), () => Promise.reject(new Error('the disk is full')));
    const next = turns.take(whose('a'), () => Promise.resolve('done'));
    await expect(broken).rejects.toThrow('the disk is full');
    expect(await next).toBe('done');
    const thrown = turns.take(whose('a'), () => {
      throw new Error('at once');
    });
    await expect(thrown).rejects.toThrow('at once');
    expect(turns.counts()).toEqual({ running: 0, waiting: 0, refused: 0 });
  });

  it('refuse at once with a typed error when the line is full', async () => {
    const turns = openTurns({
      what: 'exports',
      atOnce: 1,
      waitingPerGroup: 0,
      retryAfterSeconds: 7,
    });
    const gate = Promise.withResolvers<string>();
    const first = turns.take(whose('a'), () => gate.promise);
    const refused = turns.take(whose('a', 'b'), () => Promise.resolve('never'));
    await expect(refused).rejects.toBeInstanceOf(TurnsFullError);
    await expect(refused).rejects.toMatchObject({
      what: 'exports',
      line: 'group',
      retryAfterSeconds: 7,
    });
    expect(turns.counts()).toEqual({ running: 1, waiting: 0, refused: 1 });
    gate.resolve('done');
    expect(await first).toBe('done');
  });

  it('let waiting work leave by its signal, and nobody else', async () => {
    const turns = openTurns({ what: 'exports', atOnce: 1, waitingPerGroup: 5 });
    const gate = Promise.withResolvers<string>();
    const gone = new AbortController();
    const first = turns.take(whose('a'), () => gate.promise, gone.signal);
    const second = turns.take(whose('a'), () => Promise.resolve('never'), gone.signal);
    const third = turns.take(whose('a'), () => Promise.resolve('third'));
    gone.abort(new Error('the reader left'));
    await expect(second).rejects.toThrow('the reader left');
    await expect(
      turns.take(whose('a'), () => Promise.resolve('never'), gone.signal),
    ).rejects.toThrow('the reader left');
    gate.resolve('first');
    expect(await first).toBe('first');
    expect(await third).toBe('third');
    expect(turns.counts()).toEqual({ running: 0, waiting: 0, refused: 0 });
  });
});
