/** Asking for a link to a new password, and setting one by that link. */
import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

import { sessionApi } from '../../../src/contract/accounts/session.ts';
import { callApi } from '../../api/api-client.ts';
import { SignInCard, ErrorMessage } from '../entry-card.tsx';
import { PasswordField } from '../password-field.tsx';

/** The answer is the same whether the e-mail has an account or not. */
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
            <Text size="sm">We mail you a link by which you can choose a new one.</Text>
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
              Mail the link
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
    <Alert color="dawn" title="Look into your mailbox">
      If {email} has a password here, a link is on its way. It works once and for one hour. If you
      sign in with your district, you have no password here, and no link is sent.
    </Alert>
  ) : (
    <Alert color="yellow" className="warning" title="This server sends no mail">
      Ask an administrator of your district, who can remove your account and invite you anew.
    </Alert>
  );
}

const BackToSignIn = () => (
  <Link to="/sign-in" className="quiet-link">
    Back to the sign-in
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
        <Alert color="dawn" title="Your password is changed">
          You were signed out everywhere. Sign in with the new password now.
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
