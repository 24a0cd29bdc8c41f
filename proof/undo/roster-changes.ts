/** Random changes of a district in Skyward, as an import would receive them. */
import type { Random } from '../../sandbox/random.ts';
import { listStudentIds, type MemoryRoster, type MemoryRow, rowsOf } from './memory-roster.ts';

type Change = (roster: MemoryRoster, random: Random) => void;

/** Returns an id that Skyward has not given yet. */
const newId = (random: Random): number => 5_000_000 + random.below(900_000_000);

const pickRow = (rows: MemoryRow[], random: Random): MemoryRow | undefined =>
  rows[random.below(rows.length)];

/** Returns the row of a student in Skyward. */
function pickStudent(roster: MemoryRoster, random: Random): MemoryRow | undefined {
  const delivered = rowsOf(roster, 'students').filter(
    (row) => !roster.hidden.has(Number(row['skyward_id'])),
  );
  return pickRow(delivered, random);
}

/** Returns a row of the table that belongs to a student in Skyward. */
function pickOfStudent(
  roster: MemoryRoster,
  table: 'enrollments' | 'guardian_links' | 'entity_years',
  random: Random,
): MemoryRow | undefined {
  const id = pickStudent(roster, random)?.['skyward_id'];
  return pickRow(
    rowsOf(roster, table).filter((row) => row['student_skyward_id'] === id),
    random,
  );
}

function remove(roster: MemoryRoster, table: 'enrollments' | 'guardian_links', row: MemoryRow) {
  const rows = rowsOf(roster, table);
  rows.splice(rows.indexOf(row), 1);
}

const words = ['Alder', 'Birch', 'Cedar', 'Elm', 'Fir', 'Hazel', 'Juniper', 'Linden'] as const;
const days = ['2026-08-10', '2026-10-01', '2026-11-20', '2026-12-01', '2027-01-15'] as const;

const changes: Readonly<Record<string, Change>> = {
  'a name': (roster, random) => {
    const row = pickRow(rowsOf(roster, 'people'), random);
    if (row) row[random.pick(['first_name', 'middle_name', 'last_name'])] = random.pick(words);
  },
  'a birth date': (roster, random) => {
    const student = pickStudent(roster, random);
    const row = rowsOf(roster, 'people').find((one) => one['person_id'] === student?.['person_id']);
    if (row) row['birth_date'] = `2012-0${random.between(1, 9)}-15`;
  },
  'a phone number': (roster, random) => {
    const row = pickRow(rowsOf(roster, 'person_phones'), random);
    if (row) row['number'] = `512555${random.between(1000, 9999)}`;
  },
  'a phone less': (roster, random) => {
    const rows = rowsOf(roster, 'person_phones');
    rows.splice(random.below(rows.length), 1);
  },
  'an address': (roster, random) => {
    const row = pickRow(rowsOf(roster, 'addresses'), random);
    if (row) row['full_text'] = `${random.between(1, 99)} ${random.pick(words)} St`;
  },
  'a student number': (roster, random) => {
    const row = pickStudent(roster, random);
    if (row) row['student_number'] = `N${newId(random)}`;
  },
  'a graduation year': (roster, random) => {
    const row = pickStudent(roster, random);
    if (row) row['graduation_year'] = 2027 + random.below(9);
  },
  'a guardian less': (roster, random) => {
    const row = pickOfStudent(roster, 'guardian_links', random);
    if (row) remove(roster, 'guardian_links', row);
  },
  'a guardian more': (roster, random) => {
    const student = pickStudent(roster, random);
    const like = pickRow(rowsOf(roster, 'guardian_links'), random);
    if (!student || !like) return;
    rowsOf(roster, 'guardian_links').push({
      ...like,
      skyward_id: newId(random),
      student_skyward_id: student['skyward_id'],
    });
  },
  'a relationship': (roster, random) => {
    const row = pickOfStudent(roster, 'guardian_links', random);
    if (row) row['relationship'] = random.pick(['Aunt', 'Uncle', 'Mother', 'Father']);
  },
  'rights of a guardian': (roster, random) => {
    const row = pickOfStudent(roster, 'guardian_links', random);
    if (row) row['has_restricted_access'] = row['has_restricted_access'] !== true;
  },
  'guardians exchanged': (roster, random) => {
    const [one, other] = [
      pickOfStudent(roster, 'guardian_links', random),
      pickOfStudent(roster, 'guardian_links', random),
    ];
    if (one && other)
      [one['student_skyward_id'], other['student_skyward_id']] = [
        other['student_skyward_id'],
        one['student_skyward_id'],
      ];
  },
  'an end of enrollment': (roster, random) => {
    const row = pickOfStudent(roster, 'enrollments', random);
    if (!row) return;
    row['end_date'] = random.pick(days);
    row['withdrawal_date'] = row['end_date'];
    row['withdrawal_code'] = random.pick(['01', 'W2', 'CECS']);
  },
  'an open enrollment': (roster, random) => {
    const row = pickOfStudent(roster, 'enrollments', random);
    if (row) row['end_date'] = row['withdrawal_date'] = row['withdrawal_code'] = null;
  },
  'an enrollment less': (roster, random) => {
    const row = pickOfStudent(roster, 'enrollments', random);
    if (row) remove(roster, 'enrollments', row);
  },
  'an enrollment more': (roster, random) => {
    const row = pickOfStudent(roster, 'enrollments', random);
    if (!row) return;
    rowsOf(roster, 'enrollments').push({
      ...row,
      skyward_id: newId(random),
      start_date: random.pick(days),
      end_date: null,
      withdrawal_date: null,
      withdrawal_code: null,
    });
  },
  'a homeroom': (roster, random) => {
    const row = pickOfStudent(roster, 'entity_years', random);
    if (row) row['homeroom'] = `${random.pick(words)} ${random.below(9)}`;
  },
  'a student no longer in Skyward': (roster, random) => {
    const row = pickStudent(roster, random);
    if (row && roster.hidden.size < 9) roster.hidden.add(Number(row['skyward_id']));
  },
  'a student in Skyward again': (roster, random) => {
    const id = [...roster.hidden][random.below(roster.hidden.size)];
    if (id !== undefined) roster.hidden.delete(id);
  },
  'another Skyward ID': (roster, random) => {
    const row = pickStudent(roster, random);
    if (row) giveSkywardId(roster, row, newId(random));
  },
};

/** Gives a student another Skyward ID, as when Skyward's administrator enters the student again. */
function giveSkywardId(roster: MemoryRoster, student: MemoryRow, id: number): void {
  const former = student['skyward_id'];
  for (const { table, rows } of roster.lists) {
    for (const row of rows) {
      if (table !== 'students' && row['student_skyward_id'] === former)
        row['student_skyward_id'] = id;
    }
  }
  student['skyward_id'] = id;
}

/** Makes one random change and returns its kind. */
export function changeSkyward(roster: MemoryRoster, random: Random): string {
  const kinds = Object.keys(changes);
  const kind = kinds[random.below(kinds.length)] ?? '';
  changes[kind]?.(roster, random);
  return kind;
}

/** Returns the students whom Skyward delivers. */
export const listDelivered = (roster: MemoryRoster): ReadonlySet<number> =>
  new Set(listStudentIds(roster).filter((id) => !roster.hidden.has(id)));
