/** Laws of a practice district: whole, repeatable, with every history and kind of family. */
import { describe, expect, it } from 'vitest';
import { createCatalog } from './catalog.ts';
import { parseDay } from '../day.ts';
import { histories, historyKinds, type PlannedEnrollment } from './enrollment-history.ts';
import { createRandom } from '../random.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { planEnrollments } from './enrollment-planner.ts';
import { planSchools } from './school-plan.ts';

function practice(seed = 1, students = 400, today = '2026-11-23'): Sandbox {
  return createSandbox({ seed, students, today, permissions: 'all' });
}

/** Every row of every object, as one text. */
function written(sandbox: Sandbox): string {
  return Array.from(sandbox.catalog.keys(), (path) => {
    const rows = sandbox.rows(path);
    return Array.from(rows.ids(), (id) => JSON.stringify(rows.find(id))).join('\n');
  }).join('\n');
}

/** Values of one field over all rows of an object. */
function values(sandbox: Sandbox, path: string, field: string): unknown[] {
  const rows = sandbox.rows(path);
  return Array.from(rows.ids(), (id) => rows.get(id, field));
}

describe('a practice district', () => {
  it('is the same for the same seed, size and date, and another for another seed', () => {
    const first = written(practice(5, 60));
    expect(written(practice(5, 60))).toBe(first);
    expect(written(practice(6, 60))).not.toBe(first);
  });

  it.each([
    [1, '2026-11-23'],
    [2, '2026-07-04'],
    [3, '2027-06-10'],
    [4, '2028-02-29'],
  ] as const)('has a row behind every key (seed %i, %s)', (seed, today) => {
    const sandbox = practice(seed, 150, today);
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

  it('has a value in every required field whose object is there', () => {
    const sandbox = practice();
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

  it('has about as many current students as were asked for, and former ones on top', () => {
    const sandbox = practice(9, 2000);
    const rows = sandbox.rows('Student/Student');
    const kinds = Array.from(rows.ids(), (id) => sandbox.district.historyOf(id) ?? 'open');
    const current = kinds.filter((kind) => histories[kind].isCurrent).length;
    expect(current).toBeGreaterThanOrEqual(2000);
    expect(current).toBeLessThan(2010);
    expect(rows.size - current).toBeGreaterThan(200);
    expect(rows.size - current).toBeLessThan(600);
  });

  it('has every kind of history even when it is small', () => {
    const sandbox = practice(1, 30);
    const kinds = Array.from(sandbox.rows('Student/Student').ids(), (id) =>
      sandbox.district.historyOf(id),
    );
    expect(new Set(kinds)).toEqual(new Set(historyKinds));
  });

  it('has families of every kind', () => {
    const sandbox = practice(1, 1500);
    const guardians = sandbox.rows('Family/StudentGuardian');
    const relationships = new Set(values(sandbox, 'Family/StudentGuardian', 'RelationshipID'));
    expect(relationships.size).toBeGreaterThanOrEqual(6);
    expect(values(sandbox, 'Family/StudentGuardian', 'HasActiveRestrictedAccess')).toContain(true);
    expect(values(sandbox, 'Family/StudentFamily', 'Rank')).toContain(2);
    const studentsOf = Map.groupBy([...guardians.ids()], (id) =>
      guardians.get(id, 'NameIDGuardian'),
    );
    expect(Math.max(...Array.from(studentsOf.values(), (links) => links.length))).toBeGreaterThan(
      2,
    );
    const families = Map.groupBy(
      values(sandbox, 'Family/FamilyGuardian', 'NameID'),
      (name) => name,
    );
    expect(Array.from(families.values()).some((rows) => rows.length > 1)).toBe(true);
  });

  it('has names, addresses and phones of every kind', () => {
    const sandbox = practice(1, 3000);
    const surnames = values(sandbox, 'Demographics/Name', 'LastName').join('\n');
    for (const kind of [/[áéíóúñ]/u, /-/u, /'/u, /\p{L} \p{L}/u]) expect(surnames).toMatch(kind);
    expect(values(sandbox, 'Demographics/Name', 'MiddleName')).toContain(null);
    expect(new Set(values(sandbox, 'Demographics/Name', 'NameSuffixID')).size).toBe(6);
    expect(new Set(values(sandbox, 'Demographics/Address', 'AddressType')).size).toBe(4);
    expect(new Set(values(sandbox, 'Demographics/NamePhone', 'Rank'))).toEqual(new Set([1, 2, 3]));
    expect(new Set(values(sandbox, 'Family/Family', 'LanguageIDHome')).size).toBeGreaterThan(4);
  });

  it('has twins', () => {
    const sandbox = practice(1, 1500);
    const names = sandbox.rows('Demographics/Name');
    const students = values(sandbox, 'Student/Student', 'NameID').map((id) =>
      [names.get(Number(id), 'LastName'), names.get(Number(id), 'BirthDate')].join(),
    );
    expect(new Set(students).size).toBeLessThan(students.length - 10);
  });

  it('ties every spell to rows of its own year, and to the school of its entity', () => {
    const sandbox = practice();
    const spells = sandbox.rows('Enrollment/EntryWithdrawal');
    const schools = sandbox.rows('Enrollment/EntitySchool');
    for (const id of spells.ids()) {
      const year = spells.get(id, 'SchoolYearID');
      const yearOf = (path: string, field: string): unknown => {
        const key = spells.get(id, field);
        return key === null ? year : sandbox.rows(path).get(Number(key), 'SchoolYearID');
      };
      expect([
        yearOf('Enrollment/School', 'SchoolID'),
        yearOf('Attendance/Calendar', 'CalendarID'),
        yearOf('Enrollment/EntryCode', 'EntryCodeID'),
        yearOf('Enrollment/WithdrawalCode', 'WithdrawalCodeID'),
      ]).toEqual([year, year, year, year]);
      const [link] = schools.where('SchoolID', Number(spells.get(id, 'SchoolID')));
      expect(schools.get(link ?? 0, 'EntityID')).toBe(spells.get(id, 'EntityID'));
    }
  });

  it('keys schools, codes and homerooms anew each school year', () => {
    const sandbox = practice();
    for (const path of ['Enrollment/School', 'Enrollment/WithdrawalCode', 'Enrollment/Homeroom']) {
      const years = new Set(values(sandbox, path, 'SchoolYearID'));
      expect(years).toEqual(new Set(values(sandbox, 'District/SchoolYear', 'SchoolYearID')));
    }
  });
});

function lastDay(spell: PlannedEnrollment): number {
  return spell.end ?? Infinity;
}

/** Enrollments at the home campus that were ever effective. */
function home(spells: readonly PlannedEnrollment[]): PlannedEnrollment[] {
  return spells.filter(
    (spell) => spell.withdrawalCode !== 'CECS' && !spell.isNoShow && lastDay(spell) >= spell.start,
  );
}

describe('histories in the middle of a school year', () => {
  const today = parseDay('2026-11-23') ?? 0;
  const plan = planSchools({ today, students: 1000, schools: 12, years: 3 });

  /** Many students of one kind. */
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

  const isNow = (spell: PlannedEnrollment): boolean =>
    spell.start <= today && lastDay(spell) >= today && spell.year === plan.current;
  const isLater = (spell: PlannedEnrollment): boolean => spell.start > today;

  it.each([
    'open',
    'status-change',
    'moved-school',
    'cecs-beside-home',
    'two-current',
    'returned',
    'leaving-soon',
    'started-today',
    'next-year-planned',
  ] as const)('%s: is enrolled today', (kind) => {
    for (const spells of examples(kind)) expect(home(spells).some(isNow)).toBe(true);
  });

  it.each(['gap', 'graduated-returning'] as const)(
    '%s: has a past and a future, and no present',
    (kind) => {
      for (const spells of examples(kind)) {
        expect(home(spells).some(isNow)).toBe(false);
        expect(home(spells).some(isLater)).toBe(true);
        expect(home(spells).some((spell) => lastDay(spell) < today)).toBe(true);
      }
    },
  );

  it.each(['future', 'early-registration'] as const)('%s: has nothing but a future', (kind) => {
    for (const spells of examples(kind)) expect(home(spells).every(isLater)).toBe(true);
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
    for (const spells of examples(kind))
      expect(home(spells).some((spell) => isNow(spell) || isLater(spell))).toBe(false);
  });

  it('graduated: leaves with code 01 last of all', () => {
    for (const spells of examples('graduated')) {
      const codes = spells
        .filter((spell) => spell.withdrawalCode !== null)
        .map((spell) => spell.withdrawalCode);
      expect(codes).toEqual(['01']);
      expect(spells.at(-1)?.withdrawalCode).toBe('01');
    }
  });

  it('left: within the past year; left-long-ago: before it', () => {
    for (const spells of examples('left')) {
      const last = spells.findLast((spell) => spell.withdrawalCode !== null);
      expect(last?.end).toBeGreaterThanOrEqual(today - 364);
    }
    for (const [spell] of examples('left-long-ago')) expect(spell?.end).toBeLessThan(today - 366);
  });

  it('no-show: is marked as such on the day it was to begin; cancelled-future: ends before it begins', () => {
    for (const spells of examples('no-show')) {
      expect(spells.at(-1)).toMatchObject({ isNoShow: true, end: spells.at(-1)?.start });
    }
    for (const spells of examples('cancelled-future')) {
      const last = spells.at(-1);
      expect(last?.isNoShow).toBe(false);
      expect(Number(last?.end)).toBeLessThan(Number(last?.start));
    }
  });
});
