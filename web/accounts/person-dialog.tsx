/** Changes role and schools of a person; shows both when somebody else was faster. */
import { Alert, Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import { changePerson, type ListedPerson } from '../../src/contract/people.ts';
import { ApiError, callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { Dialog } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { peopleQuery } from './account-queries.ts';
import { Refusal } from './entry-card.tsx';
import { everyDistrictRole, type RoleChoice, RoleFields, useRoleText } from './role-fields.tsx';

interface PersonDialogProps {
  readonly isOpen: boolean;
  /** As listed now; a newer version may arrive while the window is open. */
  readonly person: ListedPerson;
  readonly onClose: () => void;
}

export function PersonDialog({ isOpen, person, onClose }: PersonDialogProps) {
  return (
    <Dialog isOpen={isOpen} title={`Change ${person.name}`} onClose={onClose}>
      <PersonForm person={person} onClose={onClose} />
    </Dialog>
  );
}

function PersonForm({ person, onClose }: Omit<PersonDialogProps, 'isOpen'>) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const roleText = useRoleText();
  const [choice, setChoice] = useState<RoleChoice>({
    role: person.role,
    schools: person.schools,
  });
  const save = useMutation({
    mutationFn: () => {
      const schools = choice.schools && [...choice.schools];
      return callApi(changePerson, {
        domain,
        params: { id: person.id },
        body: { role: choice.role, schools, version: person.version },
      });
    },
    onSuccess: () => {
      onClose();
      notify({ message: `${person.name} is now ${roleText(choice)}. Their sessions ended.` });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: peopleQuery(domain).queryKey }),
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
          title="Somebody else changed this account meanwhile"
        >
          Now: {roleText(person)}. Yours: {roleText(choice)}. Save again to make it yours.
        </Alert>
      )}
      {save.error && !isConflict && <Refusal error={save.error} />}
      <RoleFields roles={everyDistrictRole} value={choice} onChange={setChoice} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}
