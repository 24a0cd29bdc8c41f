/** Tests that the simulation is reproducible and consistent on every date, with all events of a school year. */
import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDay, formatDay } from '../day.ts';
import { eventKinds, type EventKind } from './event-kinds.ts';
import type { EventRecord } from './simulation.ts';
import { signIn } from '../api/sandbox-client.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../sandbox.ts';
import { propertyRuns, seeds } from '../property-runs.ts';

const start = '2026-11-23';

function createTestSandbox(options: SandboxOptions = {}): Sandbox {
  return createSandbox({ students: 60, schools: 4, today: start, permissions: 'all', ...options });
}

function later(date: string, days: number): string {
  return formatDay((parseDay(date) ?? 0) + days);
}

/** Serializes every row of every object. */
function written(sandbox: Sandbox): string {
  return Array.from(sandbox.catalog.keys(), (path) => {
    const rows = sandbox.rows(path);
    return Array.from(rows.ids(), (id) => JSON.stringify(rows.find(id))).join('\n');
  }).join('\n');
}

/** Returns foreign keys without a row. */
function looseKeys(sandbox: Sandbox): string[] {
  const loose: string[] = [];
  for (const definition of sandbox.catalog.values()) {
    const rows = sandbox.rows(definition.path);
    for (const { name, target } of definition.fields.values()) {
      if (target === undefined || !sandbox.catalog.has(target)) continue;
      const others = sandbox.rows(target);
      for (const id of rows.ids()) {
        const key = rows.get(id, name);
        if (key === null || others.has(Number(key))) continue;
        loose.push(`${definition.path}.${name} = ${String(key)}`);
      }
    }
  }
  return loose;
}

/** Simulates to a date and returns the events by kind. */
function play(sandbox: Sandbox, date: string): Map<EventKind, EventRecord[]> {
  return Map.groupBy(sandbox.advanceTo(date), ({ kind }) => kind);
}

