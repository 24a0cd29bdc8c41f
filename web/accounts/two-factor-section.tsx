/** Two-step verification: setting up an authenticator app, backup codes, turning it off. */
import { Badge, Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { encode } from 'uqr';
import type { z } from 'zod';

import { accountApi } from '../../src/contract/accounts/account.ts';
import { callApi } from '../api/api-client.ts';
import { ConfirmDialog } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { Section } from './account-section.tsx';
import { BackupCodes } from './backup-codes.tsx';
import { ErrorMessage } from './entry-card.tsx';
import { CodeField } from './sign-in/two-factor-form.tsx';

type Account = z.output<(typeof accountApi.getAccount)['response']>;
type Setup = z.output<(typeof accountApi.startTwoFactor)['response']>;

export function TwoFactorSection({ account }: { readonly account: Account }) {
  const [setup, setSetup] = useState<Setup>();
  const [newCodes, setNewCodes] = useState<readonly string[]>();
  const refresh = useRefresh();
  const notify = useNotice();
  const start = useMutation({
    mutationFn: () => callApi(accountApi.startTwoFactor, {}),
    onSuccess: (response) => setSetup(response),
  });
  const renew = useMutation({
    mutationFn: () => callApi(accountApi.replaceBackupCodes, {}),
    onSuccess: ({ backupCodes }) => setNewCodes(backupCodes),
  });
  const [isTurningOff, setTurningOff] = useState(false);
  const turnOff = useMutation({
    mutationFn: () => callApi(accountApi.disableTwoFactor, {}),
    onSuccess: () => {
      setTurningOff(false);
      setNewCodes(undefined);
      notify({ message: 'Two-step verification is off.' });
      void refresh();
    },
  });
  const problem = start.error ?? renew.error;
  const { hasTwoFactor, hasPassword, mustHaveTwoFactor } = account;
  return (
    <Section title="Two-step verification">
      <Text size="sm">
        {hasTwoFactor
          ? 'After your password you enter a code from an app on your phone.'
          : 'With two-step verification a stolen password is not enough: you also enter a code from an app on your phone.'}{' '}
        {hasTwoFactor ? <Badge color="teal.9">On</Badge> : <Badge variant="default">Off</Badge>}
      </Text>
      {!hasPassword && (
        <Text size="sm" className="quiet">
          You sign in with your district, which has its own verification.
        </Text>
      )}
      {setup && (
        <SetupSteps
          setup={setup}
          onDone={() => {
            setSetup(undefined);
            notify({ message: 'Two-step verification is on.' });
            void refresh();
          }}
        />
      )}
      {problem && <ErrorMessage error={problem} />}
      {newCodes && <BackupCodes codes={newCodes} />}
      {hasPassword && !setup && (
        <Group gap="sm">
          {!hasTwoFactor && (
            <Button loading={start.isPending} onClick={() => start.mutate()}>
              Set up
            </Button>
          )}
          {hasTwoFactor && (
            <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
              New backup codes
            </Button>
          )}
          {hasTwoFactor && !mustHaveTwoFactor && (
            <Button variant="default" onClick={() => setTurningOff(true)}>
              Turn off
            </Button>
          )}
        </Group>
      )}
      {hasTwoFactor && mustHaveTwoFactor && (
        <Text size="sm" className="quiet">
          Your role requires it, so it cannot be turned off.
        </Text>
      )}
      <ConfirmDialog
        isOpen={isTurningOff}
        title="Turn off two-step verification?"
        confirmLabel="Turn off"
        isDestructive
        isPending={turnOff.isPending}
        error={turnOff.error}
        onConfirm={() => turnOff.mutate()}
        onClose={() => setTurningOff(false)}
      >
        <p>Your password alone will sign you in, and no device is trusted any longer.</p>
      </ConfirmDialog>
    </Section>
  );
}

/** Refreshes account and session, which both contain whether two-step verification is on. */
function useRefresh() {
  const queries = useQueryClient();
  return async () => {
    await queries.invalidateQueries({ queryKey: ['account'] });
    await queries.invalidateQueries({ queryKey: ['session'] });
  };
}

function SetupSteps({ setup, onDone }: { readonly setup: Setup; readonly onDone: () => void }) {
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => callApi(accountApi.confirmTwoFactor, { body: { code } }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <ol className="setup-steps">
      <li>
        <p>
          Scan this QR code with an authenticator app, such as Google Authenticator, Microsoft
          Authenticator or the password manager of your phone.
        </p>
        <QrPicture text={setup.uri} />
        <p className="quiet">
          Can’t scan it? Enter this key: <code className="setup-key">{readKey(setup.uri)}</code>
        </p>
      </li>
      <li>
        <BackupCodes codes={setup.backupCodes} />
      </li>
      <li>
        <form onSubmit={submit} className="account-form">
          {confirm.error && <ErrorMessage error={confirm.error} />}
          <CodeField kind="app" value={code} onChange={setCode} />
          <Button type="submit" loading={confirm.isPending}>
            Turn on
          </Button>
        </form>
      </li>
    </ol>
  );
}

/** Formats the key in groups of four, for typing. */
const readKey = (uri: string): string =>
  (new URL(uri).searchParams.get('secret') ?? '').replaceAll(/(.{4})(?=.)/g, '$1 ');

/** Dark on white in both color schemes, since cameras cannot read the reverse. */
function QrPicture({ text }: { readonly text: string }) {
  const { size, data } = encode(text, { border: 2 });
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return (
    <svg
      className="qr-picture"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="QR code with the key for the authenticator app"
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
