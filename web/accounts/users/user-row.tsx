/** One account in the list of people, with what an administrator may do to it. */
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

type Question = 'change' | 'lock' | 'two-factor' | 'remove' | undefined;

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
        {isSuspended && <Badge color="red.8">Locked</Badge>}
        {lockedOutUntil !== null && (
          <Badge color={warningColor}>Locked until {localTime(lockedOutUntil)}</Badge>
        )}
        <span className="block">{user.email}</span>
        <span className="quiet block">
          {roleText(user)} · second factor {hasTwoFactor ? 'on' : 'off'} ·{' '}
          {user.lastSignedInAt === null
            ? 'never signed in'
            : `last signed in ${localTime(user.lastSignedInAt)}`}
        </span>
      </span>
      <Group gap="xs" className="row-actions">
        <RowButton label="Change" name={name} onClick={() => setQuestion('change')} />
        {hasTwoFactor && !isYou && (
          <RowButton
            label="Second factor off"
            name={name}
            onClick={() => setQuestion('two-factor')}
          />
        )}
        {isShut && <RowButton label="Unlock" name={name} onClick={() => act.mutate('unlock')} />}
        {!isSuspended && !isYou && (
          <RowButton label="Lock" name={name} onClick={() => setQuestion('lock')} />
        )}
        {!isYou && <RowButton label="Remove" name={name} onClick={() => setQuestion('remove')} />}
      </Group>
      <UserDialog isOpen={question === 'change'} user={user} onClose={close} />
      <ConfirmDialog
        isOpen={question === 'lock'}
        title={`Lock the account of ${name}?`}
        confirmLabel="Lock"
        isPending={act.isPending}
        error={act.error}
        onConfirm={() => act.mutate('lock')}
        onClose={close}
      >
        {name} is signed out at once and can&apos;t sign in until you unlock the account.
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={question === 'two-factor'}
        title={`Turn the second factor of ${name} off?`}
        confirmLabel="Turn off"
        isPending={act.isPending}
        error={act.error}
        onConfirm={() => act.mutate('two-factor')}
        onClose={close}
      >
        For somebody who lost the phone and the backup codes. Make sure that it is {name} who asks:
        from now on the password alone opens the account.
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={question === 'remove'}
        title={`Remove the account of ${name}?`}
        confirmLabel="Remove"
        isDestructive
        isPending={act.isPending}
        error={act.error}
        onConfirm={() => act.mutate('remove')}
        onClose={close}
      >
        {name} is signed out at once. This can&apos;t be taken back, but you can invite {name}{' '}
        again. What {name} did stays in the audit trail.
      </ConfirmDialog>
    </li>
  );
}

interface RowButtonProps {
  readonly label: string;
  /** Whom it is about, for those who hear the button alone. */
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

type Act = 'lock' | 'unlock' | 'two-factor' | 'remove';

const doneMessages: Readonly<Record<Act, (name: string) => string>> = {
  lock: (name) => `Locked the account of ${name}.`,
  unlock: (name) => `Unlocked the account of ${name}.`,
  'two-factor': (name) => `The second factor of ${name} is off.`,
  remove: (name) => `Removed the account of ${name}.`,
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
        body: { isSuspended: act === 'lock' },
      });
    },
    onSuccess: (_, act) => {
      onDone();
      notify({ message: doneMessages[act](name) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: usersQuery(domain).queryKey }),
  });
}
