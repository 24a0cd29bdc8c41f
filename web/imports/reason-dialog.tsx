/** A dialog that confirms an action on an import with a reason. */
import { Button, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';

import { Dialog, DialogFooter } from '../shell/dialog.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';

/** Asks for a reason of at least three characters; `onConfirm` is called with it. */
export function ReasonDialog(props: {
  readonly title: string;
  readonly button: string;
  /** Where the reason is stored, such as `the import`. */
  readonly storedWith: string;
  readonly problemTitle: string;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly onConfirm: (reason: string) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const submit = () => {
    const isTooShort = reason.trim().length < 3;
    setMissing(isTooShort);
    if (!isTooShort) props.onConfirm(reason);
  };
  return (
    <Dialog isOpen title={props.title} onClose={props.onClose}>
      {props.children}
      <Textarea
        label="Reason"
        description={`Stored with ${props.storedWith} and in the audit log.`}
        required
        autosize={false}
        rows={3}
        maxLength={500}
        value={reason}
        error={isMissing ? 'Enter a reason.' : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {props.error && <ProblemNotice title={props.problemTitle} error={props.error} />}
      <DialogFooter>
        <Button variant="default" onClick={props.onClose}>
          Cancel
        </Button>
        <Button loading={props.isPending} onClick={submit}>
          {props.button}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
