/** Signing in by e-mail and password. */
import { Alert, Button, Paper, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

import { signIn } from '../../src/contract/session.ts';
import { ApiError, callApi } from '../api/api-client.ts';
import { BrandMark } from '../shell/icons.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { sessionQuery } from './session-query.ts';

/** Leads back to where the person wanted to go. */
export function SignInScreen() {
  const { next } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const enter = useMutation({
    mutationFn: () => callApi(signIn, { body: { email: email.trim(), password } }),
    onSuccess: (session) => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, session);
      router.history.push(next ?? '/');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <main className="sign-in">
      <Paper withBorder shadow="sm" p="xl" radius="lg" className="sign-in-card">
        <form onSubmit={submit}>
          <Stack gap="md">
            <div className="sign-in-brand">
              <BrandMark />
              <span>SameGoal</span>
            </div>
            <ScreenTitle name="Sign in">Sign in</ScreenTitle>
            {enter.error && <Refusal error={enter.error} />}
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
            <PasswordInput
              label="Password"
              name="password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
            />
            <Button type="submit" loading={enter.isPending} fullWidth>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </main>
  );
}

function Refusal({ error }: { readonly error: Error }) {
  const known = error instanceof ApiError ? error : undefined;
  return (
    <Alert color="red" role="alert" title={known?.message ?? 'Signing in did not work.'}>
      {known?.advice ?? 'Try again.'}
    </Alert>
  );
}
