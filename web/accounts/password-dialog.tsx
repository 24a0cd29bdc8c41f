/** A window that asks for one's password before something of the account changes. */
import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import { Dialog } from '../shell/dialog.tsx';
import { Refusal } from './entry-card.tsx';
import { PasswordField } from './password-field.tsx';

interface PasswordDialogProps<Answer> {
  readonly isOpen: boolean;
  readonly title: string;
  readonly confirmLabel: string;
  readonly ask: (password: string) => Promise<Answer>;
  readonly onDone: (answer: Answer) => void;
  readonly onClose: () => void;
}

/** Closes once the answer is there; the password is forgotten with it. */
export function PasswordDialog<Answer>(props: PasswordDialogProps<Answer>) {
  return (
    <Dialog isOpen={props.isOpen} title={props.title} onClose={props.onClose}>
      <PasswordForm {...props} />
    </Dialog>
  );
}

function PasswordForm<Answer>({ confirmLabel, ask, onDone, onClose }: PasswordDialogProps<Answer>) {
  const [password, setPassword] = useState('');
  const confirm = useMutation({
    mutationFn: () => ask(password),
    onSuccess: (answer) => {
      onClose();
      onDone(answer);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <form onSubmit={submit} className="dialog-form">
      {confirm.error && <Refusal error={confirm.error} />}
      <PasswordField
        label="Your password"
        name="current-password"
        kind="current"
        value={password}
        onChange={setPassword}
      />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={confirm.isPending}>
          {confirmLabel}
        </Button>
      </Group>
    </form>
  );
}
