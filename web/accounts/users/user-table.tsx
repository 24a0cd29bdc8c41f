/** The table of users. */
import { Badge } from '@mantine/core';

import type { ListedUser } from '../../../src/contract/accounts/users.ts';
import { type DataColumn, DataTable } from '../../shell/data-table.tsx';
import { EmptyState } from '../../shell/list-state.tsx';
import { warningColor } from '../../theme.ts';
import { useMomentText } from '../moment-text.ts';
import { useRoleText, useSchoolText } from './role-fields.tsx';
import { roleLabels } from './role-labels.ts';
import { UserActions } from './user-actions.tsx';

interface UserTableProps {
  /** Undefined while they load. */
  readonly users: readonly ListedUser[] | undefined;
  readonly search: string;
}

export function UserTable({ users, search }: UserTableProps) {
  const roleText = useRoleText();
  const schoolText = useSchoolText();
  const signInText = useSignInText();
  const words = search.toLowerCase().split(/\s+/);
  const found = users?.filter((user) => {
    const text = `${user.name} ${user.email} ${roleText(user)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return (
    <DataTable
      caption="Users, by name"
      columns={listColumns(schoolText, signInText)}
      rows={found}
      rowId={({ id }) => id}
      secondLine={(user) => `${roleText(user)}. Last sign-in: ${signInText(user)}`}
      skeletonRows={4}
      empty={
        search.trim() === '' ? (
          <EmptyState title="No users yet">Invite the first one.</EmptyState>
        ) : (
          <EmptyState title="No users found">
            Name, e-mail address, role and schools are searched.
          </EmptyState>
        )
      }
    />
  );
}

type Formatter = (user: ListedUser) => string;

const listColumns = (
  schoolText: Formatter,
  signInText: Formatter,
): readonly DataColumn<ListedUser>[] => [
  {
    key: 'name',
    label: 'Name',
    sort: ({ name }) => name.toLowerCase(),
    cell: (user) => (
      <>
        <strong>{user.name}</strong> <UserBadges user={user} />
        <span className="block quiet">{user.email}</span>
      </>
    ),
  },
  { key: 'role', label: 'Role', sort: ({ role }) => role, cell: ({ role }) => roleLabels[role] },
  { key: 'schools', label: 'Schools', sort: schoolText, cell: schoolText },
  {
    key: 'two-factor',
    label: 'Two-step verification',
    isMinor: true,
    sort: ({ hasTwoFactor }) => Number(hasTwoFactor),
    cell: ({ hasTwoFactor }) => (hasTwoFactor ? 'On' : 'Off'),
  },
  {
    key: 'sign-in',
    label: 'Last sign-in',
    sort: ({ lastSignedInAt }) => lastSignedInAt,
    cell: signInText,
  },
  {
    key: 'actions',
    label: 'Actions',
    isLabelHidden: true,
    staysOnPhone: true,
    align: 'end',
    cell: (user) => <UserActions user={user} />,
  },
];

function UserBadges({ user }: { readonly user: ListedUser }) {
  const momentText = useMomentText();
  const { isYou, isSuspended, lockedOutUntil } = user;
  return (
    <>
      {isYou && (
        <Badge variant="light" color="gray">
          You
        </Badge>
      )}
      {isSuspended && <Badge color="red.8">Suspended</Badge>}
      {lockedOutUntil !== null && (
        <Badge color={warningColor}>Locked out until {momentText(lockedOutUntil)}</Badge>
      )}
    </>
  );
}

/** Formats the last sign-in in the time zone of the district. */
function useSignInText(): Formatter {
  const momentText = useMomentText();
  return ({ lastSignedInAt }) => (lastSignedInAt === null ? 'Never' : momentText(lastSignedInAt));
}
