/** Users of the district and pending invitations. */
import '../accounts.css';

import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { useDomain } from '../../districts/district-query.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { usersQuery } from '../account-queries.ts';
import { Section } from '../account-section.tsx';
import { InvitationRow } from './invitation-row.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { UserRow } from './user-row.tsx';

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
        </>
      )}
      <InviteDialog isOpen={isInviting} onClose={() => setInviting(false)} />
    </div>
  );
}
