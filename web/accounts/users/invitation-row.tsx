/**
 * A pending invitation: resend or cancel it.
 *
 * This folder has the screens for a district's users and invitations.
 */
import { Badge, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { type Invitation, usersApi } from '../../../src/contract/accounts/users.ts';
import { callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { Dialog } from '../../shell/dialog.tsx';
import { useNotice } from '../../shell/notices.tsx';
import { warningColor } from '../../theme.ts';
import { usersQuery } from '../account-queries.ts';
import { type Invited, LinkToHandOver } from './invite-dialog.tsx';
import { localTime } from '../local-time.ts';
import { RowButton } from './user-row.tsx';
import { useRoleText } from './role-fields.tsx';

const mailLabels: Readonly<Record<Invitation['mailState'], string>> = {
  sent: 'mailed',
  failed: 'the mail could not be sent',
  'no-mail': 'link handed over',
};

export function InvitationRow({ invitation }: { readonly invitation: Invitation }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const roleText = useRoleText();
  const [invited, setInvited] = useState<Invited>();
  const { id, email, hasExpired } = invitation;
  const settle = {
    onError: (error: Error) => notify({ message: error.message, tone: 'problem' as const }),
    onSettled: () => queries.invalidateQueries({ queryKey: usersQuery(domain).queryKey }),
  };
  const resend = useMutation({
    mutationFn: () => callApi(usersApi.resendInvitation, { domain, params: { id } }),
    onSuccess: (response) => {
      if (response.link !== null) setInvited(response);
      else notify({ message: `Invitation sent again to ${email}.` });
    },
    ...settle,
  });
  const cancel = useMutation({
    mutationFn: () => callApi(usersApi.cancelInvitation, { domain, params: { id } }),
    onSuccess: () => notify({ message: `Invitation of ${email} canceled.` }),
    ...settle,
  });
  return (
    <li className="row">
      <span className="row-main">
        <strong>{email}</strong>
        {hasExpired && <Badge color={warningColor}>Expired</Badge>}
        <span className="quiet block">
          {roleText(invitation)} · invited by {invitation.invitedBy}{' '}
          {localTime(invitation.createdAt)}, {mailLabels[invitation.mailState]} ·{' '}
          {hasExpired ? 'expired' : 'expires'} {localTime(invitation.expiresAt)}
        </span>
      </span>
      <Group gap="xs" className="row-actions">
        <RowButton label="Resend" name={email} onClick={() => resend.mutate()} />
        <RowButton label="Cancel invitation" name={email} onClick={() => cancel.mutate()} />
      </Group>
      <Dialog
        isOpen={invited !== undefined}
        title="New invitation"
        onClose={() => setInvited(undefined)}
      >
        {invited && (
          <LinkToHandOver invited={invited} email={email} onClose={() => setInvited(undefined)} />
        )}
      </Dialog>
    </li>
  );
}
