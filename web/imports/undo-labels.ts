/** What undoing an import would change, in sentences. */
import { formatDay } from '../../src/contract/day-format.ts';
import type { ImportUndo, UndoPreview } from '../../src/contract/imports/import-undo.ts';
import { statusLabels } from '../../src/enrollment/enrollment-status.ts';
import { formatCount } from './run-labels.ts';

/** `1 student`, `1,204 students`. */
const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** Returns what comes back, what goes and what stays, most important first. */
export function listUndoEffects({
  imports,
  counts,
}: {
  readonly imports: ImportUndo['imports'];
  readonly counts: NonNullable<UndoPreview['counts']>;
}): string[] {
  const { students, guardians, enrollments, created, missingMarks, documents, keptIds } = counts;
  const later = imports.slice(1).map(({ importDate }) => formatDay(importDate));
  const parts = [
    guardians === 0 ? '' : plural(guardians, 'guardian'),
    enrollments === 0 ? '' : plural(enrollments, 'enrollment'),
  ].filter((part) => part !== '');
  return [
    later.length === 0
      ? ''
      : `${later.length === 1 ? 'A later import is' : `${formatCount(later.length)} later imports are`} undone with it: ${later.join(', ')}.`,
    students === 0
      ? 'No values change.'
      : `${plural(students, 'student')} ${students === 1 ? 'gets' : 'get'} earlier values back${parts.length === 0 ? '' : `, with ${parts.join(' and ')}`}.`,
    ...counts.statusMoves.map(
      ({ from, to, count }) => `${plural(count, 'student')}: ${label(from)} → ${label(to)}.`,
    ),
    created === 0
      ? ''
      : `${plural(created, 'student')} added since ${created === 1 ? 'stays, marked' : 'stay, marked'} as no longer in Skyward.`,
    missingMarks === 0
      ? ''
      : `${plural(missingMarks, 'student')} ${missingMarks === 1 ? 'counts' : 'count'} as in Skyward, or as no longer there, as before.`,
    keptIds === 0
      ? ''
      : `${plural(keptIds, 'record')} ${keptIds === 1 ? 'keeps its' : 'keep their'} Skyward ID, because another record has the former one.`,
    documents === 0
      ? ''
      : `${plural(documents, 'document')} of these students ${documents === 1 ? 'stays as it is' : 'stay as they are'}.`,
  ].filter((sentence) => sentence !== '');
}

const label = (status: string): string =>
  (statusLabels as Readonly<Record<string, string>>)[status] ?? status;
