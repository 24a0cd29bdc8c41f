/** Replaces address, key and secret, after testing the new ones with Skyward. */
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import {
  type SkywardConnection,
  districtInformationApi,
} from '../../src/contract/districts/district-information.ts';
import { ErrorMessage } from '../accounts/entry-card.tsx';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { Dialog, DialogFooter } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { TestOutcome } from './test-outcome.tsx';

interface ReplaceDialogProps {
  readonly isOpen: boolean;
  readonly connection: SkywardConnection;
  readonly onClose: () => void;
  readonly onStored: () => void;
}

export function ReplaceDialog(props: ReplaceDialogProps) {
  return (
    <Dialog isOpen={props.isOpen} title="Replace key and secret" onClose={props.onClose}>
      <ReplaceForm {...props} />
    </Dialog>
  );
}

function ReplaceForm({ connection, onClose, onStored }: ReplaceDialogProps) {
  const domain = useDomain();
  const notify = useNotice();
  const [baseUrl, setBaseUrl] = useState(connection.baseUrl);
  const [clientKey, setClientKey] = useState(connection.clientKey);
  const [clientSecret, setClientSecret] = useState('');
  const replace = useMutation({
    mutationFn: () =>
      callApi(districtInformationApi.replaceConnection, {
        domain,
        body: { baseUrl, clientKey, clientSecret },
      }),
    onSuccess: ({ isStored, test }) => {
      if (!isStored) return;
      const problems = test.kind === 'works' ? test.problems : [];
      notify({
        message: [
          'Skyward accepted the new credentials. The next import uses them.',
          ...problems,
        ].join(' '),
      });
      onStored();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    replace.mutate();
  };
  return (
    <form onSubmit={submit} className="dialog-form" autoComplete="off">
      <p>
        The new credentials are tested with Skyward first. Until Skyward accepts them, imports use
        the old ones.
      </p>
      {replace.error && <ErrorMessage error={replace.error} />}
      {replace.data?.isStored === false && <TestOutcome outcome={replace.data.test} />}
      <TextInput
        label="API Base URL"
        required
        withAsterisk={false}
        inputMode="url"
        value={baseUrl}
        onChange={(event) => setBaseUrl(event.currentTarget.value)}
      />
      <TextInput
        label="Client Key"
        required
        withAsterisk={false}
        value={clientKey}
        onChange={(event) => setClientKey(event.currentTarget.value.trim())}
      />
      <TextInput
        label="Client Secret"
        type="password"
        autoComplete="off"
        required
        withAsterisk={false}
        value={clientSecret}
        onChange={(event) => setClientSecret(event.currentTarget.value)}
      />
      <DialogFooter>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={replace.isPending}>
          Test and replace
        </Button>
      </DialogFooter>
    </form>
  );
}
