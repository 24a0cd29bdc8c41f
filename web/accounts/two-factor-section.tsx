/** The second factor: setting up an app of codes, backup codes, turning it off. */
import { Badge, Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { encode } from 'uqr';
import type { z } from 'zod';

import {
  confirmTwoFactor,
  type getAccount,
  renewBackupCodes,
  startTwoFactor,
  turnTwoFactorOff,
} from '../../src/contract/account.ts';
import { callApi } from '../api/api-client.ts';
import { useNotice } from '../shell/notices.tsx';
import { Section } from './account-section.tsx';
import { BackupCodes } from './backup-codes.tsx';
import { Refusal } from './entry-card.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { CodeField } from './second-step-form.tsx';

type Account = z.output<(typeof getAccount)['response']>;
type Setup = z.output<(typeof startTwoFactor)['response']>;
type Asking = 'start' | 'off' | 'codes' | undefined;

export function TwoFactorSection({ account }: { readonly account: Account }) {
  const [asking, setAsking] = useState<Asking>();
  const [setup, setSetup] = useState<Setup>();
  const [newCodes, setNewCodes] = useState<readonly string[]>();
  const refresh = useRefresh();
  const notify = useNotice();
  const close = () => setAsking(undefined);
  const { hasTwoFactor, hasPassword, mustHaveTwoFactor } = account;
  return (
    <Section title="Second factor">
      <Text size="sm">
        {hasTwoFactor
          ? 'After your password you type a code that an app on your phone shows.'
          : 'With a second factor nobody gets in by your password alone: you also type a code that an app on your phone shows.'}{' '}
        <Badge color={hasTwoFactor ? 'teal.9' : 'gray.7'}>{hasTwoFactor ? 'On' : 'Off'}</Badge>
      </Text>
      {!hasPassword && (
        <Text size="sm" className="quiet">
          You sign in with your district, whose own second factor counts.
        </Text>
      )}
      {setup && (
        <SetupSteps
          setup={setup}
          onDone={() => {
            setSetup(undefined);
            notify({ message: 'Your second factor is on.' });
            void refresh();
          }}
        />
      )}
      {newCodes && <BackupCodes codes={newCodes} />}
      {hasPassword && !setup && (
        <Group gap="sm">
          {!hasTwoFactor && <Button onClick={() => setAsking('start')}>Set up</Button>}
          {hasTwoFactor && (
            <Button variant="default" onClick={() => setAsking('codes')}>
              New backup codes
            </Button>
          )}
          {hasTwoFactor && !mustHaveTwoFactor && (
            <Button variant="default" onClick={() => setAsking('off')}>
              Turn off
            </Button>
          )}
        </Group>
      )}
      {hasTwoFactor && mustHaveTwoFactor && (
        <Text size="sm" className="quiet">
          Your district wants it of its administrators, so it stays on.
        </Text>
      )}
      <PasswordDialog
        isOpen={asking === 'start'}
        title="Set up a second factor"
        confirmLabel="Continue"
        ask={(password) => callApi(startTwoFactor, { body: { password } })}
        onDone={(answer) => setSetup(answer)}
        onClose={close}
      />
      <PasswordDialog
        isOpen={asking === 'codes'}
        title="Make new backup codes"
        confirmLabel="Make new codes"
        ask={(password) => callApi(renewBackupCodes, { body: { password } })}
        onDone={({ backupCodes }) => setNewCodes(backupCodes)}
        onClose={close}
      />
      <PasswordDialog
        isOpen={asking === 'off'}
        title="Turn the second factor off"
        confirmLabel="Turn off"
        ask={(password) => callApi(turnTwoFactorOff, { body: { password } })}
        onDone={() => {
          setNewCodes(undefined);
          notify({ message: 'Your second factor is off.' });
          void refresh();
        }}
        onClose={close}
      />
    </Section>
  );
}

/** Account and session both say whether the second factor is there. */
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
    mutationFn: () => callApi(confirmTwoFactor, { body: { code } }),
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
          Scan this picture with an app of codes, such as Google Authenticator, Microsoft
          Authenticator or the password manager of your phone.
        </p>
        <QrPicture text={setup.uri} />
        <p className="quiet">
          Can&apos;t scan it? Enter this key: <code className="setup-key">{keyOf(setup.uri)}</code>
        </p>
      </li>
      <li>
        <BackupCodes codes={setup.backupCodes} />
      </li>
      <li>
        <form onSubmit={submit} className="account-form">
          {confirm.error && <Refusal error={confirm.error} />}
          <CodeField kind="app" value={code} onChange={setCode} />
          <Button type="submit" loading={confirm.isPending}>
            Turn on
          </Button>
        </form>
      </li>
    </ol>
  );
}

/** In groups of four, as people type it. */
const keyOf = (uri: string): string =>
  (new URL(uri).searchParams.get('secret') ?? '').replaceAll(/(.{4})(?=.)/g, '$1 ');

/** Dark on white in both colour schemes: cameras read no other. */
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
      aria-label="Picture with the key for the app of codes"
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
