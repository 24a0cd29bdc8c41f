/**
 * The table of pending invitations: resend or cancel them.
 *
 * This folder has the screens for a district's users and invitations.
 */
import { Badge, Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { type Invitation, usersApi } from '../../../src/contract/accounts/users.ts';
import { callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { type DataColumn, DataTable } from '../../shell/data-table.tsx';
import { Dialog } from '../../shell/dialog.tsx';
import { useNotice } from '../../shell/notices.tsx';
import { warningColor } from '../../theme.ts';
import { usersQuery } from '../account-queries.ts';
import { useMomentText } from '../moment-text.ts';
import { type Invited, LinkToHandOver } from './invite-dialog.tsx';
import { useRoleText, useSchoolText } from './role-fields.tsx';
import { roleLabels } from './role-labels.ts';

const mailLabels: Readonly<Record<Invitation['mailState'], string>> = {
  sent: 'by mail',
  failed: 'the mail could not be sent',
  'no-mail': 'by link',
};

export function InvitationTable({ invitations }: { readonly invitations: readonly Invitation[] }) {
  const roleText = useRoleText();
  const schoolText = useSchoolText();
  const moment = useMomentText();
  return (
    <DataTable
      caption="Invitations, the latest first"
      columns={listColumns(schoolText, moment)}
      rows={invitations}
      rowId={({ id }) => id}
      secondLine={(invitation) =>
        `${roleText(invitation)}. Expires ${moment(invitation.expiresAt)}`
      }
      empty={null}
    />
  );
}

const listColumns = (
  schoolText: (invitation: Invitation) => string,
  moment: (instant: string) => string,
): readonly DataColumn<Invitation>[] => [
  {
    key: 'name',
    label: 'Name',
    cell: ({ name, email, hasExpired }) => (
      <>
        <strong>{name ?? email}</strong> {hasExpired && <Badge color={warningColor}>Expired</Badge>}
        {name !== null && <span className="block quiet">{email}</span>}
      </>
    ),
  },
  { key: 'role', label: 'Role', cell: ({ role }) => roleLabels[role] },
  { key: 'schools', label: 'Schools', cell: schoolText },
  {
    key: 'invited',
    label: 'Invited',
    isMinor: true,
    cell: ({ invitedBy, createdAt, mailState }) =>
      `${moment(createdAt)} by ${invitedBy}, ${mailLabels[mailState]}`,
  },
  { key: 'expires', label: 'Expires', cell: ({ expiresAt }) => moment(expiresAt) },
  {
    key: 'actions',
    label: 'Actions',
    isLabelHidden: true,
    staysOnPhone: true,
    align: 'end',
    cell: (invitation) => <InvitationActions invitation={invitation} />,
  },
];

function InvitationActions({ invitation }: { readonly invitation: Invitation }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const [invited, setInvited] = useState<Invited>();
  const { id, email, mailState } = invitation;
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
  // Only a digest of the link is stored, so a link that was lost is replaced.
  const resendLabel = mailState === 'no-mail' ? 'New link' : 'Resend';
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="compact-sm" variant="default" aria-label={`Actions: ${email}`}>
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => resend.mutate()}>{resendLabel}</Menu.Item>
          <Menu.Item onClick={() => cancel.mutate()}>Cancel invitation</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog
        isOpen={invited !== undefined}
        title="New invitation"
        onClose={() => setInvited(undefined)}
      >
        {invited && (
          <LinkToHandOver invited={invited} email={email} onClose={() => setInvited(undefined)} />
        )}
      </Dialog>
    </>
  );
}
