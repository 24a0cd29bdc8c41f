/** Describes where a value of the record comes from and when it last changed. */
import { formatDay } from '../../../src/contract/day-format.ts';
import type { FieldChange, Student } from '../../../src/contract/students/students.ts';

type Changed = Pick<Student, 'sisStudentId' | 'fieldChanges' | 'lastChanges' | 'lastImport'>;

/** Returns the sentence for the fields that make up a value, with their latest change. */
export type FindSource = (...fields: readonly string[]) => string;

/**
 * Returns the sources of the values of a student, or of a guardian by id. A value without a change is the one
 * first imported.
 */
export function sourcesOf(
  student: Changed,
  record: FieldChange['record'] = 'student',
  recordId: number | null = null,
): FindSource {
  const { sisStudentId, fieldChanges, lastImport } = student;
  return (...fields) => {
    if (sisStudentId === null) return 'Added manually: this student is not in Skyward.';
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
      return `From Skyward. Changed ${formatDay(last.importDate)}; before: ${last.from ?? 'empty'}.`;
    }
    return lastImport === null
      ? 'From Skyward.'
      : `From Skyward, as of ${formatDay(lastImport.importDate)}. Not changed since the first import.`;
  };
}
