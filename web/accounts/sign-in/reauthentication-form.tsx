/** Asks for password and code, or for the district's sign-in. */
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import { type Session, sessionApi } from '../../../src/contract/accounts/session.ts';
import { singleSignOnApi } from '../../../src/contract/accounts/single-sign-on.ts';
import { apiAddress, callApi } from '../../api/api-client.ts';
import { DialogFooter } from '../../shell/dialog.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { accountQuery } from '../account-queries.ts';
import { ErrorMessage } from '../entry-card.tsx';
import { PasswordField } from '../password-field.tsx';
import { CodeField } from './two-factor-form.tsx';

interface ReauthenticationFormProps {
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

export function ReauthenticationContent({
  session,
  ...form
}: ReauthenticationFormProps & { readonly session: Session }) {
  const { data: account, error, refetch } = useQuery(accountQuery);
  if (error && account === undefined) {
    return (
      <ProblemNotice
        title="Your account could not be loaded"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  if (account === undefined) return <output>Loading …</output>;
  if (account.hasPassword)
    return <ReauthenticationForm hasTwoFactor={account.hasTwoFactor} {...form} />;
  return <SignInAgain domain={session.district?.domain ?? ''} onCancel={form.onCancel} />;
}

function ReauthenticationForm({
  hasTwoFactor,
  onDone,
  onCancel,
}: ReauthenticationFormProps & { readonly hasTwoFactor: boolean }) {
  const [password, setPassword] = useState('');
  const [kind, setKind] = useState<'app' | 'backup'>('app');
  const [text, setText] = useState('');
  const prove = useMutation({
    mutationFn: () =>
      callApi(sessionApi.reauthenticate, {
        body: { password, ...(hasTwoFactor && { code: { kind, text } }) },
      }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    prove.mutate();
  };
  const change = () => {
    setKind(kind === 'app' ? 'backup' : 'app');
    setText('');
  };
  return (
    <form onSubmit={submit} className="dialog-form">
      <p>
        This change affects who has access, so please enter your password again. It is valid for
        five minutes.
      </p>
      {prove.error && <ErrorMessage error={prove.error} />}
      <PasswordField
        label="Your password"
        name="current-password"
        kind="current"
        value={password}
        onChange={setPassword}
      />
      {hasTwoFactor && (
        <>
          <CodeField kind={kind} value={text} onChange={setText} />
          <button type="button" className="text-button quiet-link" onClick={change}>
            {kind === 'app' ? 'Use a backup code' : 'Use the authenticator app'}
          </button>
        </>
      )}
      <DialogFooter>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={prove.isPending}>
          Confirm
        </Button>
      </DialogFooter>
    </form>
  );
}

/** Users without a password confirm with their district. */
function SignInAgain({
  domain,
  onCancel,
}: Pick<ReauthenticationFormProps, 'onCancel'> & { readonly domain: string }) {
  const { pathname, search } = globalThis.location;
  const address = apiAddress(
    singleSignOnApi.startSingleSignOn.path,
    {},
    { domain, fresh: 'true', next: pathname + search },
  );
  return (
    <div className="dialog-form">
      <p>
        This change affects who has access. Sign in again with your district. Then you return to
        this page and make the change again.
      </p>
      <DialogFooter>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button component="a" href={address}>
          Sign in with your district
        </Button>
      </DialogFooter>
    </div>
  );
}
