/** Bad data as real districts have it, added to a clean practice district on request. */
import { openRows } from './rows.ts';
import type { Store } from './store.ts';

export const dirtKinds = [
  'no-name',
  'missing-name-row',
  'birth-1753',
  'unknown-student',
  'same-number',
  'huge-name',
] as const;

export type DirtKind = (typeof dirtKinds)[number];

const hugeNameLength = 2_000_000;

/** Spoils one student (or one enrollment) for each kind; later students for later kinds. */
export function applyDirt(store: Store, kinds: readonly DirtKind[]): void {
  const students = openRows(store, 'Student/Student');
  const names = openRows(store, 'Demographics/Name');
  const ids = [...students.ids()];
  for (const kind of kinds) {
    // From the end, where histories are ordinary.
    const studentId = ids.pop() ?? 0;
    const nameId = Number(students.get(studentId, 'NameID'));
    switch (kind) {
      case 'no-name':
        names.update(nameId, {
          FirstName: null,
          LastName: null,
          FirstNameLegal: null,
          LastNameLegal: null,
        });
        break;
      case 'missing-name-row':
        students.update(studentId, { NameID: 2_000_000_000 });
        break;
      case 'birth-1753':
        names.update(nameId, { BirthDate: '1753-01-01T00:00:00' });
        break;
      case 'unknown-student': {
        const spells = openRows(store, 'Enrollment/EntryWithdrawal');
        const [spell] = spells.where('StudentID', studentId);
        if (spell !== undefined) spells.update(spell, { StudentID: 2_000_000_000 });
        break;
      }
      case 'same-number':
        students.update(studentId, {
          StudentNumber: students.get(ids[0] ?? studentId, 'StudentNumber'),
        });
        break;
      case 'huge-name':
        names.update(nameId, { LastName: 'Q'.repeat(hugeNameLength) });
        break;
    }
  }
}
