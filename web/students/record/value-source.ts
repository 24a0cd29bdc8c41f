/** Where a value of the record comes from and when it changed last, as a sentence. */
import type { FieldChange, Student } from '../../../src/contract/students/students.ts';
import { formatDay } from '../../shell/dates.ts';

type Changed = Pick<Student, 'sisStudentId' | 'fieldChanges' | 'lastChanges' | 'lastImport'>;

/** Gives the sentence for the fields that make up a value; of the changes the latest is told. */
export type FindSource = (...fields: readonly string[]) => string;

/**
 * The origins of a record's values: of the student, or of a guardian by number. A value that no night has
 * changed is as the student was first brought.
 */
export function sourcesOf(
  student: Changed,
  record: FieldChange['record'] = 'student',
  recordId: number | null = null,
): FindSource {
  const { sisStudentId, fieldChanges, lastImport } = student;
  return (...fields) => {
    if (sisStudentId === null) return 'Kept by hand: Skyward does not cover this student.';
    const last = fieldChanges
      .filter(
        (change) =>
          change.record === record && change.recordId === recordId && fields.includes(change.field),
      )
      .reduce<FieldChange | undefined>(
        (latest, change) =>
          latest === undefined || change.importDate > latest.importDate ? change : latest,
        undefined,
      );
    if (last !== undefined) {
      return `From Skyward. Changed in the night of ${formatDay(last.importDate)}; before: ${last.from ?? 'nothing'}.`;
    }
    return lastImport === null
      ? 'From Skyward.'
      : `From Skyward, as of the night of ${formatDay(lastImport.importDate)}. It has not changed since the record was first brought.`;
  };
}
