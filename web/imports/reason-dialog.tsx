/** A decision about an import that needs a reason. */
import { Button, Group, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';

import { Dialog } from '../shell/dialog.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';

/** Asks for a reason of at least three characters; `onDecide` is called with it. */
export function ReasonDialog(props: {
  readonly title: string;
  readonly button: string;
  /** What the reason is kept with, such as `the run`. */
  readonly keptWith: string;
  readonly problemTitle: string;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly onDecide: (reason: string) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const submit = () => {
    const isTooShort = reason.trim().length < 3;
    setMissing(isTooShort);
    if (!isTooShort) props.onDecide(reason);
  };
  return (
    <Dialog isOpen title={props.title} onClose={props.onClose}>
      {props.children}
      <Textarea
        label="Reason"
        description={`Kept with ${props.keptWith} and in the audit trail.`}
        required
        autosize={false}
        rows={3}
        maxLength={500}
        value={reason}
        error={isMissing ? 'Say in a few words why.' : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {props.error && <ProblemNotice title={props.problemTitle} error={props.error} />}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={props.onClose}>
          Cancel
        </Button>
        <Button loading={props.isPending} onClick={submit}>
          {props.button}
        </Button>
      </Group>
    </Dialog>
  );
}