describe('simulated days', () => {
  it('have the same events with the same seed, whatever the size of the steps', () => {
    assert(
      property(
        integer({ min: 0, max: 1000 }),
        integer({ min: 0, max: 364 }),
        array(integer({ min: 0, max: 40 }), { maxLength: 8 }),
        (seed, offset, steps) => {
          const today = later('2026-07-15', offset);
          const one = createTestSandbox({ seed, today, students: 30 });
          const other = createTestSandbox({ seed, today, students: 30 });
          const inSteps = steps.flatMap((days) => one.advanceTo(later(one.today, days)));
          expect(other.advanceTo(one.today)).toEqual(inSteps);
          expect(written(other)).toBe(written(one));
        },
      ),
      { numRuns: propertyRuns(4) },
    );
  });

  it('have other events with another seed', () => {
    const [one, other] = [createTestSandbox({ seed: 1 }), createTestSandbox({ seed: 2 })];
    expect(one.advanceTo('2027-01-23')).not.toEqual(other.advanceTo('2027-01-23'));
  });

  it('can be simulated before the sandbox responds', () => {
    const [one, other] = [createTestSandbox({ days: 30 }), createTestSandbox()];
    other.advanceTo(later(start, 30));
    expect(one.today).toBe('2026-12-23');
    expect(written(one)).toBe(written(other));
  });

  it('keep rows consistent on every date of a year', () => {
    const sandbox = createTestSandbox({ students: 30, schools: 3 });
    for (let day = 1; day <= 366; day += 1) {
      sandbox.advanceTo(later(start, day));
      expect({ date: sandbox.today, loose: looseKeys(sandbox) }).toEqual({
        date: sandbox.today,
        loose: [],
      });
    }
  });

  it.each(seeds(1))(
    'keep rows consistent in a larger district over three years (seed %i)',
    (seed) => {
      const sandbox = createTestSandbox({ students: 250, seed });
      for (let quarter = 1; quarter <= 12; quarter += 1) {
        sandbox.advanceTo(later(start, quarter * 91));
        expect(looseKeys(sandbox)).toEqual([]);
      }
    },
  );

  it('fill every required field whose object exists', () => {
    const sandbox = createTestSandbox({ students: 200, days: 400 });
    const empty = new Set<string>();
    for (const definition of sandbox.catalog.values()) {
      const rows = sandbox.rows(definition.path);
      for (const { name, target, isRequired } of definition.fields.values()) {
        if (!isRequired || (target !== undefined && !sandbox.catalog.has(target))) continue;
        for (const id of rows.ids()) {
          if (rows.get(id, name) === null) empty.add(`${definition.path}.${name}`);
        }
      }
    }
    expect([...empty]).toEqual([]);
  });

  it('keep ids and unique numbers, unless a record is purged, merged or recreated', () => {
    const sandbox = createTestSandbox();
    const students = sandbox.rows('Student/Student');
    const enrollments = sandbox.rows('Enrollment/EntryWithdrawal');
    const known = new Map<number, unknown>();
    const years = new Map<number, unknown>();
    for (let week = 0; week < 60; week += 1) {
      const happened = play(sandbox, later(start, week * 7));
      const touched = new Set(
        (['record-purged', 'records-merged', 'record-recreated'] as const).flatMap((kind) =>
          (happened.get(kind) ?? []).flatMap(({ studentIds }) => studentIds),
        ),
      );
      const ids = new Set(students.ids());
      expect([...known.keys()].filter((id) => !ids.has(id) && !touched.has(id))).toEqual([]);
      known.forEach((_, id) => ids.has(id) || known.delete(id));
      for (const id of ids) {
        const marks = [students.get(id, 'NameID'), students.get(id, 'StudentNumber')];
        expect(touched.has(id) ? marks : (known.get(id) ?? marks)).toEqual(marks);
        known.set(id, marks);
      }
      for (const id of enrollments.ids()) {
        const year = enrollments.get(id, 'SchoolYearID');
        expect(years.get(id) ?? year).toEqual(year);
        years.set(id, year);
      }
      const numbers = Array.from(students.ids(), (id) => students.get(id, 'StudentNumber'));
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  it.each(['2026-11-23', '2027-06-10', '2026-07-04', '2027-09-01', '2028-02-29'])(
    'have every kind of event within a year of %s',
    (today) => {
      const sandbox = createTestSandbox({ students: 400, seed: 8, today });
      const happened = play(sandbox, later(today, 366));
      expect(eventKinds.filter((kind) => !happened.has(kind))).toEqual([]);
      for (const [kind, records] of happened) {
        if (kind === 'school-began' || kind === 'late-prepared') continue;
        expect(records.every(({ studentIds }) => studentIds.length > 0)).toBe(true);
      }
    },
  );

  it('keep the size of the district over three years', () => {
    const sandbox = createTestSandbox({ students: 400 });
    const present = (): number => {
      const { students, schoolYear, today } = sandbox.facts();
      return students.filter(({ enrollments }) =>
        enrollments.some(
          (each) =>
            each.isDefaultEntity &&
            each.schoolYear === schoolYear &&
            each.startDate <= today &&
            each.endDate === null,
        ),
      ).length;
    };
    const before = present();
    sandbox.advanceTo('2029-11-23');
    expect(present() / before).toBeGreaterThan(0.8);
    expect(present() / before).toBeLessThan(1.25);
  });

  it.each(['2026-11-22', '2046-12-31', '2026-02-30', 'tomorrow'])('reject %s', (date) => {
    expect(() => createTestSandbox({ students: 30 }).advanceTo(date)).toThrow(RangeError);
  });
});

describe('enrollments after a simulated year', () => {
  const sandbox = createTestSandbox({ students: 300, days: 430 });
  const enrollments = sandbox.rows('Enrollment/EntryWithdrawal');

  it('refer to rows of their school year, and to the school of their entity', () => {
    const links = sandbox.rows('Enrollment/EntitySchool');
    const wrong = Array.from(enrollments.ids()).filter((id) => {
      const year = enrollments.get(id, 'SchoolYearID');
      const isOfYear = (path: string, field: string): boolean => {
        const key = enrollments.get(id, field);
        return key === null || sandbox.rows(path).get(Number(key), 'SchoolYearID') === year;
      };
      const [link] = links.where('SchoolID', Number(enrollments.get(id, 'SchoolID')));
      return !(
        isOfYear('Enrollment/School', 'SchoolID') &&
        isOfYear('Attendance/Calendar', 'CalendarID') &&
        isOfYear('Enrollment/EntryCode', 'EntryCodeID') &&
        isOfYear('Enrollment/WithdrawalCode', 'WithdrawalCodeID') &&
        links.get(link ?? 0, 'EntityID') === enrollments.get(id, 'EntityID')
      );
    });
    expect(wrong).toEqual([]);
  });

  it('have one entity year for student, entity and year, with the values of the latest', () => {
    const entityYears = sandbox.rows('Enrollment/StudentEntityYear');
    const createKey = (rows: typeof enrollments, id: number): string =>
      ['StudentID', 'EntityID', 'SchoolYearID'].map((field) => rows.get(id, field)).join(' ');
    const byKey = Map.groupBy(enrollments.ids(), (id) => createKey(enrollments, id));
    const years = Map.groupBy(entityYears.ids(), (id) => createKey(entityYears, id));
    expect(new Set(years.keys())).toEqual(new Set(byKey.keys()));
    for (const [key, ids] of years) {
      expect(ids).toHaveLength(1);
      const latest = Number(entityYears.get(ids[0] ?? 0, 'EntryWithdrawalIDLatest'));
      const starts = (byKey.get(key) ?? []).map((id) => String(enrollments.get(id, 'StartDate')));
      expect(String(enrollments.get(latest, 'StartDate'))).toBe(starts.toSorted().at(-1));
    }
  });

  it('have the grade of the current year', () => {
    const { schoolYear } = sandbox.facts();
    const year = sandbox.rows('District/SchoolYear');
    const current = Array.from(year.ids()).find((id) => year.get(id, 'NumericYear') === schoolYear);
    const entityYears = sandbox.rows('Enrollment/StudentEntityYear');
    const students = sandbox.rows('Student/Student');
    const grades = entityYears
      .where('SchoolYearID', current ?? 0)
      .filter((id) => entityYears.get(id, 'IsDefaultEntity') === true)
      .map((id) => [
        entityYears.get(id, 'Grade'),
        students.get(Number(entityYears.get(id, 'StudentID')), 'Grade'),
      ]);
    expect(grades.length).toBeGreaterThan(200);
    expect(grades.filter(([own, student]) => own !== student)).toEqual([]);
  });
});

describe('events', () => {
  it('agree with the facts', () => {
    const sandbox = createTestSandbox({ students: 400, seed: 4 });
    const after = {
      'student-withdrew': 'a code and an end that is past',
      'family-arrived': 'one enrollment',
      'graduated-early': 'code 01',
      'course-began': 'a cross-entity course',
      'enrollment-cancelled': 'an end before the start',
    } as const;
    const seen = new Set<string>();
    while (sandbox.today < '2027-11-23') {
      for (const { kind, studentIds } of sandbox.advanceTo(later(sandbox.today, 1))) {
        const facts = sandbox.facts();
        for (const id of studentIds) {
          const student = facts.students.find(({ studentId }) => studentId === id);
          const found = student?.enrollments ?? [];
          const holds: Partial<Record<EventKind, boolean>> = {
            'student-withdrew': found.some(
              (each) => each.withdrawalCode !== null && String(each.endDate) < facts.today,
            ),
            'family-arrived': found.length === 1 && (student?.guardians.length ?? 0) > 0,
            'graduated-early': found.some((each) => each.withdrawalCode === '01'),
            'course-began': found.some(
              (each) => each.isCrossEntityCourse && each.withdrawalCode === 'CECS',
            ),
            'enrollment-cancelled': found.some((each) => String(each.endDate) < each.startDate),
          };
          if (!(kind in after)) continue;
          expect({ kind, id, holds: holds[kind] }).toEqual({ kind, id, holds: true });
          seen.add(kind);
        }
      }
    }
    expect(seen).toEqual(new Set(Object.keys(after)));
  });
});

describe('a school year', () => {
  it('is the current one from 1 July on, and the next one exists', async () => {
    const sandbox = createTestSandbox({ today: '2027-06-30', cacheResponses: true });
    const call = await signIn(sandbox);
    const current = async () => {
      const { json } = await call('/Custom/GetSystemMetadata');
      return JSON.stringify(json).match(/"SchoolYearCurrent":\{[^}]*"NumericYear":(\d+)/u)?.[1];
    };
    expect(await current()).toBe('2027');
    const happened = play(sandbox, '2027-07-01');
    expect(happened.has('year-rolled-over')).toBe(true);
    expect(await current()).toBe('2028');
    const years = await call(
      '/Custom/2/District/SchoolYear/1/99?searchFields=NumericYear&searchFields=IsUpcomingYearForProvidedEntity',
    );
    expect(
      years.rows.filter((row) => row['IsUpcomingYearForProvidedEntity'] === true),
    ).toMatchObject([{ NumericYear: 2029 }]);
  });

  it.each([
    ['at-roll-over', '2027-06-30', false],
    ['at-roll-over', '2027-07-01', true],
    ['on-last-day', '2027-05-29', true],
  ] as const)('%s: is closed on %s: %s', (yearEnd, date, isClosed) => {
    const sandbox = createTestSandbox({ students: 200, yearEnd });
    sandbox.advanceTo(date);
    const open = sandbox
      .facts()
      .students.flatMap(({ enrollments }) => enrollments)
      .filter((each) => each.schoolYear === 2027 && each.isDefaultEntity && each.endDate === null);
    // Three in twenty are never closed.
    expect(open.length < 70).toBe(isClosed);
    expect(open.length > 120).toBe(!isClosed);
  });

  it('changes the date of computed fields and of accesses', async () => {
    const sandbox = createTestSandbox({ access: { expirationDate: '2026-12-01' } });
    const call = await signIn(sandbox);
    const path = '/Custom/2/Student/Student/1/1?searchFields=StudentID';
    expect((await call(path)).status).toBe(200);
    sandbox.advanceTo('2026-12-02');
    expect((await call(path)).json?.['error']).toMatch(/expired on 2026-12-01/u);
    const names = sandbox.rows('Demographics/Name');
    const [id = 0] = Array.from(names.ids()).filter((each) =>
      String(names.get(each, 'BirthDate')).includes('-03-'),
    );
    const age = Number(names.get(id, 'Age'));
    sandbox.advanceTo('2027-04-01');
    expect(names.get(id, 'Age')).toBe(age + 1);
  });
});
