/** What is said next to values of the record: recent changes, why a value is missing, and where a card comes from. */
import { formatDay } from '../../../src/contract/day-format.ts';
import type { FieldChange, Student } from '../../../src/contract/students/students.ts';

/** Changes are marked for this long. */
const markedDays = 30;

/** Returns a recent change of the fields that make up a value; undefined if there is none. */
export type FindChange = (...fields: readonly string[]) => string | undefined;

/** Finds changes of the last 30 days of a student, or of a guardian by id: `Changed Nov 18, was English`. */
export function recentChangesOf(
  { fieldChanges }: Pick<Student, 'fieldChanges'>,
  today: string,
  record: FieldChange['record'] = 'student',
  recordId: number | null = null,
): FindChange {
  const since = daysBefore(today, markedDays);
  return (...fields) => {
    const recent = fieldChanges.filter(
      (change) =>
        change.record === record &&
        change.recordId === recordId &&
        change.importDate >= since &&
        fields.includes(change.field),
    );
    const last = latest(recent);
    if (last === undefined) return undefined;
    const before = recent
      .filter(({ importDate }) => importDate === last.importDate)
      .map(({ from }) => from)
      .filter((from) => from !== null);
    const was = before.length === 0 ? 'was empty' : `was ${before.join(' ')}`;
    return `Changed ${formatDay(last.importDate)}, ${was}`;
  };
}

/** Returns the text for an empty value; undefined for a manual student, of whom Skyward has nothing. */
export function missingNote(
  { sisStudentId, notAvailable }: Pick<Student, 'sisStudentId' | 'notAvailable'>,
  record: 'student' | 'guardian',
  field: string,
): string | undefined {
  if (sisStudentId === null) return undefined;
  return notAvailable[record].includes(field)
    ? 'Not available (missing permission)'
    : 'Not in Skyward';
}

/** Returns a note on a value that is kept from an earlier import because it can't be read any more. */
export const keptNote = (
  { sisStudentId, notAvailable }: Pick<Student, 'sisStudentId' | 'notAvailable'>,
  record: 'student' | 'guardian',
  field: string,
): string | undefined =>
  sisStudentId !== null && notAvailable[record].includes(field)
    ? 'Not being updated (missing permission)'
    : undefined;

/** Returns where a card's values come from and when an import last changed one of them. */
export function cardSource(
  { sisStudentId, fieldChanges }: Pick<Student, 'sisStudentId' | 'fieldChanges'>,
  isShown: (change: FieldChange) => boolean,
): string {
  if (sisStudentId === null) return 'Added manually';
  const last = latest(fieldChanges.filter(isShown));
  return last === undefined
    ? 'From Skyward, no changes yet'
    : `From Skyward, last updated ${formatDay(last.importDate)}`;
}

const latest = (changes: readonly FieldChange[]): FieldChange | undefined =>
  changes.reduce<FieldChange | undefined>(
    (last, change) => (last === undefined || change.importDate > last.importDate ? change : last),
    undefined,
  );

const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
