/** Puts a kind of poison into the rows of a school, or of a share of its students. */
import type { Random } from '../../sandbox/random.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import {
  listObjects,
  type Backup,
  type ListName,
  type PoisonKind,
  type Row,
} from './poison-kind.ts';
import type { BackupRows } from './backup-rows.ts';

type Rows = ReturnType<Sandbox['rows']>;

export interface PoisonedSchool {
  readonly sandbox: Sandbox;
  readonly random: Random;
  /** Percent of the school's students, and of the rows of code tables. */
  readonly strength: number;
  readonly backups: Readonly<Record<Backup, BackupRows>>;
}

/** Applies a kind and returns the number of chosen students. */
export function poison(kind: PoisonKind, school: PoisonedSchool): number {
  const { sandbox, random, strength, backups } = school;
  const entities = sandbox.rows('District/Entity');
  const schoolYearId = Number(entities.get(sandbox.entityId, 'SchoolYearIDCurrent'));
  const enrollments = sandbox.rows('Enrollment/EntryWithdrawal');
  const open = enrollments
    .where('SchoolYearID', schoolYearId)
    .filter(
      (id) =>
        enrollments.get(id, 'EndDate') === null &&
        enrollments.get(id, 'IsDefaultEntity') === true &&
        enrollments.get(id, 'WithdrawalCodeID') === null,
    );
  const bySchool = Map.groupBy(open, (id) => Number(enrollments.get(id, 'EntityID')));
  const schools = [...bySchool.keys()].toSorted((one, other) => one - other);
  const entityId = schools[random.below(schools.length)] ?? 0;
  const all = listIds(enrollments, bySchool.get(entityId) ?? [], 'StudentID');
  const count = Math.max(1, Math.round((all.length * strength) / 100));
  // Neighbors in the list, as a batch job takes them.
  const first = random.below(all.length - count + 1);
  const studentIds = all.slice(first, first + count);
  const students = sandbox.rows('Student/Student');
  const probe = students.insert({});
  students.remove(probe);
  const surroundings = {
    random,
    today: sandbox.today,
    studentIds,
    nextStudentId: probe + 1,
    schoolYearId,
    nextSchoolYearId: schoolYearId + 1,
    entityId,
    otherEntityId: schools.find((each) => each !== entityId) ?? entityId,
    withdrawalCode: (code: string) => {
      const codes = sandbox.rows('Enrollment/WithdrawalCode');
      return (
        codes
          .where('SchoolYearID', schoolYearId)
          .find((id) => String(codes.get(id, 'Code')).trim().toUpperCase() === code) ?? null
      );
    },
    earlier: (backup: Backup, list: ListName, row: Row) =>
      row.id === null ? undefined : backups[backup].find(listObjects[list], row.id),
  };
  // All lists are read before any is changed: one change must not move what another one selects.
  const changes = (Object.keys(kind.changes) as ListName[]).flatMap((list) => {
    const change = kind.changes[list];
    if (change === undefined) return [];
    const rows = sandbox.rows(listObjects[list]);
    const before = selectRows(list, sandbox, { studentIds, schoolYearId, entityId, strength }).map(
      (id): Row => ({ id, values: rows.find(id) ?? {} }),
    );
    return [{ list, before, after: change(before, surroundings) }];
  });
  for (const { list, before, after } of changes)
    writeRows(sandbox, listObjects[list], before, after);
  return studentIds.length;
}

function writeRows(
  sandbox: Sandbox,
  path: string,
  before: readonly Row[],
  after: readonly Row[],
): void {
  const rows = sandbox.rows(path);
  const previous = new Map(before.map(({ id, values }) => [id, values]));
  const fields = sandbox.catalog.get(path)?.fields;
  for (const { id, values } of after) {
    if (id === null) {
      // Fields that Skyward computes follow from the others; the state ID has no other source here.
      const own = Object.entries(values).filter(
        ([name]) => fields?.get(name)?.isReadOnly !== true || name === 'CalculatedStudentStateID',
      );
      rows.insert(Object.fromEntries(own));
      continue;
    }
    const changed = Object.entries(values).filter(
      ([name, value]) => previous.get(id)?.[name] !== value,
    );
    if (changed.length > 0) rows.update(id, Object.fromEntries(changed));
    previous.delete(id);
  }
  for (const id of previous.keys()) if (id !== null) rows.remove(id);
}

