/** Tests that a generated district is complete and reproducible, with every history and kind of family. */
import { describe, expect, it } from 'vitest';
import { createCatalog } from './catalog.ts';
import { parseDay } from '../day.ts';
import { histories, historyKinds, type PlannedEnrollment } from './enrollment-history.ts';
import { createRandom } from '../random.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { planEnrollments } from './enrollment-planner.ts';
import { planSchools } from './school-plan.ts';

function createTestSandbox(seed = 1, students = 400, today = '2026-11-23'): Sandbox {
  return createSandbox({ seed, students, today, permissions: 'all' });
}

/** Serializes every row of every object. */
function written(sandbox: Sandbox): string {
  return Array.from(sandbox.catalog.keys(), (path) => {
    const rows = sandbox.rows(path);
    return Array.from(rows.ids(), (id) => JSON.stringify(rows.find(id))).join('\n');
  }).join('\n');
}

/** Returns the values of a field in all rows of an object. */
function values(sandbox: Sandbox, path: string, field: string): unknown[] {
  const rows = sandbox.rows(path);
  return Array.from(rows.ids(), (id) => rows.get(id, field));
}

describe('a sandbox district', () => {
  it('is the same for the same seed, size and date, and differs for another seed', () => {
    const first = written(createTestSandbox(5, 60));
    expect(written(createTestSandbox(5, 60))).toBe(first);
    expect(written(createTestSandbox(6, 60))).not.toBe(first);
  });

  it.each([
    [1, '2026-11-23'],
    [2, '2026-07-04'],
    [3, '2027-06-10'],
    [4, '2028-02-29'],
  ] as const)('has a row behind every key (seed %i, %s)', (seed, today) => {
    const sandbox = createTestSandbox(seed, 150, today);
    const loose: string[] = [];
    for (const definition of createCatalog().values()) {
      for (const field of definition.fields.values()) {
        const { target } = field;
        if (target === undefined || !sandbox.catalog.has(target)) continue;
        const keys = new Set(values(sandbox, definition.path, field.name));
        keys.delete(null);
        const known = new Set(sandbox.rows(target).ids());
        for (const key of keys) {
          if (!known.has(Number(key)))
            loose.push(`${definition.path}.${field.name} = ${String(key)}`);
        }
      }
    }
    expect(loose).toEqual([]);
  });

  it('has a value in every required field whose object exists', () => {
    const sandbox = createTestSandbox();
    const empty: string[] = [];
    for (const definition of sandbox.catalog.values()) {
      for (const field of definition.fields.values()) {
        const isElsewhere = field.target !== undefined && !sandbox.catalog.has(field.target);
        if (!field.isRequired || isElsewhere) continue;
        if (values(sandbox, definition.path, field.name).includes(null)) {
          empty.push(`${definition.path}.${field.name}`);
        }
      }
    }
    expect(empty).toEqual([]);
  });

  it('has about the requested number of current students, and former ones', () => {
    const sandbox = createTestSandbox(9, 2000);
    const rows = sandbox.rows('Student/Student');
    const kinds = Array.from(rows.ids(), (id) => sandbox.district.findHistory(id) ?? 'open');
    const current = kinds.filter((kind) => histories[kind].isCurrent).length;
    expect(current).toBeGreaterThanOrEqual(2000);
    expect(current).toBeLessThan(2010);
    expect(rows.size - current).toBeGreaterThan(200);
    expect(rows.size - current).toBeLessThan(600);
  });

  it('has every kind of history even if it is small', () => {
    const sandbox = createTestSandbox(1, 30);
    const kinds = Array.from(sandbox.rows('Student/Student').ids(), (id) =>
      sandbox.district.findHistory(id),
    );
    expect(new Set(kinds)).toEqual(new Set(historyKinds));
  });

  it('has families of every kind', () => {
    const sandbox = createTestSandbox(1, 1500);
    const guardians = sandbox.rows('Family/StudentGuardian');
    const relationships = new Set(values(sandbox, 'Family/StudentGuardian', 'RelationshipID'));
    expect(relationships.size).toBeGreaterThanOrEqual(6);
    expect(values(sandbox, 'Family/StudentGuardian', 'HasActiveRestrictedAccess')).toContain(true);
    expect(values(sandbox, 'Family/StudentFamily', 'Rank')).toContain(2);
    const listStudents = Map.groupBy([...guardians.ids()], (id) =>
      guardians.get(id, 'NameIDGuardian'),
    );
    expect(Math.max(...Array.from(listStudents.values(), (links) => links.length))).toBeGreaterThan(
      2,
    );
    const families = Map.groupBy(
      values(sandbox, 'Family/FamilyGuardian', 'NameID'),
      (name) => name,
    );
    expect(Array.from(families.values()).some((rows) => rows.length > 1)).toBe(true);
  });

  it('has names, addresses and phones of every kind', () => {
    const sandbox = createTestSandbox(1, 3000);
    const surnames = values(sandbox, 'Demographics/Name', 'LastName').join('\n');
    for (const kind of [/[áéíóúñ]/u, /-/u, /'/u, /\p{L} \p{L}/u]) expect(surnames).toMatch(kind);
    expect(values(sandbox, 'Demographics/Name', 'MiddleName')).toContain(null);
    expect(new Set(values(sandbox, 'Demographics/Name', 'NameSuffixID')).size).toBe(6);
    expect(new Set(values(sandbox, 'Demographics/Address', 'AddressType')).size).toBe(4);
    expect(new Set(values(sandbox, 'Demographics/NamePhone', 'Rank'))).toEqual(new Set([1, 2, 3]));
    expect(new Set(values(sandbox, 'Family/Family', 'LanguageIDHome')).size).toBeGreaterThan(4);
  });

  it('has twins', () => {
    const sandbox = createTestSandbox(1, 1500);
    const names = sandbox.rows('Demographics/Name');
    const students = values(sandbox, 'Student/Student', 'NameID').map((id) =>
      [names.get(Number(id), 'LastName'), names.get(Number(id), 'BirthDate')].join(),
    );
    expect(new Set(students).size).toBeLessThan(students.length - 10);
  });

  it('links every enrollment to rows of its school year, and to the school of its entity', () => {
    const sandbox = createTestSandbox();
    const enrollments = sandbox.rows('Enrollment/EntryWithdrawal');
    const schools = sandbox.rows('Enrollment/EntitySchool');
    for (const id of enrollments.ids()) {
      const year = enrollments.get(id, 'SchoolYearID');
      const toYear = (path: string, field: string): unknown => {
        const key = enrollments.get(id, field);
        return key === null ? year : sandbox.rows(path).get(Number(key), 'SchoolYearID');
      };
      expect([
        toYear('Enrollment/School', 'SchoolID'),
        toYear('Attendance/Calendar', 'CalendarID'),
        toYear('Enrollment/EntryCode', 'EntryCodeID'),
        toYear('Enrollment/WithdrawalCode', 'WithdrawalCodeID'),
      ]).toEqual([year, year, year, year]);
      const [link] = schools.where('SchoolID', Number(enrollments.get(id, 'SchoolID')));
      expect(schools.get(link ?? 0, 'EntityID')).toBe(enrollments.get(id, 'EntityID'));
    }
  });

  it('has new keys of schools, codes and homerooms each school year', () => {
    const sandbox = createTestSandbox();
    for (const path of ['Enrollment/School', 'Enrollment/WithdrawalCode', 'Enrollment/Homeroom']) {
      const years = new Set(values(sandbox, path, 'SchoolYearID'));
      expect(years).toEqual(new Set(values(sandbox, 'District/SchoolYear', 'SchoolYearID')));
    }
  });
});

function lastDay(enrollment: PlannedEnrollment): number {
  return enrollment.end ?? Infinity;
}

/** Returns enrollments at the home campus that were effective at any time. */
function home(enrollments: readonly PlannedEnrollment[]): PlannedEnrollment[] {
  return enrollments.filter(
    (enrollment) =>
      enrollment.withdrawalCode !== 'CECS' &&
      !enrollment.isNoShow &&
      lastDay(enrollment) >= enrollment.start,
  );
}

describe('histories in the middle of a school year', () => {
  const today = parseDay('2026-11-23') ?? 0;
  const plan = planSchools({ today, students: 1000, schools: 12, years: 3 });

  /** Returns many histories of one kind. */
  function examples(kind: (typeof historyKinds)[number]): PlannedEnrollment[][] {
    const random = createRandom(11);
    return Array.from({ length: 200 }, (_, index) => {
      random.restart(index);
      const grade = kind.startsWith('graduated') ? 14 : random.between(1, 13);
      return planEnrollments(kind, {
        today,
        years: plan.years,
        current: plan.current,
        grade,
        random,
        schoolFor: () => 1,
        otherSchoolFor: () => 2,
        careerCenter: plan.careerCenter,
      });
    });
  }

  const isNow = (enrollment: PlannedEnrollment): boolean =>
    enrollment.start <= today && lastDay(enrollment) >= today && enrollment.year === plan.current;
  const isLater = (enrollment: PlannedEnrollment): boolean => enrollment.start > today;

  it.each([
    'open',
    'status-change',
    'moved-school',
    'cecs-and-home',
    'two-current',
    'returned',
    'leaving-soon',
    'started-today',
    'next-year-planned',
  ] as const)('%s: is enrolled today', (kind) => {
    for (const enrollments of examples(kind)) expect(home(enrollments).some(isNow)).toBe(true);
  });

  it.each(['gap', 'graduated-returning'] as const)(
    '%s: has a past and a future, and no present',
    (kind) => {
      for (const enrollments of examples(kind)) {
        expect(home(enrollments).some(isNow)).toBe(false);
        expect(home(enrollments).some(isLater)).toBe(true);
        expect(home(enrollments).some((enrollment) => lastDay(enrollment) < today)).toBe(true);
      }
    },
  );

  it.each(['future', 'early-registration'] as const)('%s: has only future enrollments', (kind) => {
    for (const enrollments of examples(kind)) expect(home(enrollments).every(isLater)).toBe(true);
  });

  it.each([
    'cecs-alone',
    'cecs-after-leaving',
    'graduated',
    'left',
    'left-long-ago',
    'no-show',
    'cancelled-future',
    'unclosed-year',
  ] as const)('%s: is not enrolled at home, now or later', (kind) => {
    for (const enrollments of examples(kind))
      expect(home(enrollments).some((enrollment) => isNow(enrollment) || isLater(enrollment))).toBe(
        false,
      );
  });

  it('graduated: has code 01 in the last enrollment', () => {
    for (const enrollments of examples('graduated')) {
      const codes = enrollments
        .filter((enrollment) => enrollment.withdrawalCode !== null)
        .map((enrollment) => enrollment.withdrawalCode);
      expect(codes).toEqual(['01']);
      expect(enrollments.at(-1)?.withdrawalCode).toBe('01');
    }
  });

  it('left: within the past year; left-long-ago: before it', () => {
    for (const enrollments of examples('left')) {
      const last = enrollments.findLast((enrollment) => enrollment.withdrawalCode !== null);
      expect(last?.end).toBeGreaterThanOrEqual(today - 364);
    }
    for (const [enrollment] of examples('left-long-ago'))
      expect(enrollment?.end).toBeLessThan(today - 366);
  });

  it('marks a no-show on its planned start, and ends a canceled one before its start', () => {
    for (const enrollments of examples('no-show')) {
      expect(enrollments.at(-1)).toMatchObject({ isNoShow: true, end: enrollments.at(-1)?.start });
    }
    for (const enrollments of examples('cancelled-future')) {
      const last = enrollments.at(-1);
      expect(last?.isNoShow).toBe(false);
      expect(Number(last?.end)).toBeLessThan(Number(last?.start));
    }
  });
});
