/** Asks to sign in again without leaving the screen, so that nothing typed is lost. */
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

import { type Session, sessionApi } from '../../../src/contract/accounts/session.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { ApiError, callApi } from '../../api/api-client.ts';
import { Dialog, DialogFooter } from '../dialog.tsx';
import { useNotice } from '../notices.tsx';

/** How often this window checks whether the user has signed in again in another one. */
const pollMs = 2_000;

/**
 * Covers the screen when the session has ended. The user signs in in another window, so that every way of signing in
 * works. This window continues when the same user has signed in again.
 */
export function SessionEnded({ account }: Pick<Session, 'account'>) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotice();
  const [hasEnded, setEnded] = useState(false);
  useEffect(() => {
    const notice = (error: unknown) =>
      error instanceof ApiError && error.code === 'not-signed-in' && setEnded(true);
    const unsubscribeQueries = queries.getQueryCache().subscribe(({ query }) => {
      notice(query.state.error);
      if (query.queryKey[0] === 'session' && query.state.data === null) setEnded(true);
    });
    const unsubscribeMutations = queries
      .getMutationCache()
      .subscribe(({ mutation }) => notice(mutation?.state.error));
    return () => {
      unsubscribeQueries();
      unsubscribeMutations();
    };
  }, [queries]);
  useEffect(() => {
    if (!hasEnded) return undefined;
    const look = async () => {
      const session = await callApi(sessionApi.getSession, {}).catch(() => undefined);
      if (session === undefined) return;
      // Another user must not see these records or save these changes.
      if (session.account.email !== account.email) return globalThis.location.assign('/');
      queries.setQueryData(sessionQuery.queryKey, session);
      setEnded(false);
      notify({ message: 'Signed in again. If something couldn’t be saved, save it again.' });
      await queries.refetchQueries({ type: 'active' });
    };
    const timer = setInterval(() => void look(), pollMs);
    return () => clearInterval(timer);
  }, [hasEnded, account.email, queries, notify]);
  const leave = async () => {
    await navigate({ to: '/sign-in', search: { next: globalThis.location.pathname } });
    queries.clear();
  };
  return (
    <Dialog isOpen={hasEnded} title="Your session has ended" coversScreen>
      <div className="dialog-text">
        <p>
          What you typed is still here. Sign in again as {account.email} in a new window. This one
          continues automatically.
        </p>
      </div>
      <DialogFooter>
        <Button variant="default" onClick={() => void leave()}>
          Leave this page
        </Button>
        <Button component="a" href="/sign-in" target="_blank" rel="noopener">
          Sign in again
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
