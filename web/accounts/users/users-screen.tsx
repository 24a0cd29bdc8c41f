/** Users of the district, pending invitations, and settings of sign-in. */
import '../accounts.css';

import { Button, Group, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { usersApi } from '../../../src/contract/accounts/users.ts';
import { callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { useNotice } from '../../shell/notices.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { usersQuery } from '../account-queries.ts';
import { Section } from '../account-section.tsx';
import { InvitationRow } from './invitation-row.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { UserRow } from './user-row.tsx';
import { SingleSignOnSection } from '../single-sign-on-section.tsx';

export function UsersScreen() {
  const domain = useDomain();
  const { data, error, refetch } = useQuery(usersQuery(domain));
  const [isInviting, setInviting] = useState(false);
  return (
    <div className="screen account">
      <Group justify="space-between">
        <ScreenTitle name="Users">Users</ScreenTitle>
        <Button onClick={() => setInviting(true)}>Invite user</Button>
      </Group>
      {error && data === undefined && (
        <ProblemNotice
          title="Users could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && data === undefined && <output>Loading …</output>}
      {data && (
        <>
          <Section title="Accounts">
            {data.users.length === 0 && <p>This district has no users yet.</p>}
            <ul className="rows">
              {data.users.map((user) => (
                <UserRow key={user.id} user={user} />
              ))}
            </ul>
          </Section>
          {data.invitations.length > 0 && (
            <Section title="Invitations">
              <ul className="rows">
                {data.invitations.map((invitation) => (
                  <InvitationRow key={invitation.id} invitation={invitation} />
                ))}
              </ul>
            </Section>
          )}
          <Section title="Sign-in">
            <TwoFactorRule isRequired={data.requiresTwoFactor} />
            <SingleSignOnSection />
          </Section>
        </>
      )}
      <InviteDialog isOpen={isInviting} onClose={() => setInviting(false)} />
    </div>
  );
}

function TwoFactorRule({ isRequired }: { readonly isRequired: boolean }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const save = useMutation({
    mutationFn: (required: boolean) =>
      callApi(usersApi.setTwoFactorRule, { domain, body: { isRequired: required } }),
    onSuccess: (_, required) =>
      notify({
        message: required
          ? 'Administrators now need two-step verification.'
          : 'Administrators no longer need two-step verification.',
      }),
    onError: (error) => notify({ message: error.message, tone: 'problem' }),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: usersQuery(domain).queryKey });
      await queries.invalidateQueries({ queryKey: ['session'] });
    },
  });
  return (
    <Switch
      label="Require two-step verification for administrators"
      description="Required at next sign-in. People who use single sign-on are exempt."
      checked={isRequired}
      disabled={save.isPending}
      onChange={(event) => save.mutate(event.currentTarget.checked)}
    />
  );
}
