/**
 * Requests a link to reset the password, and sets a new one with the link.
 *
 * This folder has the screens before and at sign-in.
 */
import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

import { sessionApi } from '../../../src/contract/accounts/session.ts';
import { callApi } from '../../api/api-client.ts';
import { SignInCard, ErrorMessage } from '../entry-card.tsx';
import { PasswordField } from '../password-field.tsx';

/** The response is the same whether or not the e-mail has an account. */
export function ForgotScreen() {
  const [email, setEmail] = useState('');
  const ask = useMutation({
    mutationFn: () => callApi(sessionApi.requestPasswordReset, { body: { email: email.trim() } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <SignInCard title="Forgot your password?">
      {ask.data ? (
        <Sent canMail={ask.data.canMail} email={email.trim()} />
      ) : (
        <form onSubmit={submit}>
          <Stack gap="md">
            {ask.error && <ErrorMessage error={ask.error} />}
            <Text size="sm">We’ll send you a link to choose a new one.</Text>
            <TextInput
              label="E-mail"
              type="email"
              name="email"
              autoComplete="username"
              required
              withAsterisk={false}
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <Button type="submit" loading={ask.isPending} fullWidth>
              Send link
            </Button>
          </Stack>
        </form>
      )}
      <BackToSignIn />
    </SignInCard>
  );
}

function Sent({ canMail, email }: { readonly canMail: boolean; readonly email: string }) {
  return canMail ? (
    <Alert color="dawn" title="Check your e-mail">
      If {email} has a password here, we’ve sent a link. It works once and for one hour. If you sign
      in with your district, you have no password here, and no link is sent.
    </Alert>
  ) : (
    <Alert color="yellow" className="warning" title="E-mail isn’t set up on this server">
      Ask an administrator of your district, who can remove your account and invite you again.
    </Alert>
  );
}

const BackToSignIn = () => (
  <Link to="/sign-in" className="quiet-link">
    Back to sign-in
  </Link>
);

export function NewPasswordScreen() {
  const { token } = useParams({ from: '/new-password/$token' });
  const [password, setPassword] = useState('');
  const save = useMutation({
    mutationFn: () => callApi(sessionApi.resetPassword, { body: { token, password } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <SignInCard title="Choose a new password">
      {save.isSuccess ? (
        <Alert color="dawn" title="Password changed">
          You were signed out everywhere. Sign in with your new password.
        </Alert>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="md">
            {save.error && <ErrorMessage error={save.error} />}
            <PasswordField
              label="New password"
              name="new-password"
              kind="new"
              value={password}
              onChange={setPassword}
            />
            <Button type="submit" loading={save.isPending} fullWidth>
              Save
            </Button>
          </Stack>
        </form>
      )}
      <BackToSignIn />
    </SignInCard>
  );
}
