/** Whether administrators of the district need two-step verification. */
import '@mantine/core/styles/Switch.css';

import { Skeleton, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { usersApi } from '../../src/contract/accounts/users.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { usersQuery } from './account-queries.ts';

export function TwoFactorRule() {
  const { data, error, refetch } = useQuery(usersQuery(useDomain()));
  if (data !== undefined) return <RuleSwitch isRequired={data.requiresTwoFactor} />;
  return error ? (
    <ProblemNotice title="Couldn’t load the setting" error={error} onRetry={() => void refetch()} />
  ) : (
    <Skeleton height={40} radius="md" />
  );
}

function RuleSwitch({ isRequired }: { readonly isRequired: boolean }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const save = useMutation({
    mutationFn: (required: boolean) =>
      callApi(usersApi.setTwoFactorRule, { domain, body: { isRequired: required } }),
    onSuccess: (_, required) =>
      notify({
        message: required
          ? 'Administrators now need two-step verification.'
          : 'Administrators no longer need two-step verification.',
      }),
    onError: (error) => notify({ message: error.message, tone: 'problem' }),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: usersQuery(domain).queryKey });
      await queries.invalidateQueries({ queryKey: ['session'] });
    },
  });
  return (
    <Switch
      label="Require two-step verification for administrators"
      description="Required at next sign-in. People who use single sign-on are exempt."
      checked={isRequired}
      disabled={save.isPending}
      onChange={(event) => save.mutate(event.currentTarget.checked)}
    />
  );
}
