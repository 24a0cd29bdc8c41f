/** Invites a user: by mail, or with a link to hand over if no mail can be sent. */
import { Alert, Button, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { z } from 'zod';

import { usersApi } from '../../../src/contract/accounts/users.ts';
import { callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { Dialog, DialogFooter } from '../../shell/dialog.tsx';
import { useNotice } from '../../shell/notices.tsx';
import { usersQuery } from '../account-queries.ts';
import { ErrorMessage } from '../entry-card.tsx';
import { everyDistrictRole, type RoleSelection, RoleFields, toRoleBody } from './role-fields.tsx';

export type Invited = z.output<(typeof usersApi.invite)['response']>;

interface InviteDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function InviteDialog({ isOpen, onClose }: InviteDialogProps) {
  return (
    <Dialog isOpen={isOpen} title="Invite user" onClose={onClose}>
      <InviteForm onClose={onClose} />
    </Dialog>
  );
}

function InviteForm({ onClose }: Pick<InviteDialogProps, 'onClose'>) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [choice, setChoice] = useState<RoleSelection>({ role: 'staff', schools: undefined });
  const send = useMutation({
    mutationFn: () => {
      const body = { email: email.trim(), name: name.trim(), ...toRoleBody(choice) };
      return callApi(usersApi.invite, { domain, body });
    },
    onSuccess: ({ link }) => {
      if (link !== null) return;
      onClose();
      notify({ message: `Invitation sent to ${email.trim()}.` });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: usersQuery(domain).queryKey }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  if (send.data !== undefined && send.data.link !== null) {
    return <LinkToHandOver invited={send.data} email={email.trim()} onClose={onClose} />;
  }
  return (
    <form onSubmit={submit} className="dialog-form">
      {send.error && <ErrorMessage error={send.error} />}
      <TextInput
        label="E-mail"
        type="email"
        name="invited-email"
        autoComplete="off"
        required
        withAsterisk={false}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextInput
        label="Name"
        name="invited-name"
        autoComplete="off"
        required
        withAsterisk={false}
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <RoleFields roles={everyDistrictRole} value={choice} onChange={setChoice} />
      <DialogFooter>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={send.isPending}>
          Invite
        </Button>
      </DialogFooter>
    </form>
  );
}

interface LinkToHandOverProps {
  readonly invited: Invited;
  readonly email: string;
  readonly onClose: () => void;
}

/** The link gives access to the account, so it is shown only once. */
export function LinkToHandOver({ invited, email, onClose }: LinkToHandOverProps) {
  const clipboard = useClipboard();
  const { link, mailState } = invited;
  return (
    <div className="dialog-form">
      <Alert
        color="yellow"
        className="warning"
        title={
          mailState === 'failed'
            ? 'The mail could not be sent'
            : 'E-mail isn’t set up on this server'
        }
      >
        Give this link to {email} privately. It works once and for seven days, and it is not shown
        again.
      </Alert>
      <TextInput
        label="Invitation link"
        readOnly
        value={link ?? ''}
        onFocus={(event) => event.currentTarget.select()}
      />
      <DialogFooter>
        <Button variant="default" onClick={() => clipboard.copy(link)}>
          {clipboard.copied ? 'Copied' : 'Copy link'}
        </Button>
        <Button onClick={onClose}>Done</Button>
      </DialogFooter>
    </div>
  );
}
