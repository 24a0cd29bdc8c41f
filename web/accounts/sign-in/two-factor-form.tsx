/** Two-step verification: a code of the authenticator app, or a backup code. */
import { Button, Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import { type Session, sessionApi } from '../../../src/contract/accounts/session.ts';
import { callApi } from '../../api/api-client.ts';
import { ErrorMessage } from '../entry-card.tsx';

interface TwoFactorFormProps {
  readonly onEnter: (session: Session) => void;
  readonly onStartOver: () => void;
}

export function TwoFactorForm({ onEnter, onStartOver }: TwoFactorFormProps) {
  const [kind, setKind] = useState<'app' | 'backup'>('app');
  const [code, setCode] = useState('');
  const [trustDevice, setTrustDevice] = useState(false);
  const check = useMutation({
    mutationFn: () => callApi(sessionApi.verifyTwoFactor, { body: { code, kind, trustDevice } }),
    onSuccess: onEnter,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    check.mutate();
  };
  const change = () => {
    setKind(kind === 'app' ? 'backup' : 'app');
    setCode('');
    check.reset();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {check.error && <ErrorMessage error={check.error} />}
        <Text size="sm">
          {kind === 'app'
            ? 'Open the authenticator app on your phone and enter the six digits.'
            : 'Enter one of your backup codes. Each works once.'}
        </Text>
        <CodeField kind={kind} value={code} onChange={setCode} />
        <Checkbox
          label="Don’t ask on this device for 30 days"
          checked={trustDevice}
          onChange={(event) => setTrustDevice(event.currentTarget.checked)}
        />
        <Button type="submit" loading={check.isPending} fullWidth>
          Sign in
        </Button>
        <button type="button" className="text-button quiet-link" onClick={change}>
          {kind === 'app' ? 'Use a backup code' : 'Use the authenticator app'}
        </button>
        <button type="button" className="text-button quiet-link" onClick={onStartOver}>
          Start over
        </button>
      </Stack>
    </form>
  );
}

interface CodeFieldProps {
  readonly kind: 'app' | 'backup';
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A field for a code; phone keyboards offer received codes. */
export function CodeField({ kind, value, onChange }: CodeFieldProps) {
  return (
    <TextInput
      key={kind}
      label={kind === 'app' ? 'Code' : 'Backup code'}
      name="code"
      autoComplete="one-time-code"
      inputMode={kind === 'app' ? 'numeric' : 'text'}
      maxLength={kind === 'app' ? 6 : 20}
      className="code-field"
      required
      withAsterisk={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
    />
  );
}
