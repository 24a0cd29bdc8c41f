/** The menu of actions for a user, with their questions. */
import { Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { type ListedUser, usersApi } from '../../../src/contract/accounts/users.ts';
import { callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { ConfirmDialog } from '../../shell/dialog.tsx';
import { useNotice } from '../../shell/notices.tsx';
import { usersQuery } from '../account-queries.ts';
import { UserDialog } from './user-dialog.tsx';

type Question = 'edit' | 'suspend' | 'two-factor' | 'remove' | undefined;

export function UserActions({ user }: { readonly user: ListedUser }) {
  const [question, setQuestion] = useState<Question>();
  const close = () => setQuestion(undefined);
  const { name, isYou, isSuspended, lockedOutUntil, hasTwoFactor } = user;
  const domain = useDomain();
  const act = useUserAction(user, close);
  const isShut = isSuspended || lockedOutUntil !== null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="compact-sm" variant="default" aria-label={`Actions: ${name}`}>
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setQuestion('edit')}>Edit</Menu.Item>
          <Menu.Item
            renderRoot={(item) => (
              <Link
                to="/a/$domain/users/$accountId/students"
                params={{ domain, accountId: user.id }}
                {...item}
              />
            )}
          >
            Students
          </Menu.Item>
          {hasTwoFactor && !isYou && (
            <Menu.Item onClick={() => setQuestion('two-factor')}>
              Turn off two-step verification
            </Menu.Item>
          )}
          {isShut && (
            <Menu.Item onClick={() => act.mutate('reactivate')}>
              {isSuspended ? 'Reactivate' : 'Unlock'}
            </Menu.Item>
          )}
          {!isSuspended && !isYou && (
            <Menu.Item onClick={() => setQuestion('suspend')}>Suspend</Menu.Item>
          )}
          {!isYou && (
            <Menu.Item color="red" onClick={() => setQuestion('remove')}>
              Remove
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <UserDialog isOpen={question === 'edit'} user={user} onClose={close} />
      <ConfirmDialog
        isOpen={question === 'suspend'}
        title={`Suspend ${name}?`}
        confirmLabel="Suspend"
        isPending={act.isPending}
        error={act.error}
        onConfirm={() => act.mutate('suspend')}
        onClose={close}
      >
        {name} is signed out immediately and can’t sign in until you reactivate the account.
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={question === 'two-factor'}
        title={`Turn off two-step verification of ${name}?`}
        confirmLabel="Turn off"
        isPending={act.isPending}
        error={act.error}
        onConfirm={() => act.mutate('two-factor')}
        onClose={close}
      >
        For a user who lost the phone and the backup codes. Make sure that {name} asked for it: from
        now on the password alone gives access.
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={question === 'remove'}
        title={`Remove ${name}?`}
        confirmLabel="Remove"
        isDestructive
        isPending={act.isPending}
        error={act.error}
        onConfirm={() => act.mutate('remove')}
        onClose={close}
      >
        {name} is signed out immediately. This can’t be undone, but you can invite {name} again. The
        audit log entries of {name} stay.
      </ConfirmDialog>
    </>
  );
}

type Act = 'suspend' | 'reactivate' | 'two-factor' | 'remove';

const doneMessages: Readonly<Record<Act, (name: string) => string>> = {
  suspend: (name) => `${name} is suspended.`,
  reactivate: (name) => `${name} can sign in again.`,
  'two-factor': (name) => `Two-step verification of ${name} is off.`,
  remove: (name) => `${name} is removed.`,
};

function useUserAction({ id, name }: ListedUser, onDone: () => void) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const params = { id };
  return useMutation({
    mutationFn: async (act: Act) => {
      if (act === 'remove') return callApi(usersApi.removeUser, { domain, params });
      if (act === 'two-factor') return callApi(usersApi.disableUserTwoFactor, { domain, params });
      return callApi(usersApi.setSuspended, {
        domain,
        params,
        body: { isSuspended: act === 'suspend' },
      });
    },
    onSuccess: (_, act) => {
      onDone();
      notify({ message: doneMessages[act](name) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: usersQuery(domain).queryKey }),
  });
}
