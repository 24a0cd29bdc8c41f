/** The dialog that asks for password and code again before sensitive changes. */
import { Skeleton } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';

import type { Session } from '../../../src/contract/accounts/session.ts';
import { ApiError } from '../../api/api-client.ts';
import { onReauthenticationRequired } from '../../api/reauthentication-request.ts';
import { Dialog } from '../../shell/dialog.tsx';

/** Most sessions never need it. */
const ReauthenticationContent = lazy(async () => ({
  default: (await import('./reauthentication-form.tsx')).ReauthenticationContent,
}));

/** Opens when a request needs recent authentication; the request is repeated afterwards. */
export function ReauthenticationDialog({ session }: { readonly session: Session }) {
  const [isOpen, setOpen] = useState(false);
  // Concurrent requests share one dialog.
  const waiting = useRef<PromiseWithResolvers<void>>(undefined);
  useEffect(
    () =>
      onReauthenticationRequired(async () => {
        waiting.current ??= Promise.withResolvers<void>();
        setOpen(true);
        return waiting.current.promise;
      }),
    [],
  );
  const settle = (error?: Error) => {
    setOpen(false);
    if (error === undefined) waiting.current?.resolve();
    else waiting.current?.reject(error);
    waiting.current = undefined;
  };
  const cancel = () =>
    settle(
      new ApiError(
        'reauthentication-required',
        'Nothing was changed, because you did not confirm your identity.',
        {
          advice: 'Try again when you have your password.',
        },
      ),
    );
  return (
    <Dialog isOpen={isOpen} title="Confirm that it’s you" onClose={cancel}>
      <Suspense fallback={<Skeleton height={120} radius="md" />}>
        <ReauthenticationContent session={session} onDone={() => settle()} onCancel={cancel} />
      </Suspense>
    </Dialog>
  );
}
