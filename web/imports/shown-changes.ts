/** Which changes of a student the list of a run shows: what its first line says is not repeated. */
import type { PlannedStudent } from '../../src/contract/imports/import-changes.ts';

/** The status and what determined it; the first line of a student says what it becomes. */
const statusFields: ReadonlySet<string> = new Set(['status', 'statusRule', 'statusDecidedBy']);

/** More changes of a student are hidden at first, so that a long list can be read through. */
const maxShown = 4;

export interface ShownChanges {
  readonly first: PlannedStudent['changes'];
  readonly more: PlannedStudent['changes'];
  /** Whether the status stays, and another enrollment determines it. */
  readonly isOnlyReason: boolean;
}

export function listShownChanges({
  kind,
  changes,
}: Pick<PlannedStudent, 'kind' | 'changes'>): ShownChanges {
  const shown = changes.filter(
    ({ record, field }) => record !== 'student' || !statusFields.has(field ?? ''),
  );
  // A button for a single one would save nothing.
  const count = shown.length === maxShown + 1 ? shown.length : maxShown;
  return {
    first: shown.slice(0, count),
    more: shown.slice(count),
    isOnlyReason: kind === 'changed' && changes.length > 0 && shown.length === 0,
  };
}
