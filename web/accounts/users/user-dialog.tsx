/** Edits role and schools of a user; shows both versions after a conflict. */
import { Alert, Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import { type ListedUser, usersApi } from '../../../src/contract/accounts/users.ts';
import { ApiError, callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { Dialog, DialogFooter } from '../../shell/dialog.tsx';
import { useNotice } from '../../shell/notices.tsx';
import { usersQuery } from '../account-queries.ts';
import { ErrorMessage } from '../entry-card.tsx';
import {
  everyDistrictRole,
  type RoleSelection,
  RoleFields,
  toRoleBody,
  useRoleText,
} from './role-fields.tsx';

interface UserDialogProps {
  readonly isOpen: boolean;
  /** The listed user, which may change while the dialog is open. */
  readonly user: ListedUser;
  readonly onClose: () => void;
}

export function UserDialog({ isOpen, user, onClose }: UserDialogProps) {
  return (
    <Dialog isOpen={isOpen} title={`Edit ${user.name}`} onClose={onClose}>
      <UserForm user={user} onClose={onClose} />
    </Dialog>
  );
}

function UserForm({ user, onClose }: Omit<UserDialogProps, 'isOpen'>) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const roleText = useRoleText();
  const [choice, setChoice] = useState<RoleSelection>({
    role: user.role,
    schools: user.schools,
  });
  const save = useMutation({
    mutationFn: () => {
      return callApi(usersApi.updateUser, {
        domain,
        params: { id: user.id },
        body: { ...toRoleBody(choice), version: user.version },
      });
    },
    onSuccess: () => {
      onClose();
      notify({ message: `${user.name} is now ${roleText(choice)}. Their sessions were ended.` });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: usersQuery(domain).queryKey }),
  });
  const isConflict = save.error instanceof ApiError && save.error.code === 'conflict';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} className="dialog-form">
      {isConflict && (
        <Alert
          color="yellow"
          className="warning"
          role="alert"
          title="Someone else changed this account in the meantime"
        >
          Now: {roleText(user)}. Yours: {roleText(choice)}. Save again to overwrite it.
        </Alert>
      )}
      {save.error && !isConflict && <ErrorMessage error={save.error} />}
      <RoleFields roles={everyDistrictRole} value={choice} onChange={setChoice} />
      <DialogFooter>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
      </DialogFooter>
    </form>
  );
}
