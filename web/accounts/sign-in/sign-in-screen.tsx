/** Sign-in: with e-mail and password, two-step verification if it is set up, or with the district. */
import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

import { type Session, sessionApi } from '../../../src/contract/accounts/session.ts';
import { singleSignOnApi } from '../../../src/contract/accounts/single-sign-on.ts';
import { apiAddress, callApi } from '../../api/api-client.ts';
import { SignInCard, ErrorMessage } from '../entry-card.tsx';
import { PasswordField } from '../password-field.tsx';
import { TwoFactorForm } from './two-factor-form.tsx';
import { sessionQuery } from '../session-query.ts';
import { singleSignOnProblemSentences } from '../single-sign-on-problems.ts';

/** Continues to the requested page afterwards. */
export function SignInScreen() {
  const { next, district, problem } = useSearch({ from: '/sign-in' });
  const [isTwoFactor, setTwoFactor] = useState(false);
  const enter = useEnter(next ?? '/');
  if (isTwoFactor) {
    return (
      <SignInCard title="Two-step verification">
        <TwoFactorForm onEnter={enter} onStartOver={() => setTwoFactor(false)} />
      </SignInCard>
    );
  }
  return (
    <SignInCard title="Sign in">
      {problem && (
        <Alert color="red" role="alert" title="Signing in with your district failed.">
          {singleSignOnProblemSentences[problem]}
        </Alert>
      )}
      <PasswordForm
        district={district}
        next={next ?? '/'}
        onEnter={enter}
        onTwoFactor={() => setTwoFactor(true)}
      />
    </SignInCard>
  );
}

/** Stores the session and clears all cached data. */
export function useEnter(next: string): (session: Session) => void {
  const router = useRouter();
  const queries = useQueryClient();
  return (session) => {
    queries.clear();
    queries.setQueryData(sessionQuery.queryKey, session);
    router.history.push(next);
  };
}

interface PasswordFormProps {
  readonly district: string | undefined;
  readonly next: string;
  readonly onEnter: (session: Session) => void;
  readonly onTwoFactor: () => void;
}

function PasswordForm({ district, next, onEnter, onTwoFactor }: PasswordFormProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [wantsPassword, setWantsPassword] = useState(false);
  const offered = useSingleSignOnOffer(readDomain(email) ?? district);
  const isPasswordAsked = offered?.isRequired !== true || wantsPassword;
  const check = useMutation({
    mutationFn: () => callApi(sessionApi.signIn, { body: { email: email.trim(), password } }),
    onSuccess: (response) => ('twoFactor' in response ? onTwoFactor() : onEnter(response)),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPasswordAsked) check.mutate();
    else if (offered) globalThis.location.assign(startAddress(offered, next));
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {check.error && <ErrorMessage error={check.error} />}
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
        <output className="single-sign-on-offer">
          {offered && (
            <Button
              component="a"
              href={startAddress(offered, next)}
              variant={isPasswordAsked ? 'default' : 'filled'}
              fullWidth
            >
              Sign in with {offered.name}
            </Button>
          )}
        </output>
        {isPasswordAsked ? (
          <>
            <PasswordField
              label="Password"
              name="password"
              kind="current"
              value={password}
              onChange={setPassword}
            />
            <Button type="submit" loading={check.isPending} fullWidth>
              Sign in
            </Button>
            <Link to="/forgot" className="quiet-link">
              Forgot your password?
            </Link>
          </>
        ) : (
          <>
            <Text size="sm">{offered.name} signs in here without a password.</Text>
            <Button variant="subtle" size="compact-sm" onClick={() => setWantsPassword(true)}>
              Support staff: sign in with password
            </Button>
          </>
        )}
      </Stack>
    </form>
  );
}

/** Returns `demo.example` of a typed e-mail; `undefined` while it is incomplete. */
const readDomain = (email: string): string | undefined =>
  /^\S+@([^\s@]+\.[^\s@.]{2,})$/.exec(email.trim())?.[1]?.toLowerCase();

const typingPauseMs = 300;

/** Returns the single sign-on of a typed domain once it is known. */
function useSingleSignOnOffer(domain: string | undefined) {
  const [query] = useDebouncedValue(domain, typingPauseMs);
  const { data } = useQuery({
    queryKey: ['single-sign-on-offer', query],
    queryFn: ({ signal }) =>
      callApi(singleSignOnApi.getSingleSignOnOffer, { query: { domain: query ?? '' } }, signal),
    enabled: query !== undefined,
  });
  return query === domain ? (data?.district ?? undefined) : undefined;
}

const startAddress = ({ domain }: { readonly domain: string }, next: string): string =>
  apiAddress(singleSignOnApi.startSingleSignOn.path, {}, { domain, next });
