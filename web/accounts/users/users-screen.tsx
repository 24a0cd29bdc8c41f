/** Users of the district and pending invitations. */
import '../accounts.css';

import { Button, Group, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { usersQuery } from '../account-queries.ts';
import { Section } from '../account-section.tsx';
import { InvitationTable } from './invitation-table.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { UserTable } from './user-table.tsx';

/** Fewer users than these are found by looking. */
const searchFrom = 8;

export function UsersScreen() {
  const domain = useDomain();
  const { data, error, refetch } = useQuery(usersQuery(domain));
  const { timeZone } = useDistrict();
  const [isInviting, setInviting] = useState(false);
  const [search, setSearch] = useState('');
  return (
    <div className="screen">
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
      {!(error && data === undefined) && (
        <Section title="Accounts">
          {(data?.users.length ?? 0) > searchFrom && (
            <TextInput
              type="search"
              aria-label="Search users"
              placeholder="Search by name, e-mail, role or school"
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
          )}
          <UserTable users={data?.users} search={search} />
        </Section>
      )}
      {data && data.invitations.length > 0 && (
        <Section title="Invitations">
          <InvitationTable invitations={data.invitations} />
        </Section>
      )}
      <p className="quiet">Times are in the district&apos;s time zone ({timeZone}).</p>
      <InviteDialog isOpen={isInviting} onClose={() => setInviting(false)} />
    </div>
  );
}
