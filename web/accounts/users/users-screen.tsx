/** Users of the district and pending invitations. */
import '../accounts.css';

import { Button, Stack, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { SearchIcon } from '../../shell/icons.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { usersQuery } from '../account-queries.ts';
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
      <div className="screen-head">
        <ScreenTitle name="Users">Users</ScreenTitle>
        <Button onClick={() => setInviting(true)}>Invite user</Button>
      </div>
      {error && data === undefined ? (
        <ProblemNotice
          title="Couldn’t load the users"
          error={error}
          onRetry={() => void refetch()}
        />
      ) : (
        <Stack gap="md" mt="md">
          {(data?.users.length ?? 0) > searchFrom && (
            <TextInput
              type="search"
              aria-label="Search users"
              placeholder="Name, e-mail, role or school"
              leftSection={<SearchIcon />}
              maw="24rem"
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
          )}
          <UserTable users={data?.users} search={search} />
          {data && data.invitations.length > 0 && (
            <>
              <Title order={2} mt="md">
                Invitations
              </Title>
              <InvitationTable invitations={data.invitations} />
            </>
          )}
          <p className="quiet">Times are in the district’s time zone ({timeZone}).</p>
        </Stack>
      )}
      <InviteDialog isOpen={isInviting} onClose={() => setInviting(false)} />
    </div>
  );
}
