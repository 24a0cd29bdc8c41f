/** Tests of events of whole records: purged, reused numbers, duplicates and merges, recreated; vacant positions. */
import { beforeAll, describe, expect, it } from 'vitest';
import { parseDay, formatDay } from '../day.ts';
import type { StudentFacts } from '../district/district-facts.ts';
import type { EventKind } from './event-kinds.ts';
import { createSandbox } from '../sandbox.ts';

/** An event with its students, the day before and after it. */
interface Scene {
  readonly ids: readonly number[];
  readonly before: ReadonlyMap<number, StudentFacts>;
  readonly after: ReadonlyMap<number, StudentFacts>;
  readonly today: string;
}

const sandbox = createSandbox({ students: 250, schools: 4, seed: 6, today: '2026-11-23' });

/** Events of records in two years, by kind. */
const scenes = new Map<EventKind, Scene[]>();

beforeAll(() => {
  let before = byId();
  for (let day = 1; day <= 730; day += 1) {
    const events = sandbox.advanceTo(formatDay((parseDay(sandbox.today) ?? 0) + 1));
    const after = byId();
    for (const { kind, studentIds: ids } of events) {
      const found = scenes.get(kind) ?? [];
      scenes.set(kind, [...found, { ids, before, after, today: sandbox.today }]);
    }
    before = after;
  }
});

function byId(): Map<number, StudentFacts> {
  return new Map(sandbox.facts().students.map((student) => [student.studentId, student]));
}

/** Returns the events of one kind; fails if there are too few. */
function findScenes(kind: EventKind, atLeast: number): readonly Scene[] {
  const found = scenes.get(kind) ?? [];
  expect({ kind, isOften: found.length >= atLeast }).toEqual({ kind, isOften: true });
  return found;
}

/** Counts the rows of a student in a table. */
function countRows(path: string, studentId: number): number {
  return sandbox.rows(path).where('StudentID', studentId).length;
}

const enrollmentIds = (student: StudentFacts | undefined): number[] =>
  (student?.enrollments ?? []).map(({ id }) => id);

describe('records', () => {
  it('are purged some years after the student left, with everything that refers to them', () => {
    const found = findScenes('record-purged', 3);
    for (const { ids, before, after, today } of found) {
      const [id = 0] = ids;
      const latest = (before.get(id)?.enrollments ?? []).map(
        ({ endDate, calendarEndDate }) => endDate ?? calendarEndDate ?? '9999',
      );
      expect(
        (parseDay(today) ?? 0) - (parseDay(latest.toSorted().at(-1) ?? '') ?? 0),
      ).toBeGreaterThan(450);
      expect(after.has(id)).toBe(false);
      for (const path of [
        'Enrollment/EntryWithdrawal',
        'Enrollment/StudentEntityYear',
        'Family/StudentGuardian',
        'Family/StudentFamily',
        'Student/StudentDistrict',
      ]) {
        expect(countRows(path, id)).toBe(0);
      }
    }
  });

  it('get the number of a purged one: another student, of a new family', () => {
    const purged = findScenes('record-purged', 3);
    for (const { ids, before, after, today } of findScenes('number-given-again', 2)) {
      const student = after.get(ids[0] ?? 0);
      expect(before.has(ids[0] ?? 0)).toBe(false);
      const former = purged
        .filter((scene) => scene.today <= today)
        .map((scene) => scene.before.get(scene.ids[0] ?? 0))
        .find((each) => each?.studentNumber === student?.studentNumber);
      expect(former).toBeDefined();
      expect(student?.birthDate).not.toBe(former?.birthDate);
      expect(student?.enrollments).toHaveLength(1);
    }
  });

  it('are duplicated for a returning student: the same person, another number, no state ID', () => {
    for (const { ids, before, after } of findScenes('record-duplicated', 2)) {
      const [first, second] = ids.map((id) => after.get(id));
      expect(first).toEqual(before.get(ids[0] ?? 0));
      expect(second).toMatchObject({
        firstName: first?.firstName,
        lastName: first?.lastName,
        birthDate: first?.birthDate,
        stateId: null,
      });
      expect(second?.studentNumber).not.toBe(first?.studentNumber);
      expect(second?.guardians.length).toBe(first?.guardians.length);
      expect(second?.enrollments).toHaveLength(1);
    }
  });

  it('are merged: one id is deleted, the other has its number and the enrollments of both', () => {
    for (const { ids, before, after } of findScenes('records-merged', 2)) {
      const [survivor = 0, removed = 0] = ids;
      expect(after.has(removed)).toBe(false);
      expect(after.get(survivor)?.studentNumber).toBe(before.get(removed)?.studentNumber);
      expect(new Set(enrollmentIds(after.get(survivor)))).toEqual(
        new Set(ids.flatMap((id) => enrollmentIds(before.get(id)))),
      );
    }
  });

  it('are recreated: another id, the same number, person and enrollments', () => {
    for (const { ids, before, after } of findScenes('record-recreated', 2)) {
      const [former = 0, id = 0] = ids;
      expect(after.has(former)).toBe(false);
      expect(before.has(id)).toBe(false);
      const { guardians, ...rest } = before.get(former) ?? {};
      expect(after.get(id)).toMatchObject({ ...rest, studentId: id });
      expect(after.get(id)?.guardians.length).toBe(guardians?.length);
    }
  });
});

describe('positions', () => {
  it('are sometimes vacant, and are filled again', () => {
    const homerooms = sandbox.rows('Enrollment/Homeroom');
    const vacant = (): number =>
      Array.from(homerooms.ids()).filter((id) => homerooms.get(id, 'StaffID') === null).length;
    expect(vacant() / homerooms.size).toBeGreaterThan(0.01);
    expect(vacant() / homerooms.size).toBeLessThan(0.1);
    expect(findScenes('teacher-left', 2).length).toBeGreaterThan(0);
    expect(findScenes('teacher-came', 2).length).toBeGreaterThan(0);
  });
});
