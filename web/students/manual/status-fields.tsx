/** Fields for a manual status: one of all eight, its reason, and its first day. */
import { NativeSelect, Textarea, TextInput } from '@mantine/core';

import { Status, statuses } from '../../../src/contract/values.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
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
      <NativeSelect
        label="Status"
        data={statuses.map((status) => ({ value: status, label: statusLabels[status] }))}
        value={value.value}
        onChange={(event) => {
          const chosen = Status.safeParse(event.currentTarget.value).data;
          if (chosen !== undefined) onChange({ value: chosen });
        }}
      />
      <TextInput
        label="Since"
        type="date"
        max={today}
        value={value.since}
        error={problems.get('status.since')}
        onChange={(event) => onChange({ since: event.currentTarget.value })}
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