interface Selection {
  readonly studentIds: readonly number[];
  readonly schoolYearId: number;
  readonly entityId: number;
  readonly strength: number;
}

/** Returns the keys of a list's rows that belong to the chosen students. */
function selectRows(list: ListName, sandbox: Sandbox, selection: Selection): readonly number[] {
  const { studentIds, schoolYearId, entityId } = selection;
  const rows = (each: ListName) => sandbox.rows(listObjects[each]);
  const linked = (each: ListName, field: string, keys: readonly number[]) =>
    keys.flatMap((key) => rows(each).where(field, key));
  const names = () => listIds(rows('students'), studentIds, 'NameID');
  const links = () => linked('guardianLinks', 'StudentID', studentIds);
  const guardians = () => listIds(rows('guardianLinks'), links(), 'NameIDGuardian');
  const homes = () => linked('homes', 'NameID', [...names(), ...guardians()]);
  const current = (each: ListName) =>
    linked(each, 'StudentID', studentIds).filter(
      (id) =>
        rows(each).get(id, 'SchoolYearID') === schoolYearId &&
        rows(each).get(id, 'EntityID') === entityId,
    );
  const share = (ids: readonly number[]) =>
    ids.slice(0, Math.max(2, Math.round((ids.length * selection.strength) / 100)));
  const ofYear = (each: ListName) => share(rows(each).where('SchoolYearID', schoolYearId));
  const inFamilies = () => linked('familyLinks', 'StudentID', studentIds);
  const all = (each: ListName) => share([...rows(each).ids()]);
  const select: Readonly<Record<ListName, () => readonly number[]>> = {
    students: () => studentIds,
    studentNames: names,
    guardianNames: guardians,
    guardianLinks: links,
    familyLinks: inFamilies,
    families: () => listIds(rows('familyLinks'), inFamilies(), 'FamilyID'),
    homes,
    addresses: () => listIds(rows('homes'), homes(), 'AddressID'),
    guardianPhones: () => linked('guardianPhones', 'NameID', guardians()),
    guardianEmails: () => linked('guardianEmails', 'NameID', guardians()),
    enrollments: () => linked('enrollments', 'StudentID', studentIds),
    currentEnrollments: () =>
      current('enrollments').filter((id) => rows('enrollments').get(id, 'EndDate') === null),
    formerEnrollments: () => lastEnrollmentsOfFormer(rows('enrollments'), studentIds.length),
    entityYears: () => current('entityYears'),
    calendars: () =>
      rows('calendars')
        .where('SchoolYearID', schoolYearId)
        .filter((id) => rows('calendars').get(id, 'EntityID') === entityId),
    // Without the entities of the system and the district.
    entities: () => share([...rows('entities').ids()].slice(2)),
    schools: () => ofYear('schools'),
    withdrawalCodes: () => ofYear('withdrawalCodes'),
    relationships: () => all('relationships'),
    languages: () => all('languages'),
    phoneTypes: () => all('phoneTypes'),
    zips: () => all('zips'),
  };
  return select[list]();
}

/** Returns the latest enrollment of each of the latest students who have none that is open. */
function lastEnrollmentsOfFormer(enrollments: Rows, count: number): number[] {
  const byStudent = Map.groupBy(enrollments.ids(), (id) => enrollments.get(id, 'StudentID'));
  return [...byStudent.values()]
    .filter((ids) => ids.every((id) => enrollments.get(id, 'EndDate') !== null))
    .map((ids) => Math.max(...ids))
    .slice(-count);
}

/** Returns the keys in a field of rows, each once, ascending. */
function listIds(rows: Rows, ids: readonly number[], field: string): number[] {
  return [...new Set(ids.map((id) => Number(rows.get(id, field))))].toSorted(
    (one, other) => one - other,
  );
}
