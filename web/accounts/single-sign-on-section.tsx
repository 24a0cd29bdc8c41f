/** Settings of the district's single sign-on. */
import '@mantine/core/styles/Switch.css';

import { Button, Checkbox, Skeleton, Switch, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import {
  type SingleSignOnSettings,
  singleSignOnApi,
} from '../../src/contract/accounts/single-sign-on.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { singleSignOnSettingsQuery } from './account-queries.ts';
import { ErrorMessage } from './entry-card.tsx';
import { RoleFields, toRoleBody } from './users/role-fields.tsx';

export function SingleSignOnSection() {
  const { data, error, refetch } = useQuery(singleSignOnSettingsQuery(useDomain()));
  if (error && data === undefined) {
    return (
      <ProblemNotice
        title="Couldn’t load single sign-on"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  if (data === undefined) return <Skeleton height={240} radius="md" />;
  return <SingleSignOnForm settings={data.settings} redirectAddress={data.redirectAddress} />;
}

const empty: SingleSignOnSettings = {
  issuer: '',
  clientId: '',
  isEnabled: false,
  isRequired: false,
  trustsEmailAddresses: false,
  newAccounts: null,
};

interface SingleSignOnFormProps {
  readonly settings: SingleSignOnSettings | null;
  readonly redirectAddress: string;
}

function SingleSignOnForm({ settings, redirectAddress }: SingleSignOnFormProps) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const [form, setForm] = useState(settings ?? empty);
  const [clientSecret, setSecret] = useState('');
  const change = (part: Partial<SingleSignOnSettings>) => setForm({ ...form, ...part });
  const save = useMutation({
    mutationFn: () =>
      callApi(singleSignOnApi.setSingleSignOnSettings, {
        domain,
        body: { ...form, ...(clientSecret !== '' && { clientSecret }) },
      }),
    onSuccess: async () => {
      setSecret('');
      notify({
        message: form.isEnabled ? 'Saved: single sign-on is on.' : 'Saved: single sign-on is off.',
      });
      await queries.invalidateQueries({ queryKey: singleSignOnSettingsQuery(domain).queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isSecretStored = settings !== null && settings.issuer === form.issuer.trim();
  return (
    <form onSubmit={submit} className="account-form" aria-label="Single sign-on">
      <Text size="sm">
        Users sign in with their district account through OpenID Connect (Google, Microsoft,
        ClassLink and others). Register this address there:{' '}
        <code className="setup-key">{redirectAddress}</code>
      </Text>
      {save.error && <ErrorMessage error={save.error} />}
      <TextInput
        label="Issuer"
        description="From the provider, such as https://accounts.google.com"
        name="issuer"
        autoComplete="off"
        required
        withAsterisk={false}
        value={form.issuer}
        onChange={(event) => change({ issuer: event.currentTarget.value })}
      />
      <TextInput
        label="Client ID"
        name="client-id"
        autoComplete="off"
        required
        withAsterisk={false}
        value={form.clientId}
        onChange={(event) => change({ clientId: event.currentTarget.value })}
      />
      <TextInput
        label="Client secret"
        type="password"
        name="client-secret"
        autoComplete="off"
        required={!isSecretStored}
        withAsterisk={false}
        description={isSecretStored ? 'Leave empty to keep the stored one.' : undefined}
        value={clientSecret}
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
      <Checkbox
        label="Trust e-mail addresses from this provider"
        description={`Needed for Microsoft Entra ID, which does not say whether an address of ${domain} is verified.`}
        checked={form.trustsEmailAddresses}
        onChange={(event) => change({ trustsEmailAddresses: event.currentTarget.checked })}
      />
      <Checkbox
        label="Create accounts automatically at first sign-in"
        description="Otherwise only invited users can sign in."
        checked={form.newAccounts !== null}
        onChange={(event) =>
          change({
            newAccounts: event.currentTarget.checked ? { role: 'read-only', schools: [] } : null,
          })
        }
      />
      {form.newAccounts && (
        <RoleFields
          roles={['staff', 'read-only'] as const}
          value={form.newAccounts}
          onChange={(choice) => change({ newAccounts: toRoleBody(choice) })}
        />
      )}
      <Switch
        label="Turn on single sign-on"
        checked={form.isEnabled}
        onChange={(event) => change({ isEnabled: event.currentTarget.checked })}
      />
      <Switch
        label="Single sign-on only: no passwords"
        description="Users of the district can neither sign in with a password nor set one. Sign in with your district before you turn this on. If the provider fails, support can turn it off."
        checked={form.isRequired}
        disabled={!form.isEnabled}
        onChange={(event) => change({ isRequired: event.currentTarget.checked })}
      />
      <Button type="submit" loading={save.isPending}>
        Save
      </Button>
    </form>
  );
}
