/** Fields for a manual status: one of all eight, its reason, and its first day. */
import { Textarea } from '@mantine/core';

import { statuses } from '../../../src/contract/values.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { DateField } from '../../shell/fields/date-field.tsx';
import { Select } from '../../shell/fields/select.tsx';
import type { DraftProblems, StatusDraft } from './student-draft.ts';

interface StatusFieldsProps {
  readonly value: StatusDraft;
  readonly today: string;
  readonly problems: DraftProblems;
  readonly onChange: (change: Partial<StatusDraft>) => void;
}

export function StatusFields({ value, today, problems, onChange }: StatusFieldsProps) {
  return (
    <>
      <Select
        label="Status"
        options={statuses.map((status) => ({ value: status, label: statusLabels[status] }))}
        value={value.value}
        onChange={(status) => onChange({ value: status })}
      />
      <DateField
        label="Since"
        max={today}
        value={value.since}
        error={problems.get('status.since')}
        onChange={(since) => onChange({ since })}
      />
      <Textarea
        label="Reason"
        description="Shown next to the status"
        autosize
        minRows={2}
        maxLength={300}
        value={value.reason ?? ''}
        error={problems.get('status.reason')}
        onChange={(event) => onChange({ reason: event.currentTarget.value })}
        className="typed-wide"
      />
    </>
  );
}
