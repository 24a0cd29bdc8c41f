/** A user in the list, with the actions of administrators. */
import { Badge, Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { type ListedUser, usersApi } from '../../../src/contract/accounts/users.ts';
import { callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { ConfirmDialog } from '../../shell/dialog.tsx';
import { useNotice } from '../../shell/notices.tsx';
import { warningColor } from '../../theme.ts';
import { usersQuery } from '../account-queries.ts';
import { localTime } from '../local-time.ts';
import { UserDialog } from './user-dialog.tsx';
import { useRoleText } from './role-fields.tsx';

type Question = 'edit' | 'suspend' | 'two-factor' | 'remove' | undefined;

export function UserRow({ user }: { readonly user: ListedUser }) {
  const [question, setQuestion] = useState<Question>();
  const roleText = useRoleText();
  const close = () => setQuestion(undefined);
  const { name, isYou, isSuspended, lockedOutUntil, hasTwoFactor } = user;
  const act = useUserAction(user, close);
  const isShut = isSuspended || lockedOutUntil !== null;
  return (
    <li className="row">
      <span className="row-main">
        <strong>{name}</strong>
        {isYou && <Badge variant="light">You</Badge>}
        {isSuspended && <Badge color="red.8">Suspended</Badge>}
        {lockedOutUntil !== null && (
          <Badge color={warningColor}>Locked out until {localTime(lockedOutUntil)}</Badge>
        )}
        <span className="block">{user.email}</span>
        <span className="quiet block">
          {roleText(user)} · two-step verification {hasTwoFactor ? 'on' : 'off'} ·{' '}
          {user.lastSignedInAt === null
            ? 'never signed in'
            : `last signed in ${localTime(user.lastSignedInAt)}`}
        </span>
      </span>
      <Group gap="xs" className="row-actions">
        <RowButton label="Edit" name={name} onClick={() => setQuestion('edit')} />
        {hasTwoFactor && !isYou && (
          <RowButton
            label="Turn off two-step verification"
            name={name}
            onClick={() => setQuestion('two-factor')}
          />
        )}
        {isShut && (
          <RowButton
            label={isSuspended ? 'Reactivate' : 'Unlock'}
            name={name}
            onClick={() => act.mutate('reactivate')}
          />
        )}
        {!isSuspended && !isYou && (
          <RowButton label="Suspend" name={name} onClick={() => setQuestion('suspend')} />
        )}
        {!isYou && <RowButton label="Remove" name={name} onClick={() => setQuestion('remove')} />}
      </Group>
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
        {name} is signed out immediately and can&apos;t sign in until you reactivate the account.
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
        {name} is signed out immediately. This can&apos;t be undone, but you can invite {name}{' '}
        again. The audit trail of {name} stays.
      </ConfirmDialog>
    </li>
  );
}

interface RowButtonProps {
  readonly label: string;
  /** The user or address, for screen readers. */
  readonly name: string;
  readonly onClick: () => void;
}

export function RowButton({ label, name, onClick }: RowButtonProps) {
  return (
    <Button size="compact-sm" variant="default" aria-label={`${label}: ${name}`} onClick={onClick}>
      {label}
    </Button>
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
