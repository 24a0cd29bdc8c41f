/** Accepts an invitation: name, password, and sign-in. */
import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

import { usersApi } from '../../../src/contract/accounts/users.ts';
import { singleSignOnApi } from '../../../src/contract/accounts/single-sign-on.ts';
import { apiAddress, callApi } from '../../api/api-client.ts';
import { SignInCard, ErrorMessage } from '../entry-card.tsx';
import { PasswordField } from '../password-field.tsx';
import { roleLabels } from '../users/role-labels.ts';
import { useEnter } from './sign-in-screen.tsx';

export function InvitationScreen() {
  const { token } = useParams({ from: '/invitation/$token' });
  const { data, error } = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => callApi(usersApi.getInvitation, { params: { token } }, signal),
    retry: false,
    staleTime: Infinity,
  });
  return (
    <SignInCard title="Welcome">
      {error && <ErrorMessage error={error} />}
      {error && (
        <Link to="/sign-in" className="quiet-link">
          Go to sign-in
        </Link>
      )}
      {!error && !data && <output>Loading …</output>}
      {data && (
        <>
          <Text size="sm">
            {data.invitedBy} invites you to {data.districtName} as{' '}
            <strong>{roleLabels[data.role]}</strong>. You sign in with <strong>{data.email}</strong>
            .
          </Text>
          {data.singleSignOn ? (
            <Button
              component="a"
              href={apiAddress(
                singleSignOnApi.startSingleSignOn.path,
                {},
                { domain: data.singleSignOn.domain },
              )}
              fullWidth
            >
              Sign in with {data.districtName}
            </Button>
          ) : (
            <AcceptForm token={token} email={data.email} givenName={data.name ?? ''} />
          )}
        </>
      )}
    </SignInCard>
  );
}

interface AcceptFormProps {
  readonly token: string;
  readonly email: string;
  /** As the inviting administrator typed it. */
  readonly givenName: string;
}

function AcceptForm({ token, email, givenName }: AcceptFormProps) {
  const [name, setName] = useState(givenName);
  const [password, setPassword] = useState('');
  const enter = useEnter('/');
  const accept = useMutation({
    mutationFn: () =>
      callApi(usersApi.acceptInvitation, { params: { token }, body: { name, password } }),
    onSuccess: enter,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    accept.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {accept.error && <ErrorMessage error={accept.error} />}
        {/* So that the browser stores the password for this user name. */}
        <input type="hidden" name="email" autoComplete="username" value={email} />
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
        <PasswordField
          label="Password"
          name="new-password"
          kind="new"
          value={password}
          onChange={setPassword}
        />
        <Button type="submit" loading={accept.isPending} fullWidth>
          Accept and sign in
        </Button>
      </Stack>
    </form>
  );
}
