/** The second step of signing in: a code of the app, or a backup code. */
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
            ? 'Open the app of codes on your phone and type the six digits that it shows.'
            : 'Type one of the backup codes that you kept. Each works once.'}
        </Text>
        <CodeField kind={kind} value={code} onChange={setCode} />
        <Checkbox
          label="Don't ask on this device for 30 days"
          checked={trustDevice}
          onChange={(event) => setTrustDevice(event.currentTarget.checked)}
        />
        <Button type="submit" loading={check.isPending} fullWidth>
          Sign in
        </Button>
        <button type="button" className="text-button quiet-link" onClick={change}>
          {kind === 'app' ? 'Use a backup code' : 'Use the app of codes'}
        </button>
        <button type="button" className="text-button quiet-link" onClick={onStartOver}>
          Begin again
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

/** Digits from the phone are offered by the keyboard. */
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
