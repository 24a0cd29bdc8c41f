/** The user's own account: name, password, two-step verification, sessions. */
import './accounts.css';

import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import { accountApi } from '../../src/contract/accounts/account.ts';
import { callApi } from '../api/api-client.ts';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { accountQuery, sessionsQuery } from './account-queries.ts';
import { Section } from './account-section.tsx';
import { ErrorMessage } from './entry-card.tsx';
import { PasswordField } from './password-field.tsx';
import { sessionQuery } from './session-query.ts';
import { SessionList } from './session-list.tsx';
import { TwoFactorSection } from './two-factor-section.tsx';

export function AccountScreen() {
  const { data: session } = useQuery(sessionQuery);
  const { data: account, error, refetch } = useQuery(accountQuery);
  if (!session) return null;
  return (
    <div className="screen account">
      <ScreenTitle name="Your account">Your account</ScreenTitle>
      {session.account.needsTwoFactor && (
        <Alert color="yellow" className="warning" title="Set up two-step verification first">
          {session.district === null
            ? 'Technicians need two-step verification.'
            : 'Your district requires two-step verification for administrators.'}{' '}
          You can use the app once it is set up.
        </Alert>
      )}
      {error && account === undefined && (
        <ProblemNotice
          title="Your account could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && account === undefined && <output>Loading …</output>}
      {account && (
        <>
          <TwoFactorSection account={account} />
          <Section title="Name">
            <NameForm name={session.account.name} />
          </Section>
          {account.hasPassword && (
            <Section title="Password">
              <PasswordForm email={session.account.email} />
            </Section>
          )}
          <Section title="Sessions">
            <SessionList />
          </Section>
        </>
      )}
    </div>
  );
}

function NameForm({ name: known }: { readonly name: string }) {
  const [name, setName] = useState(known);
  const queries = useQueryClient();
  const notify = useNotice();
  const save = useMutation({
    mutationFn: () => callApi(accountApi.changeName, { body: { name: name.trim() } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
      notify({ message: 'Name saved.' });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} className="account-form">
      {save.error && <ErrorMessage error={save.error} />}
      <TextInput
        label="Your name"
        name="name"
        autoComplete="name"
        maxLength={100}
        required
        withAsterisk={false}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={save.isPending}>
        Save name
      </Button>
    </form>
  );
}

function PasswordForm({ email }: { readonly email: string }) {
  const [newPassword, setNew] = useState('');
  const queries = useQueryClient();
  const notify = useNotice();
  const save = useMutation({
    mutationFn: () => callApi(accountApi.changePassword, { body: { newPassword } }),
    onSuccess: async () => {
      setNew('');
      notify({ message: 'Password changed. You were signed out of all other sessions.' });
      await queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} className="account-form">
      {save.error && <ErrorMessage error={save.error} />}
      <Stack gap="md">
        <input type="hidden" name="email" autoComplete="username" value={email} />
        <PasswordField
          label="New password"
          name="new-password"
          kind="new"
          value={newPassword}
          onChange={setNew}
        />
      </Stack>
      <Button type="submit" variant="default" loading={save.isPending}>
        Change password
      </Button>
    </form>
  );
}
