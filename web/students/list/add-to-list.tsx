/**
 * Adds the selected students to the user's own list or, for administrators, to another user's.
 *
 * This folder has the student list.
 */
import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import { administers } from '../../../src/contract/endpoint.ts';
import { usersQuery } from '../../accounts/account-queries.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { useDomain } from '../../districts/district-query.ts';
import { Dialog, DialogFooter } from '../../shell/dialog.tsx';
import { Select } from '../../shell/fields/select.tsx';
import { ChevronIcon } from '../../shell/icons.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { useCaseloadChange } from './caseload.ts';

interface AddToListProps {
  readonly students: ReadonlySet<number>;
  /** Whether the list shows the user's own students. */
  readonly isMine: boolean;
}

export function AddToList({ students, isMine }: AddToListProps) {
  const { data: session } = useQuery(sessionQuery);
  const change = useCaseloadChange();
  const [isChoosing, setChoosing] = useState(false);
  const changeOwn = () => change.mutate({ students: [...students], isAdded: !isMine });
  const ownLabel = isMine ? 'Remove from My students' : 'Add to My students';
  if (session == null || !administers(session.account.role)) {
    return (
      <Button variant="default" size="sm" loading={change.isPending} onClick={changeOwn}>
        {ownLabel}
      </Button>
    );
  }
  return (
    <>
      <Menu position="top-start">
        <Menu.Target>
          <Button
            variant="default"
            size="sm"
            loading={change.isPending}
            rightSection={<ChevronIcon />}
          >
            Student lists
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={changeOwn}>{ownLabel}</Menu.Item>
          <Menu.Item onClick={() => setChoosing(true)}>Add to another user’s list …</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog
        isOpen={isChoosing}
        title="Add to another user’s list"
        onClose={() => setChoosing(false)}
      >
        <OwnerForm students={students} onClose={() => setChoosing(false)} />
      </Dialog>
    </>
  );
}

interface OwnerFormProps {
  readonly students: ReadonlySet<number>;
  readonly onClose: () => void;
}

function OwnerForm({ students, onClose }: OwnerFormProps) {
  const { data, error } = useQuery(usersQuery(useDomain()));
  const change = useCaseloadChange();
  const [id, setId] = useState('');
  const users = data?.users.filter(({ isYou }) => !isYou) ?? [];
  const owner = users.find((user) => user.id === id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (owner === undefined) return;
    change.mutate({ students: [...students], isAdded: true, owner }, { onSuccess: onClose });
  };
  return (
    <form className="dialog-form" onSubmit={submit}>
      {error && <ProblemNotice title="Couldn’t load the users" error={error} />}
      <Select
        label="User"
        description={`Adds ${students.size === 1 ? '1 student' : `${students.size} students`} to the user’s My students.`}
        none="Choose a user"
        options={users.map((user) => ({ value: user.id, label: `${user.name} (${user.email})` }))}
        value={id}
        onChange={setId}
      />
      <DialogFooter>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={owner === undefined} loading={change.isPending}>
          Add
        </Button>
      </DialogFooter>
    </form>
  );
}
