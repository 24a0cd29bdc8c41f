/** Changes of a plan as screens show them: by the key and label of each field, with values as text. */
import type { PlannedStudent } from '../../contract/imports/import-changes.ts';
import type { PlannedValue } from '../../import/runs/run-plan.ts';
import { fieldKey, fullFieldLabel, wholeRecordLabel } from '../../roster/fields/labels.ts';
import {
  formatEnrollment,
  formatGuardian,
  formatValue,
} from '../../students/history/format-value.ts';

type PlannedChange = PlannedStudent['changes'][number];

/** Returns a change with its label. */
export function toPlannedChange({
  record,
  recordId,
  field,
  from,
  to,
}: PlannedValue): PlannedChange {
  if (field !== null)
    return {
      record,
      recordId,
      field: fieldKey(record, field),
      label: fullFieldLabel(record, field),
      from: formatValue(field, from),
      to: formatValue(field, to),
    };
  const format = record === 'enrollment' ? formatEnrollment : formatGuardian;
  return {
    record,
    recordId,
    field,
    label: wholeRecordLabel(record, from === null),
    from: from === null ? null : format(from),
    to: to === null ? null : format(to),
  };
}
